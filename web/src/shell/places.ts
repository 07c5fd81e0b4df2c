/* Where one can go: the pages made by hand, then every type of the metadata that the session
 * may read. A type that nobody thought of here appears under "More" by itself. */
import { type Meta, type MetaType } from '@/api/meta';
import type { Session } from '@/api/session';
import {
  IconBell, IconBook2, IconBuilding, IconCalendar, IconCalendarStats, IconCategory, IconClock, IconDeviceLaptop, IconFileText, IconHistory,
  IconInbox, IconKey, IconNotes, IconPackage, IconSettings, IconShieldCheck, IconStack2, IconTicket,
  IconUser, IconLock, IconUserCircle, IconUpload, IconUsers, IconWebhook, IconBolt, IconLayoutList, IconRefresh, IconChartBar,
} from '@/parts/icons';
import type { Icon } from '@/parts/tone';
import { isKey, type TextKey, t } from '@/text/t';
import { pluralOf } from '@/text/words';

export interface Place {
  to: string;
  text: string;
  icon: Icon;
  type?: MetaType;
}

export interface Group {
  text: string;
  places: Place[];
}

/* Types by group, in the order of the navigation. Parts of others (comments, lots) are reached
 * from the record that they belong to. */
const groups: [string, string[]][] = [
  ['nav.work', ['case']],
  ['nav.customers', ['account', 'contact', 'asset']],
  ['nav.rights', ['contract', 'contract_template', 'entitlement', 'entitlement_template', 'term_posting']],
  ['nav.clocks', ['milestone', 'sla_policy', 'calendar', 'holiday_set']],
  ['nav.catalogue', ['product', 'offering', 'price_list']],
  ['nav.admin', ['user', 'team', 'api_key', 'webhook_endpoint', 'delivery', 'sla_job', 'event', 'settings']],
];
const parts = new Set([
  'case_comment', 'case_activity', 'term_lot', 'entitlement_revision', 'contract_line', 'contract_coverage', 'contract_link',
  'contract_operation', 'sla_policy_version', 'calendar_revision', 'view', 'import_job',
]);
const icons: Record<string, Icon> = {
  case: IconTicket, account: IconBuilding, contact: IconUser, asset: IconDeviceLaptop, contract: IconFileText,
  entitlement: IconShieldCheck, entitlement_template: IconStack2, term_posting: IconNotes, milestone: IconClock,
  sla_policy: IconBolt, calendar: IconCalendar, holiday_set: IconCalendar, product: IconPackage,
  user: IconUserCircle, team: IconUsers, api_key: IconKey, webhook_endpoint: IconWebhook, contract_template: IconStack2, sla_job: IconRefresh, delivery: IconBell,
  event: IconHistory, settings: IconSettings,
};

export function iconOf(type: string): Icon {
  return icons[type] ?? IconCategory;
}

function placeOf(type: MetaType): Place {
  const to = type.plural === null ? `/${type.name}` : `/${type.plural}`;
  return { to, text: isKey(`nav.${type.name}`) ? t(`nav.${type.name}` as TextKey) : pluralOf(type), icon: iconOf(type.name), type };
}

function mayRead(type: MetaType | undefined, session: Session): type is MetaType {
  return type !== undefined && (session.permissions as string[]).includes(type.permissions.read ?? '');
}

function handMade(meta: Meta, session: Session): Place[] {
  const may = (permission: string) => (session.permissions as string[]).includes(permission);
  const places: Place[] = [];
  if (may('coverage.check')) places.push({ to: '/coverage', text: t('nav.coverage'), icon: IconShieldCheck });
  if (meta.type('case') && may('case.read')) places.push({ to: '/queue', text: t('nav.queue'), icon: IconInbox });
  if (meta.type('contract') && may('contract.read') && may('account.read')) places.push({ to: '/renewals', text: t('nav.renewals'), icon: IconCalendarStats });
  if (session.permissions.some((one) => one.startsWith('report.'))) places.push({ to: '/reports', text: t('nav.reports'), icon: IconChartBar });
  return places;
}

function handMadeOf(group: string, meta: Meta, session: Session): Place[] {
  if (group === 'nav.work') return handMade(meta, session);
  const may = (permission: string) => (session.permissions as string[]).includes(permission);
  if (group !== 'nav.admin') return [];
  const places: Place[] = [];
  if (may('user.read') && may('event.read')) places.push({ to: '/administration', text: t('nav.overview'), icon: IconLayoutList });
  if (may('import.run')) places.push({ to: '/imports', text: t('nav.imports'), icon: IconUpload });
  if (may('user.read')) places.push({ to: '/roles', text: t('nav.roles'), icon: IconLock });
  return places;
}

export function placesOf(meta: Meta, session: Session): Group[] {
  const known = new Set(groups.flatMap(([, names]) => names));
  const rest = meta.types.filter((type) => !known.has(type.name) && !parts.has(type.name)).map((type) => type.name);
  return [...groups, ['nav.more', rest] as [string, string[]]]
    .map(([key, names]) => {
      const types = names.map((name) => meta.type(name)).filter((type) => mayRead(type, session));
      const own = handMadeOf(key, meta, session);
      return { text: isKey(key) ? t(key) : key, places: [...own, ...types.map(placeOf)] };
    })
    .filter((group) => group.places.length > 0);
}

/* A customer's own pages. */
export function portalPlaces(): Group[] {
  return [{
    text: t('portal.title'),
    places: [
      { to: '/', text: t('nav.portal'), icon: IconLayoutList },
      { to: '/cases', text: t('portal.cases'), icon: IconTicket },
      { to: '/entitlements', text: t('portal.entitlements'), icon: IconShieldCheck },
    ],
  }];
}

export const referencePlace: Place = { to: '/reference/', text: t('nav.reference'), icon: IconBook2 };
