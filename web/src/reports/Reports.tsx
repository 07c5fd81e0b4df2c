/* Dashboards by role: each chart asks for its report, and is there for whom the report is. */
import { TextInput } from '@mantine/core';
import type { ComponentType } from 'react';
import { useSearchParams } from 'react-router';
import { useMay, useSession } from '@/api/session';
import { Page } from '@/parts/Page';
import { Asked, Bars, Empty } from '@/parts/States';
import { dayOf } from '@/text/format';
import { r } from '@/text/reports';
import { useReport } from './ask';
import { type Choice, contracts } from './Contracts';
import css from './Reports.module.css';
import { rights } from './Rights';
import { service } from './Service';
import { isDay } from './sums';

type Board = Record<string, ComponentType<Choice>>;
const boards = { service: service as Board, contracts: { ...contracts, ...rights } as Board };
type Name = keyof typeof boards;

/* Whose work is contracts begins with them. */
function usualOf(role: string): Name {
  return role === 'sales_agent' || role === 'order_agent' ? 'contracts' : 'service';
}

/* The currencies that there are, those with the most contracts first. */
function useCurrencies(asOf: string | null, enabled: boolean) {
  const found = useReport('states', asOf ? { as_of: asOf } : {}, enabled);
  const counts = new Map<string, number>();
  for (const row of found.data?.rows ?? []) {
    const currency = row.arr?.currency;
    if (currency) counts.set(currency, (counts.get(currency) ?? 0) + (row.contracts ?? 0));
  }
  return { currencies: [...counts].sort((a, b) => b[1] - a[1]).map(([currency]) => currency), found };
}

const noCurrency = 'XXX'; /* ISO 4217 */

export default function Reports() {
  const may = useMay();
  const { role } = useSession();
  const [address, setAddress] = useSearchParams();
  const allowed = (Object.keys(boards) as Name[]).filter((name) => Object.keys(boards[name]).some(may));
  const board = allowed.find((name) => name === address.get('board')) ?? allowed.find((name) => name === usualOf(role)) ?? allowed[0];
  const given = address.get('as_of') ?? '';
  const asOf = isDay(given) ? given : null;
  const byCurrency = board === 'contracts' && may('report.states');
  const { currencies, found } = useCurrencies(asOf, byCurrency);
  const wanted = address.get('currency') ?? '';
  const currency = /^[A-Z]{3}$/.test(wanted) ? wanted : currencies[0] ?? noCurrency;
  const set = (name: string, value: string) => setAddress((before) => {
    const next = new URLSearchParams(before);
    if (value) next.set(name, value);
    else next.delete(name);
    return next;
  }, { replace: true });
  const figures = () => board && (
    <div className={css.board}>
      {Object.entries(boards[board]).filter(([permission]) => may(permission)).map(([permission, Shown]) => <Shown key={permission} asOf={asOf} currency={currency} />)}
    </div>
  );
  return (
    <Page title={r('title')} actions={
      <div className={css.asked}>
        {asOf && <button type="button" className={css.today} onClick={() => set('as_of', '')}>{r('today')}</button>}
        <label className={css.label}>{r('as_of')}
          <TextInput type="date" aria-label={r('as_of')} value={asOf ?? dayOf(new Date())} error={given !== '' && !asOf && r('bad_day')} onChange={(event) => set('as_of', event.currentTarget.value)} />
        </label>
      </div>
    }>
      <div className={css.choices}>
        <div className={css.tabs} role="group" aria-label={r('boards')}>
          {allowed.map((name) => <button key={name} type="button" aria-pressed={name === board} onClick={() => set('board', name)}>{r(`board_${name}`)}</button>)}
        </div>
        {board === 'contracts' && currencies.length > 1 && (
          <div className={css.tabs} role="group" aria-label={r('currency')}>
            {currencies.map((one) => <button key={one} type="button" aria-pressed={one === currency} onClick={() => set('currency', one)}>{one}</button>)}
          </div>
        )}
      </div>
      {board === undefined ? <Empty title={r('none_allowed')} /> : byCurrency ? <Asked of={found} wait={<Bars count={8} />}>{figures}</Asked> : figures()}
    </Page>
  );
}
