/* The answer: the verdict first, then what follows from it, then everything that was looked at. */
import { Link } from 'react-router';
import { useMeta } from '@/api/meta';
import { type Row, textOf, usePage, useRow } from '@/api/records';
import { useMay } from '@/api/session';
import { IconShieldCheck, IconShieldX } from '@/parts/icons';
import { Missed, MissedPart } from '@/parts/Missed';
import { Section } from '@/parts/Page';
import { type Ask, isLost } from '@/parts/States';
import { Status } from '@/parts/Status';
import { Rows } from '@/records/Related';
import { day, instant } from '@/text/format';
import { t } from '@/text/t';
import { Balance } from '@/entitlements/Balance';
import css from './Answer.module.css';
import { Candidates } from './Candidates';
import { OpenCase } from './OpenCase';
import type { Coverage, Question } from './question';

function Verdict({ coverage, question, account, chosen }: { coverage: Coverage; question: Question; account: Row | null; chosen: Row | null }) {
  const meta = useMeta();
  const when = question.at === null ? null : instant(coverage.at);
  const Shown = coverage.covered ? IconShieldCheck : IconShieldX;
  const title = coverage.covered
    ? (when ? t('desk.covered_at', { when }) : t('desk.covered'))
    : (when ? t('desk.not_covered_at', { when }) : t('desk.not_covered'));
  const why = coverage.rule ? meta.choice(coverage.rule)
    : coverage.candidates.length === 0 ? t('desk.no_candidates') : t('desk.no_eligible');
  return (
    <div className={css.verdict} data-covered={coverage.covered}>
      <span className={css.sign}><Shown size={28} stroke={1.8} aria-hidden /></span>
      <div className={css.words}>
        <h2 data-testid="verdict">{title}</h2>
        <p>
          {account && <Link to={`/accounts/${account.id}`} className={css.account}>{textOf(account, 'name')}</Link>}
          {account && textOf(account, 'tier') && <span className={css.tier}>{textOf(account, 'tier')}</span>}
        </p>
      </div>
      <div className={css.by}>
        {chosen && (
          <>
            <Link className={css.name} to={`/entitlements/${chosen.id}`}>{textOf(chosen, 'name')}</Link>
            <span className="muted num">{textOf(chosen, 'number')}{chosen.ends_on ? ` · ${t('ent.until', { date: day(textOf(chosen, 'ends_on')) })}` : ''}</span>
          </>
        )}
        <span className={css.why}>{why.replace(/\.$/, '')}.</span>
        {coverage.contact_not_verified && <Status word="high" tone="warn" label={t('desk.not_verified')} />}
      </div>
      {chosen && <div className={css.balance}><Balance row={chosen} /></div>}
    </div>
  );
}

function OpenCases({ account }: { account: string }) {
  const meta = useMeta();
  const type = meta.type('case')!;
  const asked = usePage('cases', { account_id: account, state: 'open', limit: '5', sort: '-created_at' });
  const { data } = asked;
  if (isLost(asked)) return <MissedPart title={t('desk.recent')} of={[asked]} />;
  if (!data || data.data.length === 0) return null;
  return (
    <Section title={t('desk.recent')}>
      <Rows type={type} rows={data.data} columns={['number', 'title', 'priority', 'coverage', 'created_at']} name={t('desk.recent')} />
    </Section>
  );
}

export function Answer({ coverage, question, account, onOpened }: {
  coverage: Coverage;
  question: Question;
  account: Ask<Row>;
  onOpened: () => void;
}) {
  const may = useMay();
  const entitlement = useRow('entitlements', coverage.entitlement_id);
  const chosen = entitlement.data;
  const cover = coverage.candidates.find((one) => one.entitlement_id === coverage.entitlement_id)?.name ?? null; /* known with the answer */
  const shown = coverage.entitlement_id !== null && chosen?.id === coverage.entitlement_id ? chosen : null;
  return (
    <>
      <Verdict coverage={coverage} question={question} account={account.data ?? null} chosen={shown} />
      <Missed of={[account]} what={t('desk.account')} />
      <Missed of={[entitlement]} what={t('case.entitlement')} />
      {may('case.create') && question.at === null && (
        <OpenCase question={{ ...question, account_id: coverage.account_id }} covered={coverage.covered} cover={cover} onOpened={onOpened} />
      )}
      {coverage.candidates.length > 0 && <Candidates coverage={coverage} />}
      <div className={css.after}><OpenCases account={coverage.account_id} /></div>
    </>
  );
}
