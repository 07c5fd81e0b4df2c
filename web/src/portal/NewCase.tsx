/* Opening a case as a customer; whether it is covered is told while one chooses. */
import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { createRow, textOf } from '@/api/records';
import { useSession } from '@/api/session';
import { useCoverage } from '@/coverage/question';
import { useKeys } from '@/parts/keys';
import { Page } from '@/parts/Page';
import { Picker } from '@/parts/Picker';
import { Status } from '@/parts/Status';
import { tell, tellProblem } from '@/parts/toast';
import { t } from '@/text/t';
import css from './Portal.module.css';

export function NewCase() {
  const session = useSession();
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [asset, setAsset] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const account = session.accounts[0] ?? null;
  const { data: coverage } = useCoverage({ account_id: account, contact_id: session.contact_id, asset_id: asset, product_id: null, channel: 'web', at: null, units: null });
  const chosen = coverage?.candidates.find((one) => one.entitlement_id === coverage.entitlement_id);
  useKeys({ 'mod+enter': () => form.current?.requestSubmit() });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const row = await createRow('cases', { account_id: account, title, channel: 'web', ...(text ? { description: text } : {}), ...(asset ? { asset_id: asset } : {}) });
      tell(t('portal.case_sent', { number: textOf(row, 'number') }));
      void navigate(`/cases/${row.id}`, { replace: true });
    } catch (error) {
      tellProblem(error);
      setBusy(false);
    }
  };
  return (
    <Page title={t('portal.open_case')} trail={[{ to: '/cases', text: t('portal.cases') }]}>
      <form ref={form} className={css.form} onSubmit={(event) => void submit(event)}>
        <TextInput label={t('portal.case_title')} required withAsterisk={false} autoFocus maxLength={200} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        <Picker type="asset" label={t('portal.case_about')} value={asset} onChange={setAsset} />
        <Textarea label={t('portal.case_body')} autosize minRows={5} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        {coverage && (
          <p className={css.cover} data-covered={coverage.covered}>
            {coverage.covered && chosen
              ? <Status word="covered" label={t('portal.covered', { name: chosen.name })} />
              : <Status word="uncovered" label={t('portal.not_covered')} />}
          </p>
        )}
        <div><Button type="submit" loading={busy} disabled={!title.trim()}>{t('portal.open_case')}</Button></div>
      </form>
    </Page>
  );
}
