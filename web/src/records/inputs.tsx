/* An input for each kind of field; the value is what the API takes. */
import { Button, Checkbox, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react';
import type { MetaField } from '@/api/meta';
import type { Json, Params } from '@/api/records';
import { useSession } from '@/api/session';
import { IconPlus, IconTrash } from '@/parts/icons';
import { NumberField } from '@/parts/NumberField';
import { ManyPicker, Picker } from '@/parts/Picker';
import { Bars } from '@/parts/States';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './inputs.module.css';

export interface InputProps {
  field: MetaField;
  value: Json | undefined;
  onChange: (value: Json) => void;
  form: Record<string, Json | undefined>; /* its other values: a contact is one of the account's */
  error?: ReactNode;
  locked?: boolean;
  bare?: boolean; /* in a table: the head has the label */
}

const long = 400;
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'AUD', 'CAD', 'INR', 'BRL'];

/* References that belong to an account are searched within the one of the form. */
function filterFor(field: MetaField, form: InputProps['form']): Params {
  const owned = new Set(['contact', 'asset', 'entitlement', 'case', 'contract']);
  const account = form.account_id;
  return typeof account === 'string' && owned.has(field.target ?? '') ? { account_id: account } : {};
}

/* Without it there is no record. */
function isNeeded(field: MetaField): boolean {
  return field.rule === 'required' || (field.rule === 'fixed' && !field.nullable);
}

function labels({ field, error, bare }: InputProps) {
  return {
    label: bare ? undefined : field.label,
    'aria-label': bare ? field.label : undefined,
    description: bare || field.kind === 'bool' || field.meaning === field.label ? undefined : field.meaning,
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
    withAsterisk: !bare && isNeeded(field),
    error,
  };
}

/* "2026-07-01T09:00:00Z" for an input in local time, and back. */
function toLocal(at: string): string {
  const date = new Date(at);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return Number.isNaN(date.getTime()) ? '' : shifted.toISOString().slice(0, 16);
}

/* One line, however long. */
function isLine(field: MetaField): boolean {
  return field.name === 'url';
}

function textInput(props: InputProps): ReactNode {
  const { field, value, onChange, locked } = props;
  const shown = typeof value === 'string' ? value : '';
  const set = (text: string) => onChange(text === '' ? null : text);
  if (field.name === 'time_zone') {
    return <Select {...labels(props)} searchable clearable disabled={locked} value={shown || null} onChange={onChange} data={zones} limit={50} />;
  }
  if (field.limit > long && !isLine(field)) {
    return <Textarea {...labels(props)} autosize minRows={3} maxRows={12} disabled={locked} value={shown} onChange={(event) => set(event.currentTarget.value)} />;
  }
  return (
    <TextInput {...labels(props)} disabled={locked} value={shown} maxLength={field.limit > 0 ? field.limit : undefined} autoComplete="off"
      type={field.rule === 'write' ? 'password' : field.name === 'email' ? 'email' : field.name === 'url' ? 'url' : 'text'} onChange={(event) => set(event.currentTarget.value)} />
  );
}

function Channel(props: InputProps) {
  const { channels } = useSession();
  if (channels.length === 0) return textInput(props);
  const { value, onChange, locked } = props;
  return <Select {...labels(props)} clearable disabled={locked} value={typeof value === 'string' ? value : null} onChange={onChange}
    data={channels.map((channel) => ({ value: channel, label: humanize(channel) }))} />;
}

function Duration(props: InputProps) {
  const { value, onChange, locked, field } = props;
  const match = /^P(\d+)([DWMY])$/.exec(typeof value === 'string' ? value : '');
  const [chosen, setChosen] = useState('M'); /* also before there is a number */
  const unit = match?.[2] ?? chosen;
  if (typeof value === 'string' && value !== '' && !match) return textInput(props);
  const set = (count: string | number | null, letter: string) => onChange(count === '' || count === null ? null : `P${count}${letter}`);
  return (
    <div className={css.pair}>
      <NumberField {...labels(props)} min={0} disabled={locked} value={match ? Number(match[1]) : null} onChange={(count) => set(count, unit)} />
      <Select aria-label={`${field.label}: ${t('form.unit')}`} allowDeselect={false} disabled={locked} value={unit} onChange={(letter) => { setChosen(letter ?? unit); set(match?.[1] ?? '', letter ?? unit); }}
        data={[{ value: 'D', label: t('form.days') }, { value: 'W', label: t('form.weeks') }, { value: 'M', label: t('form.months') }, { value: 'Y', label: t('form.years') }]} />
    </div>
  );
}

