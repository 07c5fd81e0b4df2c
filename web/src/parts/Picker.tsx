/* Choosing a record by typing: the server searches, the keyboard chooses. */
import { Combobox, InputBase, Loader, Pill, PillsInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, type Ref, useState } from 'react';
import { Link } from 'react-router';
import { type MetaType, useType } from '@/api/meta';
import { type Params, type Row, textOf, usePage, useRow } from '@/api/records';
import { useMay } from '@/api/session';
import { t } from '@/text/t';
import { lower, nameOf, pluralOf } from '@/text/words';
import { useHurry } from './hurry';
import { IconX } from './icons';
import css from './Picker.module.css';
import { useLabel } from './Value';
import { why } from './why';

interface Common {
  type: string;
  label: string;
  filter?: Params;
  description?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  disabled?: boolean;
  placeholder?: string;
  inputRef?: Ref<HTMLInputElement>;
  hideLabel?: boolean;
}

/* The second line of an option: what tells it from its namesakes. */
export function hintOf(type: MetaType, row: Row): string {
  const names = ['number', 'serial_number', 'code', 'email', 'type', 'tier', 'title'];
  const label = textOf(row, type.label_field);
  return names.map((name) => textOf(row, name)).filter((text) => text && text !== label).slice(0, 2).join(' · ');
}

/* `current`: they are those of what is typed, not of what was typed before. */
function useOptions(type: MetaType, typed: string, filter: Params, open: boolean) {
  const [q] = useDebouncedValue(typed.trim(), 90);
  const params: Params = { limit: '8', ...filter };
  if (q && type.search.length > 0) params.q = q;
  const { data, error, isFetching } = usePage(type.plural ?? '', params, open);
  return { rows: data?.data ?? [], error, none: data?.data.length === 0 && q === '' && Object.keys(filter).length === 0, busy: isFetching, current: q === typed.trim() && !isFetching };
}

/* There is nothing to choose from: the way to make it. What the form has is kept meanwhile. */
function None({ type }: { type: MetaType }) {
  const may = useMay();
  return (
    <>
      {t('list.empty', { name: lower(pluralOf(type)) })}
      {type.creatable && may(type.permissions.create) && (
        <> · <Link className="link" to={`/${type.plural}/new`} onMouseDown={(event) => event.preventDefault()}>{t('list.new', { name: lower(nameOf(type)) })}</Link></>
      )}
    </>
  );
}

function Options({ type, rows, busy, error, none, name }: { type: MetaType; rows: Row[]; busy: boolean; error: unknown; none: boolean; name: string }) {
  const label = useLabel();
  return (
    <Combobox.Options mah={280} className={css.options} aria-label={name} tabIndex={-1}>
      {rows.map((row) => (
        <Combobox.Option key={row.id} value={row.id}>
          <span className={css.name}>{label(row)}</span>
          <span className={css.hint}>{hintOf(type, row)}</span>
        </Combobox.Option>
      ))}
      {rows.length === 0 && <Combobox.Empty>{busy ? t('picker.loading') : error ? why(error) : none ? <None type={type} /> : t('picker.nothing')}</Combobox.Empty>}
    </Combobox.Options>
  );
}

