/* All webhook endpoints with their health, and what was given up on the way to any of them. */
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useType } from '@/api/meta';
import { type Row, textOf, usePage } from '@/api/records';
import { useMay } from '@/api/session';
import { IconPlus } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { Page } from '@/parts/Page';
import { Asked, Empty } from '@/parts/States';
import { useNavigate } from 'react-router';
import { a } from '@/text/admin';
import { number } from '@/text/t';
import { useFresh } from './delivery';
import { EventWords, HealthMark } from './endpoint';
import { Letters, SendingFigures } from './Sending';
import css from './Webhooks.module.css';

function Count({ value, to, bad }: { value: unknown; to: string; bad?: boolean }) {
  const count = Number(value ?? 0);
  return count === 0 ? <span className="muted">0</span> : <Link className={bad ? css.dead : 'link'} to={to}>{number(count)}</Link>;
}

function Endpoints({ rows }: { rows: Row[] }) {
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{a('hook.name')}</th><th scope="col">{a('hook.health')}</th><th scope="col">{a('hook.events')}</th>
            <th scope="col" data-number>{a('hook.waiting')}</th><th scope="col" data-number>{a('hook.dead')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const to = `/webhook_endpoints/${row.id}`;
            return (
              <tr key={row.id}>
                <td><Link className={css.name} to={to}>{textOf(row, 'name')}</Link><span className={css.url} title={textOf(row, 'url')}>{textOf(row, 'url')}</span></td>
                <td><HealthMark row={row} /></td>
                <td><EventWords row={row} /></td>
                <td data-number><Count value={row.waiting} to={`${to}?state=pending`} /></td>
                <td data-number><Count value={row.dead} to={`${to}?state=dead`} bad /></td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export default function Webhooks() {
  const type = useType('webhook_endpoint');
  const may = useMay();
  const navigate = useNavigate();
  const found = usePage('webhook_endpoints', { sort: 'name', limit: '200' });
  const { data } = found;
  const canCreate = may(type.permissions.create);
  useFresh(10_000);
  useKeys({ n: () => { if (canCreate) void navigate('/webhook_endpoints/new'); } });
  return (
    <Page
      title={a('hook.title')}
      beside={data && <span className="muted num">{number(data.data.length)}</span>}
      actions={canCreate && <Button component={Link} to="/webhook_endpoints/new" leftSection={<IconPlus size={16} />}>{a('hook.new')}</Button>}
    >
      <Asked of={found}>{({ data: rows }) => (rows.length === 0 ? (
          <Empty title={a('hook.none')} hint={a('hook.none_hint')}>{canCreate && <Button component={Link} to="/webhook_endpoints/new">{a('hook.new')}</Button>}</Empty>
        ) : (
          <>
            <SendingFigures endpoints={found} />
            <Endpoints rows={rows} />
          </>
        ))}</Asked>
      {may('delivery.read') && (data?.data.length ?? 0) > 0 && <Letters />}
    </Page>
  );
}
