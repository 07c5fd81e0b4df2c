/* One field for whoever calls: a person, a company or a serial number. */
import { Combobox, InputBase, Loader, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type Ref, useState } from 'react';
import { useMeta } from '@/api/meta';
import { type Row, rowOf, textOf, usePage } from '@/api/records';
import { IconBuilding, IconDeviceLaptop, IconSearch, IconUser } from '@/parts/icons';
import picker from '@/parts/Picker.module.css';
import { t } from '@/text/t';
import { pluralOf } from '@/text/words';
import css from './Desk.module.css';

const kinds = [
  { type: 'contact', plural: 'contacts', icon: IconUser, hint: 'email', limit: '5' },
  { type: 'account', plural: 'accounts', icon: IconBuilding, hint: 'number', limit: '4' },
  { type: 'asset', plural: 'assets', icon: IconDeviceLaptop, hint: 'serial_number', limit: '4' },
] as const;

function useFound(typed: string) {
  const [q] = useDebouncedValue(typed.trim(), 60);
  const asked = q.length > 1;
  const contacts = usePage('contacts', { q, limit: '5', expand: 'account' }, asked);
  const accounts = usePage('accounts', { q, limit: '4' }, asked);
  const assets = usePage('assets', { q, limit: '4', expand: 'account' }, asked);
  const pages = [contacts, accounts, assets];
  return {
    busy: pages.some((page) => page.isFetching),
    groups: kinds.map((kind, i) => ({ ...kind, rows: asked ? (pages[i]!.data?.data ?? []) : [] })),
  };
}

export function WhoSearch({ onChoose, inputRef }: { onChoose: (row: Row) => void; inputRef: Ref<HTMLInputElement> }) {
  const meta = useMeta();
  const [typed, setTyped] = useState('');
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const { busy, groups } = useFound(typed);
  const rows = groups.flatMap((group) => group.rows);
  const choose = (id: string | undefined) => {
    const row = rows.find((one) => one.id === id);
    if (!row) return;
    setTyped('');
    combobox.closeDropdown();
    onChoose(row);
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal={false}>
      <Combobox.Target>
        <InputBase
          ref={inputRef}
          size="md"
          label={t('desk.who')}
          placeholder={t('desk.who_placeholder')}
          leftSection={<IconSearch size={16} />}
          rightSection={busy ? <Loader size={14} aria-label={t('picker.loading')} /> : null}
          autoComplete="off"
          autoFocus
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => { if (typed) combobox.openDropdown(); }}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && combobox.getSelectedOptionIndex() < 0) {
              event.preventDefault();
              choose(rows[0]?.id);
            }
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={typed.trim().length < 2}>
        <Combobox.Options mah={560} className={picker.options} aria-label={t('desk.who')} tabIndex={-1}>
          {groups.filter((group) => group.rows.length > 0).map(({ type, icon: Shown, hint, rows: found }) => (
            <Combobox.Group key={type} label={pluralOf(meta.type(type)!)}>
              {found.map((row) => (
                <Combobox.Option key={row.id} value={row.id}>
                  <span className={css.found}>
                    <Shown size={15} aria-hidden />
                    <span>{textOf(row, 'name')}</span>
                  </span>
                  <span className={picker.hint}>{[textOf(row, hint), textOf(rowOf(row, 'account'), 'name')].filter(Boolean).join(' · ')}</span>
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {rows.length === 0 && <Combobox.Empty>{busy ? t('picker.loading') : t('picker.nothing')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