export function Picker({ value, onChange, filter = {}, ...more }: Common & {
  value: string | null;
  onChange: (id: string | null, row: Row | null) => void;
}) {
  const type = useType(more.type);
  const label = useLabel();
  const [typed, setTyped] = useState<string | null>(null);
  const combobox = useCombobox({ onDropdownClose: () => { combobox.resetSelectedOption(); setTyped(null); hurry.forget(); } });
  const chosen = useRow(type.plural ?? '', value);
  const found = useOptions(type, typed ?? '', filter, combobox.dropdownOpened);
  const { rows } = found;
  const shown = value === null ? '' : chosen.data ? label(chosen.data) : value;
  const choose = (id: string) => {
    onChange(id, rows.find((row) => row.id === id) ?? null);
    combobox.closeDropdown();
  };
  const hurry = useHurry(found.current, () => {
    if (rows[0]) choose(rows[0].id);
    else if (document.activeElement !== combobox.targetRef.current) combobox.closeDropdown();
    return rows.length > 0;
  });
  return (
    <Combobox store={combobox} onOptionSubmit={choose} disabled={more.disabled} withinPortal={more.hideLabel ?? false}>
      <Combobox.Target>
        <InputBase
          ref={more.inputRef}
          label={more.hideLabel ? undefined : more.label}
          aria-label={more.hideLabel ? more.label : undefined}
          description={more.description}
          error={more.error}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          withAsterisk={more.required}
          disabled={more.disabled}
          placeholder={more.placeholder ?? t('picker.placeholder')}
          value={typed ?? shown}
          autoComplete="off"
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => { if (!hurry.waits) combobox.closeDropdown(); }}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            hurry.forget();
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && typed?.trim() && combobox.getSelectedOptionIndex() < 0) {
              event.preventDefault();
              hurry.enter();
            }
          }}
          rightSectionPointerEvents="all"
          rightSection={
            found.busy && typed !== null ? <Loader size={14} aria-label={t('picker.loading')} />
            : value !== null && !more.disabled ? (
              <button
                type="button"
                className={css.clear}
                tabIndex={-1}
                aria-label={t('picker.clear', { name: more.label })}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => { setTyped(null); onChange(null, null); }}
              >
                <IconX size={14} aria-hidden />
              </button>
            ) : null
          }
        />
      </Combobox.Target>
      <Combobox.Dropdown><Options type={type} rows={rows} busy={found.busy} error={found.error} none={found.none} name={more.label} /></Combobox.Dropdown>
    </Combobox>
  );
}

function Chosen({ type, id, onRemove }: { type: MetaType; id: string; onRemove: () => void }) {
  const label = useLabel();
  const { data } = useRow(type.plural ?? '', id);
  const text = data ? label(data) : id;
  return (
    <Pill withRemoveButton onRemove={onRemove} removeButtonProps={{ 'aria-label': t('picker.clear', { name: text }) }}>
      {text}
    </Pill>
  );
}

export function ManyPicker({ value, onChange, filter = {}, ...more }: Common & {
  value: string[];
  onChange: (ids: string[]) => void;
}) {
  const type = useType(more.type);
  const [typed, setTyped] = useState('');
  const combobox = useCombobox({ onDropdownClose: () => hurry.forget() });
  const found = useOptions(type, typed, filter, combobox.dropdownOpened);
  const rows = found.rows.filter((row) => !value.includes(row.id));
  const add = (id: string) => { onChange([...value, id]); setTyped(''); };
  const hurry = useHurry(found.current, () => {
    if (rows[0]) add(rows[0].id);
    if (document.activeElement !== combobox.searchRef.current) combobox.closeDropdown();
    return rows.length > 0;
  });
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={add}
      disabled={more.disabled}
    >
      <Combobox.DropdownTarget>
        <PillsInput label={more.label} inputWrapperOrder={['label', 'input', 'description', 'error']} description={more.description} error={more.error} disabled={more.disabled}>
          <Pill.Group>
            {value.map((id) => (
              <Chosen key={id} type={type} id={id} onRemove={() => onChange(value.filter((one) => one !== id))} />
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                aria-label={more.label}
                value={typed}
                disabled={more.disabled}
                placeholder={value.length === 0 ? t('picker.placeholder') : undefined}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => { if (!hurry.waits) combobox.closeDropdown(); }}
                onChange={(event) => { setTyped(event.currentTarget.value); hurry.forget(); combobox.openDropdown(); }}
                onKeyDown={(event) => {
                  if (event.key === 'Backspace' && typed === '') onChange(value.slice(0, -1));
                  if (event.key === 'Enter' && typed.trim() && combobox.getSelectedOptionIndex() < 0) {
                    event.preventDefault();
                    hurry.enter();
                  }
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown><Options type={type} rows={rows} busy={found.busy} error={found.error} none={found.none} name={more.label} /></Combobox.Dropdown>
    </Combobox>
  );
}
