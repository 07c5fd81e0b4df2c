/* How sending goes, for those who run it: what waits, what was given up, which endpoints are in trouble. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { type Page, rowOf, textOf, usePage, useTotal } from '@/api/records';
import { useMay } from '@/api/session';
import { IconRefresh } from '@/parts/icons';
import { Unknown } from '@/parts/Missed';
import { Section } from '@/parts/Page';
import { type Ask, Asked, Bars, Empty, isLost } from '@/parts/States';
import { When } from '@/parts/Value';
import { a } from '@/text/admin';
import { number, t } from '@/text/t';
import { answerOf, replay } from './delivery';
import { healthOf } from './endpoint';
import css from './Sending.module.css';

function Figure({ title, hint, value, isUnknown, to, bad }: { title: string; hint: string; value: number | undefined; isUnknown: boolean; to?: string; bad?: boolean }) {
  const text = isUnknown ? <Unknown /> : value === undefined ? '–' : number(value);
  return (
    <section className={css.figure} aria-label={title} title={hint} data-bad={(bad && (value ?? 0) > 0) || undefined}>
      <h2>{title}</h2>
      {to ? <Link to={to}>{text}</Link> : <b>{text}</b>}
      <p className="muted">{hint}</p>
    </section>
  );
}

export function SendingFigures({ endpoints }: { endpoints: Ask<Page> }) {
  const [since] = useState(() => new Date(Date.now() - 86_400_000).toISOString());
  const dead = useTotal('deliveries', { state: 'dead' });
  const waiting = useTotal('deliveries', { 'state[in]': 'pending,failed' });
  const delivered = useTotal('deliveries', { state: 'delivered', 'delivered_at[gte]': since });
  const trouble = endpoints.data?.data.filter((row) => healthOf(row) !== 'healthy').length;
  return (
    <div className={css.figures}>
      <Figure title={a('admin.dead')} hint={a('admin.dead_hint')} value={dead.data} isUnknown={isLost(dead)} to="/deliveries?state=dead" bad />
      <Figure title={a('admin.failing')} hint={a('admin.failing_hint')} value={trouble} isUnknown={isLost(endpoints)} bad />
      <Figure title={a('admin.waiting')} hint={a('admin.waiting_hint')} value={waiting.data} isUnknown={isLost(waiting)} to="/deliveries?state[in]=pending,failed" />
      <Figure title={a('admin.delivered')} hint={a('admin.delivered_hint')} value={delivered.data} isUnknown={isLost(delivered)} to={`/deliveries?state=delivered&delivered_at[gte]=${since}`} />
    </div>
  );
}

const fields = 'id,event_type,mail_subject,subject_id,recipient,endpoint_id,last_status,last_error,last_attempt_at,created_at,state';

/* Dead letters, the latest first. */
export function Letters() {
  const may = useMay();
  const found = usePage('deliveries', { state: 'dead', sort: '-created_at', limit: '8', expand: 'endpoint', fields });
  return (
    <Section title={a('admin.letters')} beside={(found.data?.data.length ?? 0) > 0 && <Link className="link" to="/deliveries?state=dead">{a('admin.all_letters')}</Link>}>
      <Asked of={found} wait={<Bars count={4} height={44} />}>{({ data }) => (data.length === 0 ? <Empty title={a('admin.no_letters')} hint={a('admin.no_letters_hint')} /> : (
        <ul className={css.list}>
          {data.map((row) => (
            <li key={row.id}>
              <p>
                <Link className={css.what} to={`/deliveries?state=dead&peek=${row.id}`}>{textOf(row, 'event_type') || textOf(row, 'mail_subject')}</Link>{' '}
                <span className="muted">{textOf(rowOf(row, 'endpoint'), 'name') || textOf(row, 'recipient')} · <When at={textOf(row, 'created_at')} relative /></span><br />
                <span className={css.why}>{textOf(row, 'last_error') || answerOf(row)}</span>
              </p>
              {may('delivery.replay') && <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} onClick={() => replay(row)}>{a('log.replay')}<span className="visually-hidden">: {textOf(row, 'event_type') || t('record.none')}</span></Button>}
            </li>
          ))}
        </ul>
      ))}</Asked>
    </Section>
  );
}
