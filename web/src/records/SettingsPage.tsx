/* The organisation's settings: one record, so it is its own form. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useType } from '@/api/meta';
import { getRow } from '@/api/records';
import { useMay } from '@/api/session';
import { Page } from '@/parts/Page';
import { Bars, Failed } from '@/parts/States';
import { tell } from '@/parts/toast';
import { t } from '@/text/t';
import { Fields } from './Fields';
import { Form } from './Form';

export default function SettingsPage() {
  const type = useType('settings');
  const may = useMay();
  const [round, setRound] = useState(0);
  const { data, error, refetch } = useQuery({ queryKey: ['rows', 'settings', round], queryFn: () => getRow('settings') });
  return (
    <Page title={t('nav.settings')}>
      {error ? <Failed error={error} again={() => void refetch()} /> : !data ? <Bars />
        : !may(type.permissions.update) ? <Fields type={type} row={data} fields={type.fields.filter((field) => field.show === 'form')} />
        : <Form key={data.version} type={type} row={data} path="settings" first={{}} onCancel={() => setRound(round + 1)}
            onSaved={() => { tell(t('form.saved', { name: t('nav.settings') })); setRound(round + 1); }} />}
    </Page>
  );
}
