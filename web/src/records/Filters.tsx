/* Filters as chips; each is a field, a condition and a value that the server understands. */
import { Button, Checkbox, Popover, Select, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { fieldNamed, type MetaField, type MetaType } from '@/api/meta';
import { useRow } from '@/api/records';
import { IconFilter, IconSearch, IconX } from '@/parts/icons';
import { Picker } from '@/parts/Picker';
import { useLabel } from '@/parts/Value';
import { day, instant } from '@/text/format';
import { isKey, t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './Filters.module.css';
import type { Filter } from './listState';

function isTime(field: MetaField): boolean {
  return field.kind === 'date' || field.kind === 'instant';
}

function opText(field: MetaField, op: string): string {
  const timely = `op.date_${op}`;
  if (isTime(field) && isKey(timely)) return t(timely);
  const key = `op.${op}`;
  return isKey(key) ? t(key) : op;
}

function valueShown(field: MetaField, value: string): string {
  if (field.kind === 'enum') return value.split(',').map(humanize).join(', ');
  if (field.kind === 'bool') return value === 'true' ? t('value.yes') : t('value.no');
  if (field.kind === 'date' && /^\d{4}-\d\d-\d\d$/.test(value)) return day(value);
  if (field.kind === 'instant' && !Number.isNaN(Date.parse(value))) return instant(value);
  return value;
}

function NameOf({ field, id }: { field: MetaField; id: string }) {
  const label = useLabel();
  const { data } = useRow(field.target_plural ?? '', id);
  return <>{data ? label(data) : id}</>;
}

function ChipText({ field, filter }: { field: MetaField; filter: Filter }) {
  if (filter.op === 'null') {
    return <>{field.label} <b>{filter.value === 'true' ? t('list.is_empty') : t('list.is_not_empty')}</b></>;
  }
  const isOne = field.target_plural !== null && (filter.op === 'eq' || filter.op === 'ne');
  return (
    <>
      {field.label} {opText(field, filter.op)}{' '}
      <b>{isOne ? <NameOf field={field} id={filter.value} /> : valueShown(field, filter.value)}</b>
    </>
  );
}

function opsFor(field: MetaField): string[] {
  const wanted = {
    enum: ['in', 'not_in'], id: ['eq', 'ne', 'null'], bool: ['eq'], text: ['contains', 'eq', 'starts_with', 'ne', 'null'],
    date: ['gte', 'lte', 'eq', 'null'], instant: ['gte', 'lt', 'null'], ids: ['contains', 'null'], words: ['contains'],
  }[field.kind as string] ?? ['gte', 'lte', 'eq', 'ne', 'null'];
  return wanted.filter((op) => field.ops.includes(op));
}

function ValueInput({ field, op, value, onChange }: {
  field: MetaField;
  op: string;
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  if (op === 'null' || field.kind === 'bool') {
    const words: [string, string] = op === 'null' ? [t('list.is_empty'), t('list.is_not_empty')] : [t('value.yes'), t('value.no')];
    return <Select aria-label={t('op.value')} allowDeselect={false} value={value || 'true'} onChange={(one) => onChange(one ?? 'true')}
      comboboxProps={{ withinPortal: false }} data={[{ value: 'true', label: words[0] }, { value: 'false', label: words[1] }]} />;
  }
  if (field.kind === 'enum') {
    const chosen = value ? value.split(',') : [];
    return (
      <Checkbox.Group aria-label={t('op.value')} value={chosen} onChange={(all) => onChange(all.join(','))}>
        <div className={css.words}>
          {field.values.map((word) => <Checkbox key={word} size="xs" value={word} label={humanize(word)} />)}
        </div>
      </Checkbox.Group>
    );
  }
  if (field.target && (field.kind === 'id' || field.kind === 'ids')) {
    return <Picker type={field.target} label={field.label} hideLabel value={value || null} onChange={(id) => onChange(id ?? '')} />;
  }
  const type = isTime(field) ? 'date' : ['int', 'count'].includes(field.kind) ? 'number' : 'text';
  return <TextInput aria-label={t('op.value')} type={type} value={value.slice(0, type === 'date' ? 10 : undefined)} data-autofocus
    onChange={(event) => onChange(event.currentTarget.value)} />;
}

/* Days are days of the server's zone for instants, which are UTC. */
function sent(field: MetaField, value: string): string {
  return field.kind === 'instant' && /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value;
}

function Editor({ field, filter, onDone }: { field: MetaField; filter: Filter | null; onDone: (filter: Filter) => void }) {
  const ops = opsFor(field);
  const first = filter && ops.includes(filter.op) ? filter.op : filter?.op === 'eq' && ops.includes('in') ? 'in' : (ops[0] ?? 'eq');
  const [op, setOp] = useState(first);
  const [value, setValue] = useState(filter?.value ?? '');
  const given = op === 'null' || field.kind === 'bool' ? value || 'true' : value.trim();
  return (
    <form
      className={css.editor}
      onSubmit={(event) => { event.preventDefault(); if (given) onDone({ field: field.name, op, value: sent(field, given) }); }}
    >
      <p className={css.field}>{field.label}</p>
      {ops.length > 1 && (
        <Select aria-label={t('op.label')} allowDeselect={false} value={op} onChange={(one) => { setOp(one ?? op); setValue(''); }}
          comboboxProps={{ withinPortal: false }} data={ops.map((one) => ({ value: one, label: opText(field, one) }))} />
      )}
      <ValueInput field={field} op={op} value={value} onChange={setValue} />
      <Button type="submit" size="xs" disabled={!given}>{t('list.apply')}</Button>
    </form>
  );
}

function Chip({ field, filter, onChange, onRemove }: {
  field: MetaField;
  filter: Filter;
  onChange: (filter: Filter) => void;
  onRemove: () => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <span className={css.chip}>
      <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus withinPortal>
        <Popover.Target>
          <button type="button" onClick={() => setOpen(!open)}><ChipText field={field} filter={filter} /></button>
        </Popover.Target>
        <Popover.Dropdown aria-label={field.label}>
          <Editor field={field} filter={filter} onDone={(next) => { setOpen(false); onChange(next); }} />
        </Popover.Dropdown>
      </Popover>
      <button type="button" className={css.remove} aria-label={t('list.remove_filter', { name: field.label })} onClick={onRemove}>
        <IconX size={13} aria-hidden />
      </button>
    </span>
  );
}

function Add({ type, onAdd }: { type: MetaType; onAdd: (filter: Filter) => void }) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [field, setField] = useState<MetaField | null>(null);
  const close = () => { setOpen(false); setField(null); setTyped(''); };
  const fields = type.fields
    .filter((one) => one.filterable && one.ops.length > 0 && opsFor(one).length > 0)
    .filter((one) => one.label.toLowerCase().includes(typed.toLowerCase()))
    .sort((a, b) => Number(b.show === 'list') - Number(a.show === 'list'));
  return (
    <Popover opened={open} onChange={(now) => (now ? setOpen(true) : close())} position="bottom-start" trapFocus withinPortal>
      <Popover.Target>
        <Button variant="subtle" color="gray" size="xs" className={css.add} leftSection={<IconFilter size={15} />} onClick={() => setOpen(!open)}>
          {t('list.filter')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label={t('list.filter_by')}>
        {field ? (
          <Editor field={field} filter={null} onDone={(filter) => { close(); onAdd(filter); }} />
        ) : (
          <div className={css.fields}>
            <TextInput aria-label={t('list.find_field')} placeholder={t('list.find_field')} value={typed} data-autofocus
              leftSection={<IconSearch size={14} />} onChange={(event) => setTyped(event.currentTarget.value)} />
            <ul>
              {fields.map((one) => (
                <li key={one.name}><button type="button" onClick={() => setField(one)}>{one.label}</button></li>
              ))}
            </ul>
          </div>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

export function Filters({ type, filters, onChange }: { type: MetaType; filters: Filter[]; onChange: (filters: Filter[]) => void }) {
  return (
    <div className={css.filters}>
      {filters.map((filter, i) => {
        const field = fieldNamed(type, filter.field);
        if (!field) return null;
        return (
          <Chip
            key={`${filter.field}${filter.op}`}
            field={field}
            filter={filter}
            onChange={(next) => onChange(filters.map((one, n) => (n === i ? next : one)))}
            onRemove={() => onChange(filters.filter((_, n) => n !== i))}
          />
        );
      })}
      <Add type={type} onAdd={(filter) => onChange([...filters, filter])} />
    </div>
  );
}
