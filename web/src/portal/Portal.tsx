/* What a customer sees: their entitlements with what is left, and their cases. */
import { Button } from '@mantine/core';
import { useRef } from 'react';
import { Link, Navigate, Route, Routes, useParams } from 'react-router';
import { useType } from '@/api/meta';
import { type Row, rowOf, textOf, usePage, useRow } from '@/api/records';
import { useSession } from '@/api/session';
import { Age } from '@/cases/CasePage';
import { Clocks } from '@/cases/Clocks';
import { Composer } from '@/cases/Composer';
import { Cover } from '@/cases/Cover';
import { Timeline } from '@/cases/Timeline';
import { Balance } from '@/entitlements/Balance';
import { Term } from '@/entitlements/Term';
import { IconPlus } from '@/parts/icons';
import { Page, Section } from '@/parts/Page';
import { Asked, Empty, PageBars } from '@/parts/States';
import { Status } from '@/parts/Status';
import { Rows } from '@/records/Related';
import { t } from '@/text/t';
import { NewCase } from './NewCase';
import css from './Portal.module.css';

const columns = ['number', 'title', 'state', 'priority', 'created_at'];

function open() {
  return <Button component={Link} to="/cases/new" leftSection={<IconPlus size={16} />}>{t('portal.open_case')}</Button>;
}

function Entitlement({ row }: { row: Row }) {
  return (
    <li className={css.entitlement}>
      <div className={css.name}>
        <b>{textOf(row, 'name')}</b>
        <span className="muted num">{textOf(row, 'number')}</span>
        <Status word={textOf(row, 'state')} />
      </div>
      <Balance row={row} />
      <div className={css.term}><Term row={row} /></div>
    </li>
  );
}

function Entitlements({ past }: { past?: boolean }) {
  const found = usePage('entitlements', { 'state[in]': past ? 'expired,cancelled' : 'active,waiting,suspended', sort: 'ends_on', limit: '50' });
  return (
    <Asked of={found}>
      {({ data }) => (data.length === 0 ? <p className="muted">{t(past ? 'portal.no_past' : 'portal.no_entitlements')}</p>
        : <ul>{data.map((row) => <Entitlement key={row.id} row={row} />)}</ul>)}
    </Asked>
  );
}

function Cases({ limit }: { limit: string }) {
  const type = useType('case');
  const found = usePage('cases', { limit, sort: '-created_at' });
  return (
    <Asked of={found}>
      {({ data }) => (data.length === 0 ? <p className="muted">{t('portal.no_cases')}</p>
        : <Rows type={type} rows={data} columns={columns} name={t('portal.cases')} />)}
    </Asked>
  );
}

function Overview() {
  const session = useSession();
  return (
    <Page title={t('portal.hello', { name: session.name.split(' ')[0] ?? session.name })} actions={open()}>
      <p className={css.lead}>{t('portal.lead')}</p>
      <div className={css.overview}>
        <Section title={t('portal.entitlements')}><Entitlements /></Section>
        <Section title={t('portal.cases')} beside={<Link className="link" to="/cases">{t('portal.all_cases')}</Link>}><Cases limit="10" /></Section>
      </div>
    </Page>
  );
}

function OneCase() {
  const { id = '' } = useParams();
  const found = useRow('cases', id, { expand: 'entitlement,asset,product' });
  return <Asked alone of={found} wait={<PageBars />}>{(row) => <Case row={row} />}</Asked>;
}

function Case({ row }: { row: Row }) {
  const { id } = row;
  const box = useRef<HTMLTextAreaElement>(null);
  return (
    <Page title={`${textOf(row, 'number')} ${textOf(row, 'title')}`} heading={<h1>{textOf(row, 'title')}</h1>} trail={[{ to: '/cases', text: t('portal.cases') }, { to: `/cases/${id}`, text: textOf(row, 'number') }]}>
      <p className={css.line}><Status strong word={textOf(row, 'state')} /><Status strong word={textOf(row, 'priority')} /><Age row={row} /></p>
      <div className={css.body}>
        <div>
          {textOf(row, 'description') && <p className={css.description}>{textOf(row, 'description')}</p>}
          {textOf(row, 'resolution') && <p className={css.description}>{textOf(row, 'resolution')}</p>}
          {row.state === 'open' && <Composer key={row.id} row={row} box={box} portal />}
          <Timeline id={id} canSeeAll={false} />
        </div>
        <aside>
          <Clocks id={id} />
          <Cover row={row} portal />
          {rowOf(row, 'asset') && <Section title={t('desk.asset')}><p>{textOf(rowOf(row, 'asset'), 'name')}</p></Section>}
        </aside>
      </div>
    </Page>
  );
}

export default function Portal() {
  return (
    <Routes>
      <Route path="/" element={<Overview />} />
      <Route path="/cases" element={<Page title={t('portal.cases')} actions={open()}><Cases limit="200" /></Page>} />
      <Route path="/cases/new" element={<NewCase />} />
      <Route path="/cases/:id" element={<OneCase />} />
      <Route path="/entitlements" element={<Page title={t('portal.entitlements')}><Section title={t('portal.in_force')}><Entitlements /></Section><Section title={t('portal.ended')}><Entitlements past /></Section></Page>} />
      <Route path="/coverage" element={<Navigate to="/" replace />} />
      <Route path="*" element={<Empty alone title={t('app.not_found')} hint={t('app.not_found_hint')} />} />
    </Routes>
  );
}
