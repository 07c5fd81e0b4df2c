/* The organisation's settings: one record, so it is its own form, in parts that explain themselves. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type MetaType, useType } from '@/api/meta';
import { getRow } from '@/api/records';
import { useMay } from '@/api/session';
import { Page, Section } from '@/parts/Page';
import { Asked, Bars } from '@/parts/States';
import { tell } from '@/parts/toast';
import { a } from '@/text/admin';
import { t } from '@/text/t';
import { Fields } from './Fields';
import { type FieldGroup, Form } from './Form';

const parts = {
  organisation: ['organisation', 'time_zone', 'calendar_id'],
  coverage: ['default_on_create', 'default_on_update', 'coverage_order', 'channels'],
  clocks: ['sla_enabled', 'sla_after_manual', 'pause_statuses', 'close_children'],
  contracts: ['approve_contracts', 'reminders'],
  sending: ['delivery_days', 'endpoint_failure_days'],
  access: ['session_hours', 'requests_per_minute', 'require_if_match', 'idempotency_hours'],
};

/* A setting that nobody thought of here is under "More". */
function groupsOf(type: MetaType): FieldGroup[] {
  const known = new Set(Object.values(parts).flat());
  const rest = type.fields.filter((field) => !known.has(field.name)).map((field) => field.name);
  const named = Object.entries(parts).map(([id, names]) => ({ id, title: a(`set.${id as keyof typeof parts}`), hint: a(`set.${id as keyof typeof parts}_hint`), names }));
  return [...named, { id: 'other', title: a('set.other'), hint: '', names: rest }];
}

export default function SettingsPage() {
  const type = useType('settings');
  const may = useMay();
  const [round, setRound] = useState(0);
  const settings = useQuery({ queryKey: ['rows', 'settings', round], queryFn: () => getRow('settings') });
  const groups = groupsOf(type);
  const shown = (names: string[]) => type.fields.filter((field) => field.show === 'form' && names.includes(field.name));
  return (
    <Page title={t('nav.settings')}>
      <Asked of={settings} wait={<Bars count={12} />}>
        {(data) => (!may(type.permissions.update) ? groups.filter((group) => shown(group.names).length > 0).map((group) => <Section key={group.id} title={group.title}><Fields type={type} row={data} fields={shown(group.names)} /></Section>)
        : <Form key={round} type={type} row={data} path="settings" first={{}} groups={groups} onCancel={() => setRound(round + 1)}
            onSaved={() => { tell(t('form.saved', { name: t('nav.settings') })); setRound(round + 1); }} />)}
      </Asked>
    </Page>
  );
}