function Money(props: InputProps) {
  const { value, onChange, locked, field } = props;
  const now = (value ?? null) as { amount: string; currency: string } | null;
  const currency = now?.currency ?? (typeof props.form.currency === 'string' ? props.form.currency : 'EUR');
  return (
    <div className={css.pair}>
      <TextInput {...labels(props)} inputMode="decimal" disabled={locked} value={now?.amount ?? ''}
        onChange={(event) => onChange(event.currentTarget.value === '' ? null : { amount: event.currentTarget.value, currency })} />
      <Select aria-label={`${field.label}: ${t('form.currency')}`} searchable allowDeselect={false} disabled={locked || now === null} value={currency}
        data={currencies.includes(currency) ? currencies : [currency, ...currencies]} onChange={(one) => now && onChange({ ...now, currency: one ?? currency })} />
    </div>
  );
}

/* What is typed, which is not always a value yet. It follows the value where that comes from elsewhere: the draft was
 * discarded, or somebody else saved. */
function useTyped<T>({ value, onChange }: InputProps, read: (value: Json | undefined) => T): [T, (typed: T, ...next: Json[]) => void] {
  const [known, setKnown] = useState(value);
  const [typed, setTyped] = useState(() => read(value));
  if (value !== known) {
    setKnown(value);
    setTyped(read(value));
  }
  return [typed, (now, ...next) => {
    setTyped(now);
    if (next.length === 0) return;
    setKnown(next[0]);
    onChange(next[0]!);
  }];
}

