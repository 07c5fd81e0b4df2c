/* One place to find anything: records by the server's search, pages, new records. */
import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { type Meta, type MetaType, useMeta } from '@/api/meta';
import { getPage } from '@/api/records';
import { useMay, useSession } from '@/api/session';
import { useHurry } from '@/parts/hurry';
import { IconKeyboard, IconPlus, IconSearch } from '@/parts/icons';
import { Keys } from '@/parts/Keys';
import { hintOf } from '@/parts/Picker';
import type { Icon } from '@/parts/tone';
import { useLabel } from '@/parts/Value';
import { why } from '@/parts/why';
import { t } from '@/text/t';
import { lower, nameOf, pluralOf } from '@/text/words';
import css from './Palette.module.css';
import { type Group, iconOf } from './places';

interface Entry {
  id: string;
  group: string;
  text: string;
  hint: string;
  icon: Icon;
  run: () => void;
}

const searched = ['case', 'account', 'contact', 'entitlement', 'contract', 'asset', 'product'];

function searchable(meta: Meta, may: (permission: string | null) => boolean): MetaType[] {
  return searched.flatMap((name) => {
    const type = meta.type(name);
    return type?.plural && type.search.length > 0 && may(type.permissions.read) ? [type] : [];
  });
}

/* What the server finds in each type, one below the other, and all at once: what is first stays first. */
function useFound(types: MetaType[], typed: string, go: (to: string) => void): { entries: Entry[]; busy: boolean; error: unknown } {
  const [q] = useDebouncedValue(typed.trim(), 120);
  const label = useLabel();
  const replies = useQueries({
    queries: types.map((type) => ({
      queryKey: ['rows', type.plural, 'palette', q],
      queryFn: ({ signal }: { signal: AbortSignal }) => getPage(type.plural!, { q, limit: '4' }, signal),
      enabled: q.length > 1,
    })),
  });
  const waits = q.length > 1 && replies.some((reply) => reply.isPending);
  const entries = waits || q.length < 2 ? [] : replies.flatMap(({ data }, i) => {
    const type = types[i]!;
    return (data?.data ?? []).map((row) => ({
      id: row.id,
      group: pluralOf(type),
      text: label(row),
      hint: type.name === 'case' ? String(row.title ?? '') : hintOf(type, row),
      icon: iconOf(type.name),
      run: () => go(`/${type.plural}/${row.id}`),
    }));
  });
  return { entries, busy: waits || q !== typed.trim(), error: replies.find((reply) => reply.error)?.error };
}

function useCommands(groups: Group[], go: (to: string) => void, onHelp: () => void): Entry[] {
  const meta = useMeta();
  const may = useMay();
  const isCustomer = useSession().role === 'customer';
  return useMemo(() => {
    const group = t('palette.commands');
    const pages = groups.flatMap(({ places }) => places).map((place) => ({
      id: `go ${place.to}`, group, text: t('palette.go', { name: lower(place.text) }), hint: '', icon: place.icon,
      run: () => go(place.to),
    }));
    const create = meta.types
      .filter((type) => !isCustomer && type.plural && type.creatable && may(type.permissions.create))
      .map((type) => ({
        id: `new ${type.name}`, group, text: t('palette.create', { name: lower(nameOf(type)) }), hint: '', icon: IconPlus,
        run: () => go(`/${type.plural}/new`),
      }));
    const help = { id: 'help', group, text: t('keys.title'), hint: '?', icon: IconKeyboard, run: onHelp };
    return [...pages, ...create, help];
  }, [groups, meta, may, go, onHelp, isCustomer]);
}

function fits(text: string, typed: string): boolean {
  return typed.toLowerCase().split(/\s+/).every((word) => text.toLowerCase().includes(word));
}

export function Palette({ onClose, groups, onHelp }: { onClose: () => void; groups: Group[]; onHelp: () => void }) {
  return (
    <Modal.Root opened onClose={onClose} size={640} yOffset="12vh" lockScroll={false} classNames={{ content: css.content }}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('palette.title')}>
        <Modal.Body p={0}><Inside onClose={onClose} groups={groups} onHelp={onHelp} /></Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Inside({ onClose, groups, onHelp }: { onClose: () => void; groups: Group[]; onHelp: () => void }) {
  const navigate = useNavigate();
  const meta = useMeta();
  const may = useMay();
  const list = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState<string | null>(null); /* null: the first, whatever comes */
  const box = useRef<HTMLDivElement>(null);
  const go = useMemo(() => (to: string) => void navigate(to), [navigate]);
  const types = useMemo(() => searchable(meta, may), [meta, may]);
  const { entries: found, busy, error } = useFound(types, typed, go);
  const commands = useCommands(groups, go, onHelp).filter((entry) => fits(entry.text, typed.trim()));
  const entries = [...found, ...commands.slice(0, typed ? 6 : 40)];
  const chosen = Math.max(0, entries.findIndex(({ id }) => id === at));
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const hurry = useHurry(!busy, () => {
    run(entries[chosen]);
    return entries.length > 0;
  });
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt(entries.at((chosen + step) % Math.max(1, entries.length))?.id ?? null);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (at !== null) run(entries[chosen]);
      else hurry.enter();
    }
  };
  return (
    <>
      <div className={css.input}>
        <IconSearch size={18} aria-hidden />
        <input
          autoFocus
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-label={t('palette.title')}
          aria-activedescendant={entries[chosen] ? `${list}-${chosen}` : undefined}
          placeholder={t('palette.placeholder')}
          value={typed}
          onChange={(event) => { setTyped(event.currentTarget.value); setAt(null); hurry.forget(); }}
          onKeyDown={onKey}
        />
      </div>
      <div id={list} role="listbox" aria-label={t('palette.title')} className={css.list} ref={box} tabIndex={-1}>
        {entries.map((entry, i) => (
          <div key={entry.id}>
            {entry.group !== entries[i - 1]?.group && <p className={css.group} role="presentation">{entry.group}</p>}
            <div
              id={`${list}-${i}`}
              role="option"
              aria-selected={i === chosen}
              className={css.entry}
              onMouseMove={() => setAt(entry.id)}
              onClick={() => run(entry)}
            >
              <entry.icon size={16} stroke={1.7} aria-hidden />
              <span className={css.text}>{entry.text}</span>
              <span className={css.hint}>{entry.hint}</span>
            </div>
          </div>
        ))}
        {(entries.length === 0 || Boolean(error)) && (
          <p className={css.nothing}>{busy ? t('picker.loading') : error ? why(error) : t('palette.nothing', { text: typed })}</p>
        )}
      </div>
      <p className={css.foot}>
        <Keys of="↑ ↓" /> {t('palette.hint')} <Keys of="enter" /> {t('palette.hint_open')}
      </p>
    </>
  );
}
