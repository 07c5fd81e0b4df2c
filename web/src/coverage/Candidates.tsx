/* Every entitlement that was looked at, and for each why it covers this, or all that is against it. */
import { Link } from 'react-router';
import { useMeta } from '@/api/meta';
import { useRow } from '@/api/records';
import { IconCheck, IconX } from '@/parts/icons';
import { Section } from '@/parts/Page';
import { Status } from '@/parts/Status';
import { units } from '@/text/format';
import { t } from '@/text/t';
import { reasonText } from '@/text/words';
import css from './Candidates.module.css';
import type { Candidate, Coverage } from './question';

function Left({ candidate }: { candidate: Candidate }) {
  const { data } = useRow('entitlements', candidate.entitlement_id);
  const unit = String(data?.unit ?? 'cases');
  const available = candidate.channel_available ?? candidate.available;
  if (unit === 'none') return <span className="muted">{t('units.none')}</span>;
  if (available === null) return <span className="muted">{t('desk.unlimited')}</span>;
  const total = typeof data?.granted === 'number' ? data.granted : null;
  return <>{total === null ? units(available, unit) : t('units.left_short', { left: units(available, unit), total: units(total, unit) })}</>;
}

function Why({ candidate, isChosen, rule }: { candidate: Candidate; isChosen: boolean; rule: string | null }) {
  const meta = useMeta();
  if (!candidate.eligible) {
    return <ul>{candidate.reasons.map((reason) => <li key={reason.code}>{reasonText(reason.code, reason.detail)}</li>)}</ul>;
  }
  const matches = candidate.matches.map((match) => meta.choice(match));
  const first = isChosen && rule ? meta.choice(rule) : null;
  const texts = [...new Set([...(first ? [first] : []), ...matches])];
  return <ul>{(texts.length > 0 ? texts : [t('desk.fits')]).map((text) => <li key={text}>{text}</li>)}</ul>;
}

export function Candidates({ coverage }: { coverage: Coverage }) {
  return (
    <div className={css.candidates}>
      <Section title={t('desk.candidates')}>
        <div className={css.scroll} tabIndex={0} role="group" aria-label={t('desk.candidates')}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col"><span className="visually-hidden">{t('desk.covered')}</span></th>
                <th scope="col">{t('case.entitlement')}</th>
                <th scope="col">{t('record.status_path')}</th>
                <th scope="col">{t('desk.left')}</th>
                <th scope="col">{t('desk.reason')}</th>
              </tr>
            </thead>
            <tbody>
              {coverage.candidates.map((candidate) => {
                const isChosen = candidate.entitlement_id === coverage.entitlement_id;
                return (
                  <tr key={candidate.entitlement_id} data-eligible={candidate.eligible} data-chosen={isChosen || undefined}>
                    <td className={css.sign}>
                      {candidate.eligible ? <IconCheck size={16} stroke={2.4} aria-label={t('value.yes')} /> : <IconX size={16} aria-label={t('value.no')} />}
                    </td>
                    <td>
                      <Link className={css.name} to={`/entitlements/${candidate.entitlement_id}`}>{candidate.name}</Link>
                      <span className={css.number}>{candidate.number}{candidate.inherited ? ` · ${t('desk.inherited')}` : ''}{isChosen ? ` · ${t('desk.best')}` : ''}</span>
                    </td>
                    <td><Status word={candidate.state} /></td>
                    <td className={css.left}><Left candidate={candidate} /></td>
                    <td className={css.why}><Why candidate={candidate} isChosen={isChosen} rule={coverage.rule} /></td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </Section>
    </div>
  );
}
