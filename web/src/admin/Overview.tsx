/* The first page of those who run it: is everything sent, which keys need a look, who may what, what changed. */
import { useState } from 'react';
import { Link } from 'react-router';
import { useMeta } from '@/api/meta';
import { type Row, textOf, usePage } from '@/api/records';
import { useMay } from '@/api/session';
import { Page, Section } from '@/parts/Page';
import { Asked, Bars, Empty } from '@/parts/States';
import { When } from '@/parts/Value';
import { Actor, eventText } from '@/records/History';
import { ago } from '@/text/format';
import { a, an } from '@/text/admin';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import { useFresh } from './delivery';
import css from './Overview.module.css';
import { Letters, SendingFigures } from './Sending';
import { Subject } from './subject';

const day = 86_400_000;

/* Why a key needs a look: it ends soon or has ended, nobody uses it. Null: it does not. */
export function worryOf(key: Row, now: number): string | null {
  const ends = textOf(key, 'expires_at');
  const used = textOf(key, 'last_used_at');
  if (textOf(key, 'revoked_at')) return null;
  if (ends && Date.parse(ends) < now) return a('admin.key_ended', { when: ago(ends, now) });
  if (ends && Date.parse(ends) < now + 30 * day) return a('admin.key_ends', { when: ago(ends, now) });
  if (!used) return Date.parse(textOf(key, 'created_at')) < now - 7 * day ? a('admin.key_unused') : null;
  return Date.parse(used) < now - 90 * day ? a('admin.key_idle', { when: ago(used, now) }) : null;
}

function Keys() {
  const [now] = useState(() => Date.now());
  const found = usePage('api_keys', { 'revoked_at[null]': 'true', limit: '200' });
  const worries = (found.data?.data ?? []).flatMap((key) => { const why = worryOf(key, now); return why ? [{ key, why }] : []; });
  return (
    <Section title={a('admin.keys')}>
      <Asked of={found} wait={<Bars count={2} />}>{() => (worries.length === 0 ? <p className="muted">{a('admin.no_keys')}</p> : (
        <ul className={css.rows}>
          {worries.slice(0, 8).map(({ key, why }) => <li key={key.id}><Link to={`/api_keys/${key.id}`}>{textOf(key, 'name')}</Link><span className="muted">{why}</span></li>)}
        </ul>
      ))}</Asked>
    </Section>
  );
}

function People() {
  const { roles } = useMeta();
  const found = usePage('users', { limit: '200', fields: 'id,role,disabled' });
  return (
    <Section title={a('admin.people_by_role')} beside={<Link className="link" to="/roles">{a('admin.roles')}</Link>}>
      <Asked of={found} wait={<Bars count={roles.length} height={24} />}>{({ data }) => (
        <ul className={css.rows}>
          {roles.map(({ code, detail }) => {
            const count = data.filter((user) => user.role === code && user.disabled !== true).length;
            return <li key={code}><Link to={`/users?role=${code}`} title={detail}>{humanize(code)}</Link><span className="muted num">{an('role.people', count)}{data.length === 200 && '+'}</span></li>;
          })}
        </ul>
      )}</Asked>
    </Section>
  );
}

/* What concerns the organisation as a whole is of no account. */
function Recent() {
  const meta = useMeta();
  const found = usePage('events', { 'account_id[null]': 'true', sort: '-created_at', limit: '8', fields: 'id,type,subject_type,subject_id,actor,created_at' });
  return (
    <Section title={a('admin.recent')} beside={<Link className="link" to="/events?sort=-created_at">{a('admin.all_events')}</Link>}>
      <Asked of={found} wait={<Bars count={8} height={24} />}>{({ data }) => (data.length === 0 ? <Empty title={t('record.no_history')} /> : (
        <ul className={css.rows}>
          {data.map((event) => (
            <li key={event.id}>
              <span><Subject id={textOf(event, 'subject_id')} type={meta.type(textOf(event, 'subject_type'))} /> <Link className="muted" to={`/events?sort=-created_at&peek=${event.id}`}>{eventText(event)}</Link></span>
              <span className="muted"><Actor actor={textOf(event, 'actor')} /> · <When at={textOf(event, 'created_at')} relative /></span>
            </li>
          ))}
        </ul>
      ))}</Asked>
    </Section>
  );
}

export default function Overview() {
  const may = useMay();
  const sends = may('webhook_endpoint.read') && may('delivery.read');
  const endpoints = usePage('webhook_endpoints', { limit: '200' }, sends);
  useFresh(10_000);
  return (
    <Page title={a('admin.title')}>
      {sends && <SendingFigures endpoints={endpoints} />}
      <div className={css.body}>
        <div>
          {sends && <Letters />}
          {may('event.read') && <Recent />}
        </div>
        <aside>
          {may('api_key.read') && <Keys />}
          {may('user.read') && <People />}
        </aside>
      </div>
    </Page>
  );
}
