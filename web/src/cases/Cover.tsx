/* What covers a case and what is left of it; or why nothing does, and what could. */
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMeta } from '@/api/meta';
import { act, type Row, rowOf, textOf } from '@/api/records';
import { useMay } from '@/api/session';
import { IconShieldCheck, IconShieldX } from '@/parts/icons';
import { Section } from '@/parts/Page';
import { Asked } from '@/parts/States';
import { Status } from '@/parts/Status';
import { tell, tellProblem } from '@/parts/toast';
import { canAsk, type Question, useCoverage } from '@/coverage/question';
import { Balance } from '@/entitlements/Balance';
import { day, units } from '@/text/format';
import { t } from '@/text/t';
import css from './Cover.module.css';

function questionOf(row: Row): Question {
  const id = (name: string) => (typeof row[name] === 'string' ? (row[name] as string) : null);
  return { account_id: id('account_id'), contact_id: id('contact_id'), product_id: id('product_id'), asset_id: id('asset_id'), channel: id('channel'), at: null, units: null };
}

/* The candidates of now, each with its reasons, and a button where it would do. */
function Choose({ row, onClose }: { row: Row; onClose: () => void }) {
  const coverage = useCoverage(questionOf(row));
  const link = (id: string) => {
    act(`cases/${row.id}`, 'link', { entitlement_id: id }).then(() => { tell(t('form.saved', { name: textOf(row, 'number') })); onClose(); }, tellProblem);
  };
  return (
    <Modal opened onClose={onClose} title={t('case.choose_cover')} size={640} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Asked of={coverage}>{(data) => (
        <ul className={css.candidates}>
          {data.candidates.length === 0 && <li className="muted">{t('desk.no_candidates')}</li>}
          {data.candidates.map((one) => (
            <li key={one.entitlement_id}>
              <div>
                <b>{one.name}</b> <span className="muted">{one.number}</span>
                <p><Status word={one.state} /></p>
                {one.reasons.map((reason) => <p key={reason.code} className="muted">{reason.detail}</p>)}
              </div>
              {one.eligible && one.entitlement_id !== row.entitlement_id && <Button size="xs" onClick={() => link(one.entitlement_id)}>{t('case.link')}</Button>}
            </li>
          ))}
        </ul>
      )}</Asked>
    </Modal>
  );
}

function Charged({ row, unit }: { row: Row; unit: string }) {
  const charged = Number(row.units_charged ?? 0);
  const reserved = Number(row.units_reserved ?? 0);
  if (row.override_terms) return <p className="muted">{t('case.terms_overridden')}</p>;
  if (charged > 0) return <p className="muted">{t('case.charged', { count: units(charged, unit) })}</p>;
  return reserved > 0 ? <p className="muted">{t('case.reserved', { count: units(reserved, unit) })}</p> : null;
}

export function Cover({ row, portal }: { row: Row; portal?: boolean }) {
  const may = useMay();
  const meta = useMeta();
  const [choosing, setChoosing] = useState(false);
  const cover = rowOf(row, 'entitlement');
  const rule = textOf(row, 'coverage_rule');
  const Shown = cover ? IconShieldCheck : IconShieldX;
  const canLink = !portal && may('case.link') && row.state === 'open' && canAsk(questionOf(row));
  return (
    <Section title={t('case.entitlement')} beside={canLink && <Button size="xs" variant="subtle" onClick={() => setChoosing(true)}>{t('case.choose_cover')}</Button>}>
      <div className={css.cover} data-covered={cover !== null}>
        <p className={css.head}>
          <Shown size={18} aria-hidden />
          {cover ? (portal ? <b>{textOf(cover, 'name')}</b> : <Link to={`/entitlements/${cover.id}`}>{textOf(cover, 'name')}</Link>) : <b>{t('case.no_entitlement')}</b>}
        </p>
        {cover && (
          <>
            <p className="muted num">{textOf(cover, 'number')}{cover.ends_on ? ` · ${t('ent.until', { date: day(textOf(cover, 'ends_on')) })}` : ''}</p>
            {rule && !portal && <p className="muted">{meta.choice(rule)}.</p>}
            <div className={css.balance}><Balance row={cover} /></div>
            <Charged row={row} unit={String(cover.unit ?? 'cases')} />
          </>
        )}
      </div>
      {choosing && <Choose row={row} onClose={() => setChoosing(false)} />}
    </Section>
  );
}
