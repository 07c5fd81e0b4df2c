/* Closing a case: what solved it, and for entitlements that count minutes, how many. */
import { Button, Modal, Textarea } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { act, type Row, rowOf, textOf, usePage } from '@/api/records';
import { useKeys } from '@/parts/keys';
import { Keys } from '@/parts/Keys';
import { Missed } from '@/parts/Missed';
import { NumberField } from '@/parts/NumberField';
import { isLost } from '@/parts/States';
import { tell, tellProblem } from '@/parts/toast';
import { t } from '@/text/t';
import css from './ResolveDialog.module.css';

export function ResolveDialog({ row, onClose }: { row: Row; onClose: () => void }) {
  const cover = rowOf(row, 'entitlement');
  const countsMinutes = cover?.unit === 'minutes';
  const work = usePage('case_activities', { case_id: row.id, limit: '200' }, countsMinutes);
  const worked = (work.data?.data ?? []).reduce((sum, one) => sum + Number(one.billable_minutes ?? 0), 0);
  const [solution, setSolution] = useState('');
  const [billable, setBillable] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const number = textOf(row, 'number');
  useKeys({ 'mod+enter': () => form.current?.requestSubmit() });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const path = `cases/${row.id}`;
    const spent = billable ?? worked;
    try {
      await act(path, 'resolve', { ...(solution.trim() ? { resolution: solution.trim() } : {}), ...(countsMinutes && spent > 0 ? { billable_minutes: spent } : {}) });
      tell(t('case.resolved', { number }), { undo: () => act(path, 'reopen', {}) });
      onClose();
    } catch (error) {
      tellProblem(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('case.resolve_title', { number })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form ref={form} className={css.form} onSubmit={(event) => void submit(event)}>
        <Textarea label={t('case.resolution')} autosize minRows={3} data-autofocus value={solution} onChange={(event) => setSolution(event.currentTarget.value)} />
        {countsMinutes && (
          <>
            <Missed of={[work]} what={t('case.time')} />
            <NumberField label={t('case.billable')} min={0} placeholder={isLost(work) ? '' : String(worked)} value={billable} onChange={setBillable} />
          </>
        )}
        {cover && <p className={css.note}>{countsMinutes || cover.charge_on === 'resolution' ? t('case.will_charge') : t('case.will_not_charge')}</p>}
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" loading={busy} disabled={isLost(work) && billable === null} rightSection={<Keys of="mod+enter" />}>{t('case.resolve')}</Button>
        </div>
      </form>
    </Modal>
  );
}
