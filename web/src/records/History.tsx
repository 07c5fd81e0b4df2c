/* What happened to a record: its events, newest first, each with what it changed. */
import { Button } from '@mantine/core';
import { fieldNamed, type Meta, type MetaType, useMeta } from '@/api/meta';
import { isRefused } from '@/api/problem';
import { type Json, type Row, textOf, useRow, useRows } from '@/api/records';
import { Asked, Empty } from '@/parts/States';
import { isEmpty, NameOf, Outline, useLabel, valueText, When } from '@/parts/Value';
import { t } from '@/text/t';
import { fieldWord, humanize, nameOf } from '@/text/words';
import css from './History.module.css';

const quiet = new Set(['version', 'updated_at', 'created_at', 'id', 'account_id']);

export function Actor({ actor }: { actor: string }) {
  const label = useLabel();
  const { data } = useRow('users', actor.startsWith('usr_') ? actor : null);
  return <>{data ? label(data) : actor === 'system' || actor === '' ? t('record.by_system') : actor}</>;
}

/* What a change names that is no field of the record, such as the case of a posting, is named by its type. */
function pluralOf(meta: Meta, type: MetaType | undefined, name: string): string | null {
  const field = type && fieldNamed(type, name);
  if (field) return field.kind === 'id' ? field.target_plural : null;
  return name.endsWith('_id') ? meta.type(name.slice(0, -3))?.plural ?? null : null;
}

function wordOf(meta: Meta, type: MetaType | undefined, name: string): string {
  const field = type && fieldNamed(type, name);
  const other = !field && name.endsWith('_id') ? meta.type(name.slice(0, -3)) : undefined;
  return field?.label ?? (other ? nameOf(other) : fieldWord(name));
}

function Text({ type, name, value }: { type: MetaType | undefined; name: string; value: Json | undefined }) {
  const label = useLabel();
  const plural = pluralOf(useMeta(), type, name);
  const field = type && fieldNamed(type, name);
  if (isEmpty(value)) return <span className="muted">{t('record.none')}</span>;
  if (plural && typeof value === 'string') return <NameOf plural={plural} id={value} />;
  if (typeof value === 'object' && (!field || field.kind === 'json' || field.kind === 'children')) return <Outline value={value as Json} />;
  if (field && field.kind !== 'instant') return <>{valueText(field, { object: '', id: '', [name]: value as Json }, label)}</>;
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? <When at={value} /> : <>{String(value)}</>;
}

export function Changes({ type, event }: { type: MetaType | undefined; event: Row }) {
  const meta = useMeta();
  const before = (event.before ?? {}) as Record<string, Json>;
  const after = (event.after ?? {}) as Record<string, Json>;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !quiet.has(name));
  const isFirst = event.before === null;
  const differs = (name: string) => !(name in before) || !(name in after) || JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  const shown = names.filter((name) => (isFirst ? !isEmpty(after[name]) : differs(name))).slice(0, 12);
  if (shown.length === 0) return null;
  return (
    <dl className={css.changes}>
      {shown.map((name) => (
        <div key={name}>
          <dt>{wordOf(meta, type, name)}</dt>
          <dd>
            {!isFirst && name in before && <><s><Text type={type} name={name} value={before[name]} /></s><span className={css.arrow} aria-label="→">→</span></>}
            {name in after && <Text type={type} name={name} value={after[name]} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/* "case.opened" as "Opened". */
export function eventText(event: Row): string {
  return humanize(textOf(event, 'type').split('.').slice(1).join(' ') || textOf(event, 'type'));
}

export function History({ type, id }: { type: MetaType; id: string }) {
  const list = useRows('events', { subject_id: id, sort: '-created_at' });
  if (!list.data || isRefused(list.error)) return <Asked of={list}>{() => null}</Asked>;
  const events = list.data.pages.flatMap((page) => page.data);
  if (events.length === 0) return <Empty title={t('record.no_history')} />;
  return (
    <>
      <ol className={css.history}>
        {events.map((event) => (
          <li key={event.id}>
            <p className={css.line}>
              <b>{eventText(event)}</b>
              <span className="muted"><Actor actor={textOf(event, 'actor')} /> · <When at={textOf(event, 'created_at')} /></span>
            </p>
            {event.reason && <p className={css.reason}>{textOf(event, 'reason')}</p>}
            <Changes type={type} event={event} />
          </li>
        ))}
      </ol>
      {list.hasNextPage && <Button variant="default" size="xs" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('record.see_list')}</Button>}
    </>
  );
}
