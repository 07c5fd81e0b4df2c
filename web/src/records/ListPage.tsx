/* The list of any type: search, filters, columns, views, selection, and a look from the side. */
import { Button, Menu, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { fieldNamed, type MetaType, useMeta } from '@/api/meta';
import { useRows, useTotal } from '@/api/records';
import { useMay } from '@/api/session';
import { IconDots, IconDownload, IconPlus, IconSearch } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { Unknown } from '@/parts/Missed';
import { Page } from '@/parts/Page';
import { Bars, Empty, Failed, isLost } from '@/parts/States';
import { tell, tellProblem } from '@/parts/toast';
import { useLabel } from '@/parts/Value';
import { number, t, tn } from '@/text/t';
import { lower, nameOf, pluralOf } from '@/text/words';
import { columnsOf } from './arrange';
import { Columns } from './Columns';
import { exportCsv } from './csv';
import { Filters } from './Filters';
import css from './ListPage.module.css';
import { filtersOf, nextSort, requestOf, sortOf, withFilters, withParam } from './listState';
import { keep, recall } from './storage';
import { Table } from './Table';
import { Views } from './Views';

const Bulk = lazy(() => import('./Bulk').then((module) => ({ default: module.Bulk })));
const Peek = lazy(() => import('./Peek'));

export default function ListPage() {
  const { plural } = useParams();
  const type = useMeta().plural(plural ?? '');
  if (!type?.plural) return <Empty alone title={t('app.not_found')} hint={t('app.not_found_hint')} />;
  return <List key={type.name} type={type} />;
}

function useColumns(type: MetaType): [string[], (columns: string[] | null) => void, string[] | null] {
  const store = `columns.${type.name}`;
  const [chosen, setChosen] = useState(() => recall<string[]>(store));
  const known = chosen?.filter((name) => fieldNamed(type, name));
  return [known?.length ? known : columnsOf(type), (columns) => { keep(store, columns); setChosen(columns); }, known?.length ? known : null];
}

function Search({ type, value, onChange }: { type: MetaType; value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const later = useDebouncedCallback(onChange, 200);
  useEffect(() => { if (document.activeElement !== input.current) setTyped(value); }, [value]);
  useKeys({ '/': () => input.current?.focus() });
  const name = t('list.search', { name: lower(pluralOf(type)) });
  return (
    <TextInput ref={input} className={css.search} aria-label={name} placeholder={name} type="search" value={typed}
      leftSection={<IconSearch size={15} />}
      onChange={(event) => { setTyped(event.currentTarget.value); later(event.currentTarget.value); }}
      onKeyDown={(event) => { if (event.key === 'Escape') event.currentTarget.blur(); }} />
  );
}

/* What records come from that nobody makes here: the type that they name first. */
function useOrigin(type: MetaType): MetaType | undefined {
  const meta = useMeta();
  const may = useMay();
  const named = type.fields.flatMap((field) => (field.kind === 'id' && field.target_plural ? meta.plural(field.target_plural) ?? [] : []));
  return named.find((one) => one !== type && one.name !== 'account' && may(one.permissions.read));
}

function List({ type }: { type: MetaType }) {
  const may = useMay();
  const label = useLabel();
  const navigate = useNavigate();
  const [address, setAddress] = useSearchParams();
  const [columns, setColumns, chosen] = useColumns(type);
  const [selected, setSelected] = useState(new Set<string>());
  const [at, setAt] = useState(-1);
  const params = useMemo(() => requestOf(type, address, columns), [type, address, columns]);
  const list = useRows(type.plural!, params);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const counted = useTotal(type.plural!, params);
  const total = counted.data;
  const peek = address.get('peek');
  const filters = filtersOf(address);
  const isNarrowed = filters.length > 0 || address.has('q');
  const canCreate = type.creatable && may(type.permissions.create);
  const origin = useOrigin(type);
  const canSelect = type.actions.length > 0 || type.deletable || type.updatable;
  const go = (next: URLSearchParams) => { setAddress(next, { replace: true }); };
  const peekAt = (id: string | null) => go(withParam(address, 'peek', id));
  const move = (step: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, at + step));
    setAt(next);
    if (peek && rows[next]) peekAt(rows[next].id);
  };
  useKeys({
    j: () => move(1), k: () => move(-1), arrowdown: () => move(1), arrowup: () => move(-1),
    enter: () => rows[at] && peekAt(rows[at].id),
    o: () => rows[at] && void navigate(`/${type.plural}/${rows[at].id}`),
    x: () => rows[at] && setSelected((now) => { const next = new Set(now); if (!next.delete(rows[at]!.id)) next.add(rows[at]!.id); return next; }),
    n: () => { if (canCreate) void navigate(`/${type.plural}/new`); },
    escape: () => (peek ? peekAt(null) : setSelected(new Set())),
  });
  const runExport = () => {
    tell(t('list.exporting', { count: total === undefined ? '' : number(total) }));
    exportCsv(type, params, columns, label, () => undefined).then((count) => tell(tn('list.exported', count)), tellProblem);
  };
  const plural = pluralOf(type);
  return (
    <div className={css.split} data-peek={peek !== null || undefined}>
      <Page
        fixed
        title={plural}
        beside={<span className={css.count}>{isLost(counted) ? <Unknown /> : total !== undefined && number(total)}</span>}
        actions={
          <>
            <Menu position="bottom-end">
              <Menu.Target><Button variant="default" px={8} aria-label={t('record.more')}><IconDots size={16} /></Button></Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<IconDownload size={15} />} onClick={runExport}>{t('list.export')}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
            {canCreate && (
              <Button component={Link} to={`/${type.plural}/new`} leftSection={<IconPlus size={16} />}>{t('list.new', { name: lower(nameOf(type)) })}</Button>
            )}
          </>
        }
      >
        <Views type={type} search={address.toString()} columns={chosen}
          onChoose={(search, wanted) => { go(new URLSearchParams(search)); if (wanted.length > 0) setColumns(wanted); }} />
        <div className={css.tools}>
          {type.search.length > 0 && <Search type={type} value={address.get('q') ?? ''} onChange={(q) => go(withParam(withParam(address, 'peek', null), 'q', q))} />}
          <Filters type={type} filters={filters} onChange={(next) => go(withFilters(address, next))} />
          <span className={css.space} />
          <Columns type={type} columns={columns} onChange={setColumns} />
        </div>
        {list.error && !list.data ? <Failed error={list.error} again={() => void list.refetch()} />
          : !list.data ? <Bars count={12} label={t('list.loading', { name: lower(plural) })} />
          : rows.length === 0 ? (
            <Empty title={isNarrowed ? t('list.nothing') : t('list.empty', { name: lower(plural) })} hint={isNarrowed ? undefined : type.meaning}>
              {!isNarrowed && !canCreate && origin && <Button component={Link} to={`/${origin.plural}`} variant="default">{pluralOf(origin)}</Button>}
              {isNarrowed && <Button variant="default" onClick={() => go(new URLSearchParams())}>{t('list.clear')}</Button>}
              {!isNarrowed && canCreate && <Button component={Link} to={`/${type.plural}/new`} leftSection={<IconPlus size={16} />}>{t('list.new', { name: lower(nameOf(type)) })}</Button>}
            </Empty>
          ) : (
            <Table
              type={type} name={plural} columns={columns} rows={rows} sort={sortOf(address)} at={at} onAt={setAt}
              onSort={(field) => go(withParam(address, 'sort', nextSort(sortOf(address), field)))}
              selected={selected} onSelect={canSelect ? setSelected : null} peek={peek} onPeek={peekAt}
              onEnd={() => { if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage(); }}
              foot={list.hasNextPage ? t('list.loading_more') : t('list.end', { count: number(rows.length) })}
            />
          )}
        {selected.size > 0 && (
          <Suspense fallback={null}><Bulk type={type} rows={rows.filter((row) => selected.has(row.id))} onSelect={(ids) => setSelected(new Set(ids))} /></Suspense>
        )}
      </Page>
      {peek !== null && (
        <Suspense fallback={null}><Peek type={type} id={peek} onClose={() => peekAt(null)} /></Suspense>
      )}
    </div>
  );
}