/* Undefined where it is no JSON. */
function parsed(text: string): Json | undefined {
  try {
    return text.trim() === '' ? null : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

function AsJson(props: InputProps) {
  const [text, setText] = useTyped(props, (value) => (value == null ? '' : JSON.stringify(value, null, 2)));
  const bad = parsed(text) === undefined;
  const set = (next: string) => {
    const value = parsed(next);
    setText(next, ...(value === undefined ? [] : [value]));
  };
  return <Textarea {...labels(props)} data-unread={bad || undefined} error={bad ? t('form.bad_json') : props.error} autosize minRows={3} maxRows={16} disabled={props.locked}
    classNames={{ input: css.code }} value={text} onChange={(event) => set(event.currentTarget.value)} />;
}

/* Is there something that cannot be sent, since it is no value yet? It gets the focus. */
export function isUnread(form: HTMLElement | null): boolean {
  const unread = form?.querySelector<HTMLElement>('[data-unread]');
  unread?.focus();
  return unread != null;
}

/* Texts by name. */
function Pairs(props: InputProps) {
  const { field, locked, error } = props;
  const [rows, setRows] = useTyped(props, (value) => Object.entries((value ?? {}) as Record<string, string>));
  const set = (next: [string, string][]) => setRows(next, Object.fromEntries(next.filter(([name]) => name !== '')));
  return (
    <fieldset className={css.rows}>
      <legend>{field.label}</legend>
      {rows.map(([name, text], i) => (
        <div key={i} className={css.pair_row}>
          <TextInput aria-label={t('form.key')} placeholder={t('form.key')} disabled={locked} value={name}
            onChange={(event) => set(rows.map((row, n) => (n === i ? [event.currentTarget.value, row[1]] : row)))} />
          <TextInput aria-label={t('form.value')} placeholder={t('form.value')} disabled={locked} value={text}
            onChange={(event) => set(rows.map((row, n) => (n === i ? [row[0], event.currentTarget.value] : row)))} />
          <Remove number={i + 1} onClick={() => set(rows.filter((_, n) => n !== i))} />
        </div>
      ))}
      {error && <p className={css.error}>{error}</p>}
      <AddRow onClick={() => set([...rows, ['', '']])} />
    </fieldset>
  );
}

function Remove({ number, onClick }: { number: number; onClick: () => void }) {
  return <button type="button" className={css.remove} aria-label={t('form.remove_row', { number })} onClick={onClick}><IconTrash size={15} aria-hidden /></button>;
}

function AddRow({ onClick }: { onClick: () => void }) {
  return <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={onClick}>{t('form.add_row')}</Button>;
}

/* Rows of another description, as a small editable table. */
function Children({ field, value, onChange, locked, form, error }: InputProps) {
  const rows = (Array.isArray(value) ? value : []) as Record<string, Json>[];
  const fields = (field.child ?? []).filter((one) => one.rule === 'optional' || one.rule === 'required');
  return (
    <fieldset className={css.rows}>
      <legend>{field.label}</legend>
      {field.meaning !== field.label && <p className={css.meaning}>{field.meaning}</p>}
      {rows.length > 0 && (
        <div className={css.scroll}>
          <table>
            <thead><tr>{fields.map((one) => <th key={one.name} scope="col">{one.label}</th>)}<th><span className="visually-hidden">{t('record.delete')}</span></th></tr></thead>
            <tbody>
              {rows.map((row, i) => (
                <tr key={String(row.id ?? i)}>
                  {fields.map((one) => (
                    <td key={one.name}>
                      <FieldInput bare field={one} value={row[one.name]} locked={locked} form={{ ...form, ...row, account_id: form.account_id }}
                        onChange={(next) => onChange(rows.map((old, n) => (n === i ? { ...old, [one.name]: next } : old)))} />
                    </td>
                  ))}
                  <td><Remove number={i + 1} onClick={() => onChange(rows.filter((_, n) => n !== i))} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {error && <p className={css.error}>{error}</p>}
      {!locked && <AddRow onClick={() => onChange([...rows, {}])} />}
    </fieldset>
  );
}

/* Inputs of single fields, made by hand. */
const handMade: Record<string, ComponentType<InputProps>> = {
  event_types: lazy(() => import('@/admin/EventTypes')),
  scopes: lazy(() => import('@/admin/Scopes')),
  role: lazy(() => import('@/admin/RoleInput')),
  channel: Channel,
};
const wide = new Set(['children', 'map', 'json', 'ids']);

/* Does it take the whole width of a form? */
export function isWide(field: MetaField): boolean {
  return wide.has(field.kind) || (field.kind === 'text' && field.limit > long) || ['event_types', 'scopes'].includes(field.name);
}

export function FieldInput(props: InputProps): ReactNode {
  const { field, value, onChange, locked, form } = props;
  const Made = handMade[field.name];
  if (Made && !props.bare) return <Suspense fallback={<Bars count={field.name === 'role' ? 2 : 18} />}><Made {...props} /></Suspense>;
  switch (field.kind) {
    case 'bool':
      return <Checkbox size="sm" label={field.label} description={field.meaning} checked={value === true} disabled={locked} error={props.error}
        classNames={{ root: css.check }} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'int':
    case 'count':
      return <NumberField {...labels(props)} disabled={locked} min={field.kind === 'count' ? 0 : undefined} value={typeof value === 'number' ? value : null} onChange={onChange} />;
    case 'enum':
      return <Select {...labels(props)} clearable={field.rule !== 'required' && field.nullable} allowDeselect={false} disabled={locked}
        value={typeof value === 'string' ? value : null} onChange={onChange} data={field.values.map((word) => ({ value: word, label: humanize(word) }))} />;
    case 'date':
      return <TextInput {...labels(props)} type="date" disabled={locked} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.currentTarget.value || null)} />;
    case 'instant':
      return <TextInput {...labels(props)} type="datetime-local" disabled={locked} value={typeof value === 'string' ? toLocal(value) : ''}
        onChange={(event) => onChange(event.currentTarget.value ? new Date(event.currentTarget.value).toISOString() : null)} />;
    case 'id':
      return field.target && field.target_plural
        ? <Picker type={field.target} label={field.label} hideLabel={props.bare} value={typeof value === 'string' ? value : null} required={!props.bare && isNeeded(field)}
            filter={filterFor(field, form)} disabled={locked} error={props.error} description={props.bare ? undefined : field.meaning === field.label ? undefined : field.meaning}
            placeholder={props.bare ? t('ent.any') : undefined} onChange={(id) => onChange(id)} />
        : textInput(props);
    case 'ids':
      return <ManyPicker type={field.target!} label={field.label} description={field.meaning} value={Array.isArray(value) ? (value as string[]) : []}
        filter={filterFor(field, form)} disabled={locked} error={props.error} onChange={onChange} />;
    case 'words':
      return <TagsInput {...labels(props)} disabled={locked} value={Array.isArray(value) ? (value as string[]) : []} onChange={onChange} placeholder={t('form.words_hint')} />;
    case 'duration': return <Duration {...props} />;
    case 'money': return <Money {...props} />;
    case 'map': return <Pairs {...props} />;
    case 'json': return field.name === 'week' && (value == null || typeof value === 'string') ? textInput({ ...props, field: { ...field, limit: 0 } }) : <AsJson {...props} />;
    case 'children': return <Children {...props} />;
    default: return field.name === 'channel' ? <Channel {...props} /> : textInput(props);
  }
}
