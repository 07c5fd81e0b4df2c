/* What a contract covers, and the entitlements under it with what is left of each. */
import { Link } from 'react-router';
import { type Row, rowOf, textOf, usePage } from '@/api/records';
import { useMay } from '@/api/session';
import { Balance } from '@/entitlements/Balance';
import { IconDeviceLaptop, IconPackage } from '@/parts/icons';
import { Missed, MissedPart } from '@/parts/Missed';
import { Section } from '@/parts/Page';
import { isLost } from '@/parts/States';
import { Status } from '@/parts/Status';
import { day } from '@/text/format';
import { number, t } from '@/text/t';
import css from './Rights.module.css';

export function CoverageList({ rows, nameOf }: { rows: Row[]; nameOf?: (line: string) => string }) {
  return (
    <ul className={css.covers}>
      {rows.map((row) => {
        const asset = rowOf(row, 'asset');
        const product = rowOf(row, 'product');
        const Shown = row.asset_id ? IconDeviceLaptop : IconPackage;
        const line = typeof row.contract_line_id === 'string' ? nameOf?.(row.contract_line_id) : undefined;
        const name = asset ? textOf(asset, 'name') : product ? textOf(product, 'name') : textOf(row, 'asset_id') || textOf(row, 'product_id');
        return (
          <li key={row.id}>
            <Shown size={15} aria-hidden />
            <Link to={row.asset_id ? `/assets/${textOf(row, 'asset_id')}` : `/products/${textOf(row, 'product_id')}`}>{name}</Link>
            <span className="muted">{[asset && textOf(asset, 'serial_number'), line, row.ends_on ? t('ent.until', { date: day(textOf(row, 'ends_on')) }) : ''].filter(Boolean).join(' · ')}</span>
          </li>
        );
      })}
    </ul>
  );
}

/* Rows of the contract itself and of its lines. */
export function Covers({ contract, lines }: { contract: Row; lines: Map<string, Row> }) {
  const may = useMay();
  const readable = may('contract_coverage.read');
  const own = usePage('contract_coverages', { contract_id: contract.id, limit: '20', expand: 'asset,product' }, readable);
  const ids = [...lines.keys()].slice(0, 50).join(',');
  const below = usePage('contract_coverages', { 'contract_line_id[in]': ids, limit: '20', expand: 'asset,product', total: 'true' }, readable && ids !== '');
  const rows = [...(own.data?.data ?? []), ...(below.data?.data ?? [])];
  const asked = [own, below];
  if (!readable) return null;
  if (rows.length === 0) return <MissedPart title={t('rights.covers')} of={asked} />;
  const more = (below.data?.total ?? 0) > (below.data?.data.length ?? 0) || lines.size > 50;
  return (
    <Section title={t('rights.covers')} beside={more && <Link className="link" to={`/contract_coverages?account_id=${textOf(contract, 'account_id')}`}>{t('list.all')}</Link>}>
      <Missed of={asked} />
      <CoverageList rows={rows} nameOf={(line) => textOf(lines.get(line), 'name')} />
    </Section>
  );
}

export function Entitlements({ contract }: { contract: Row }) {
  const may = useMay();
  const readable = may('entitlement.read');
  const asked = usePage('entitlements', { contract_id: contract.id, limit: '8', sort: 'name', total: 'true' }, readable);
  const { data } = asked;
  if (readable && isLost(asked)) return <MissedPart title={t('rights.entitlements')} of={[asked]} />;
  if (!readable || !data || data.data.length === 0) return null;
  const all = data.total ?? data.data.length;
  return (
    <Section title={t('rights.entitlements')} beside={all > data.data.length && <Link className="link" to={`/entitlements?contract_id=${contract.id}`}>{t('record.see_all', { count: number(all) })}</Link>}>
      <ul className={css.rights}>
        {data.data.map((row) => (
          <li key={row.id}>
            <p><Link to={`/entitlements/${row.id}`}>{textOf(row, 'name')}</Link>{row.state !== 'active' && <Status word={textOf(row, 'state')} />}</p>
            <Balance row={row} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
