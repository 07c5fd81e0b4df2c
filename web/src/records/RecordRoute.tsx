/* Which page shows a record: one made by hand, or the one that shows them all. */
import { type ComponentType, lazy } from 'react';
import { useParams } from 'react-router';
import { type MetaType, useMeta } from '@/api/meta';
import { Empty } from '@/parts/States';
import { t } from '@/text/t';
import { RecordPage } from './RecordPage';

const handMade: Record<string, ComponentType<{ type: MetaType; id: string }>> = {
  calendar: lazy(() => import('@/calendars/CalendarPage')),
  case: lazy(() => import('@/cases/CasePage')),
  contract: lazy(() => import('@/contracts/ContractPage')),
  delivery: lazy(() => import('@/admin/OnePage')),
  entitlement: lazy(() => import('@/entitlements/EntitlementPage')),
  event: lazy(() => import('@/admin/OnePage')),
  holiday_set: lazy(() => import('@/calendars/HolidaySetPage')),
  sla_policy: lazy(() => import('@/sla/PolicyPage')),
  sla_policy_version: lazy(() => import('@/sla/VersionRoute')),
  webhook_endpoint: lazy(() => import('@/admin/EndpointPage')),
};

export default function RecordRoute() {
  const { plural = '', id = '' } = useParams();
  const type = useMeta().plural(plural);
  if (!type?.plural) return <Empty alone title={t('app.not_found')} hint={t('app.not_found_hint')} />;
  const Shown = handMade[type.name] ?? RecordPage;
  return <Shown key={id} type={type} id={id} />;
}
