/* A webhook endpoint: how it is, its secret, and everything that was sent to it. */
import { Button, Tabs } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import { fieldNamed, type MetaType, useType } from '@/api/meta';
import { act, type Row, textOf, updateRow, useTotal } from '@/api/records';
import { useMay } from '@/api/session';
import { IconAlertTriangle, IconKey, IconRefresh, IconSend } from '@/parts/icons';
import { Unknown } from '@/parts/Missed';
import { Page } from '@/parts/Page';
import { Asked, isLost, PageBars } from '@/parts/States';
import { tell, tellProblem } from '@/parts/toast';
import { When } from '@/parts/Value';
import { Actions } from '@/records/Actions';
import { Fields } from '@/records/Fields';
import { History } from '@/records/History';
import Peek from '@/records/Peek';
import { Facts as FactsOf, useRecord } from '@/records/RecordPage';
import { a, an } from '@/text/admin';
import { number, t } from '@/text/t';
import { DeliveryLog } from './DeliveryLog';
import css from './Endpoint.module.css';
import { HealthMark } from './endpoint';
import { Rotate } from './Rotate';

export default function EndpointPage({ type, id }: { type: MetaType; id: string }) {
  return <Asked alone of={useRecord(type, id)} wait={<PageBars />}>{(row) => <Endpoint type={type} row={row} />}</Asked>;
}

function Figure({ title, tone, small, children, below }: { title: string; tone?: 'bad'; small?: boolean; children: ReactNode; below?: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <p className={css.figure} data-tone={tone} data-small={small || undefined}>{children}</p>
      {below && <p className="muted">{below}</p>}
    </section>
  );
}

function useDelivered(id: string) {
  const [since] = useState(() => new Date(Date.now() - 86_400_000).toISOString());
  return useTotal('deliveries', { endpoint_id: id, state: 'delivered', 'delivered_at[gte]': since });
}

const shown = ['url', 'event_types', 'account_id', 'description', 'disabled', 'disabled_reason', 'failing_since'];

/* Requests still carry the signature of the secret before, too. */
function bothValid(row: Row): boolean {
  const until = textOf(row, 'previous_secret_until');
  return until !== '' && Date.parse(until) > Date.now();
}

function Endpoint({ type, row }: { type: MetaType; row: Row }) {
  const may = useMay();
  const deliveries = useType('delivery');
  const [address, setAddress] = useSearchParams();
  const [rotating, setRotating] = useState(false);
  const delivered = useDelivered(row.id);
  const path = `webhook_endpoints/${row.id}`;
  const name = textOf(row, 'name');
  const dead = Number(row.dead ?? 0);
  const peek = address.get('peek');
  const mayUpdate = may(type.permissions.update);
  const set = (change: Record<string, string | null>) => setAddress((before) => {
    const next = new URLSearchParams(before);
    for (const [key, value] of Object.entries(change)) if (value) next.set(key, value); else next.delete(key);
    return next;
  }, { replace: true });
  const ping = () => {
    act(path, 'test', {}).then((sent) => { tell(a('hook.ping_sent')); set({ peek: sent.id, state: null, tab: null }); }, tellProblem);
  };
  const replayAll = () => { act(path, 'replay', {}).then(() => tell(a('hook.replayed_all')), tellProblem); };
  const enable = () => { updateRow(path, { disabled: false }, row.version).then(() => tell(a('hook.enabled', { name })), tellProblem); };
  return (
    <div className={css.split} data-peek={peek !== null || undefined}>
      <div className={css.page}>
        <Page
          title={name}
          trail={[{ to: '/webhook_endpoints', text: a('hook.title') }]}
          beside={<HealthMark row={row} strong />}
          actions={<>
            {mayUpdate && <Button leftSection={<IconSend size={15} />} disabled={row.disabled === true} onClick={ping}>{a('hook.ping')}</Button>}
            {mayUpdate && <Button variant="default" leftSection={<IconKey size={15} />} onClick={() => setRotating(true)}>{a('hook.rotate')}</Button>}
            <Actions type={type} row={row} hidden={['rotate_secret', 'test', 'replay']} />
          </>}
        >
          <p className={`${css.url} mono`}>{textOf(row, 'url')}</p>
          {row.disabled === true && (
            <p className={css.notice} role="status">
              <IconAlertTriangle size={16} aria-hidden />
              <span>{a('hook.disabled_because', { reason: textOf(row, 'disabled_reason') || a('hook.disabled_by_hand') })}</span>
              {mayUpdate && <Button size="xs" variant="default" onClick={enable}>{a('hook.enable')}</Button>}
            </p>
          )}
          <div className={css.top}>
            <Figure title={a('hook.waiting')}>{number(Number(row.waiting ?? 0))}</Figure>
            <Figure title={a('hook.dead')} tone={dead > 0 ? 'bad' : undefined}
              below={dead > 0 && may('delivery.replay') && <Button size="compact-xs" variant="default" leftSection={<IconRefresh size={13} />} disabled={row.disabled === true} onClick={replayAll}>{an('hook.replay_all', dead)}</Button>}>
              {number(dead)}
            </Figure>
            <Figure title={a('admin.delivered')}>{isLost(delivered) ? <Unknown /> : delivered.data === undefined ? '–' : number(delivered.data)}</Figure>
            <Figure title={a('hook.secret')} small below={bothValid(row) && <>{a('hook.both_until')} <When at={textOf(row, 'previous_secret_until')} /></>}>
              <span className="mono">{textOf(row, 'hint')}…</span>
            </Figure>
          </div>
          <Tabs value={address.get('tab') ?? 'log'} onChange={(tab) => set({ tab: tab === 'log' ? null : tab, peek: null })} keepMounted={false} classNames={{ list: css.tabs }}>
            <Tabs.List>
              <Tabs.Tab value="log">{a('hook.log')}</Tabs.Tab>
              <Tabs.Tab value="details">{t('record.details')}</Tabs.Tab>
              {may('event.read') && <Tabs.Tab value="history">{t('record.history')}</Tabs.Tab>}
            </Tabs.List>
            <Tabs.Panel value="log">
              <DeliveryLog filter={{ endpoint_id: row.id }} state={address.get('state') ?? ''} onState={(state) => set({ state, peek: null })} chosen={peek} onChoose={(id) => set({ peek: id })} />
            </Tabs.Panel>
            <Tabs.Panel value="details">
              <div className={css.details}>
                <Fields type={type} row={row} columns={1} empty={false} fields={shown.flatMap((one) => fieldNamed(type, one) ?? [])} />
                <aside><FactsOf type={type} row={row} /></aside>
              </div>
            </Tabs.Panel>
            <Tabs.Panel value="history"><History type={type} id={row.id} /></Tabs.Panel>
          </Tabs>
        </Page>
      </div>
      {peek !== null && <Peek type={deliveries} id={peek} onClose={() => set({ peek: null })} />}
      {rotating && <Rotate row={row} onClose={() => setRotating(false)} />}
    </div>
  );
}
