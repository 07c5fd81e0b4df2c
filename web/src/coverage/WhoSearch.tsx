/* One field for whoever calls: a person, a company or a serial number. */
import { Combobox, InputBase, Loader, useCombobox } from '@mantine/core';
import { type Ref, useEffect, useState } from 'react';
import { useMeta } from '@/api/meta';
import { type Row, rowOf, textOf, usePage } from '@/api/records';
import { IconBuilding, IconDeviceLaptop, IconSearch, IconUser } from '@/parts/icons';
import { useHurry } from '@/parts/hurry';
import picker from '@/parts/Picker.module.css';
import { why } from '@/parts/why';
import { t } from '@/text/t';
import { pluralOf } from '@/text/words';
import css from './Desk.module.css';

const kinds = [
  { type: 'contact', plural: 'contacts', icon: IconUser, hint: 'email', limit: '5' },
  { type: 'account', plural: 'accounts', icon: IconBuilding, hint: 'number', limit: '4' },
  { type: 'asset', plural: 'assets', icon: IconDeviceLaptop, hint: 'serial_number', limit: '4' },
] as const;

/* What is typed is asked for at once, and while an answer is under way only the newest waits: nobody
 * waits for a timer, and the server for no question that is over. `first` is known when those before it have answered. */
function useFound(typed: string) {
  const wanted = typed.trim();
  const [q, ask] = useState(wanted);
  const asked = q.length > 1;
  const contacts = usePage('contacts', { q, limit: '5', expand: 'account' }, asked);
  const accounts = usePage('accounts', { q, limit: '4' }, asked);
  const assets = usePage('assets', { q, limit: '4', expand: 'account' }, asked);
  const pages = [contacts, accounts, assets];
  const fetching = pages.some((page) => page.isFetching);
  useEffect(() => { if (!fetching) ask(wanted); }, [fetching, wanted]);
  const groups = kinds.map((kind, i) => ({ ...kind, rows: asked ? (pages[i]!.data?.data ?? []) : [] }));
  const told = pages.findIndex((page, i) => page.isFetching || groups[i]!.rows.length > 0);
  const first = q === wanted && told >= 0 && !pages[told]!.isFetching ? groups[told]!.rows[0] : undefined;
  return { busy: fetching || q !== wanted, groups, first, error: pages.find((page) => page.error)?.error };
}

/* `onFirst` hears whom Enter would choose, before it is pressed. */
export function WhoSearch({ onChoose, onFirst, inputRef }: { onChoose: (row: Row) => void; onFirst: (row: Row) => void; inputRef: Ref<HTMLInputElement> }) {
  const meta = useMeta();
  const [typed, setTyped] = useState('');
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const { busy, groups, first, error } = useFound(typed);
  const rows = groups.flatMap((group) => group.rows);
  const choose = (id: string | undefined) => {
    const row = rows.find((one) => one.id === id);
    if (!row) return;
    setTyped('');
    combobox.closeDropdown();
    onChoose(row);
  };
  useEffect(() => { if (first) onFirst(first); }, [first?.id]);
  const hurry = useHurry(!busy || first !== undefined, () => {
    choose(first?.id);
    return first !== undefined;
  });
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
            hurry.forget();
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => { if (typed) combobox.openDropdown(); }}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && combobox.getSelectedOptionIndex() < 0) {
              event.preventDefault();
              if (typed.trim().length > 1) hurry.enter();
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
          {rows.length === 0 && <Combobox.Empty>{busy ? t('picker.loading') : error ? why(error) : t('picker.nothing')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
