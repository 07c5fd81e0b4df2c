/* An event from the side: who did what to which record, the fields that changed, and all of it as JSON. */
import { Link } from 'react-router';
import { useMeta } from '@/api/meta';
import { type Row, textOf } from '@/api/records';
import { When } from '@/parts/Value';
import { Actor, Changes, eventText } from '@/records/History';
import { a } from '@/text/admin';
import { Json } from './Json';
import { Facts, Part } from './Panel';
import { Subject } from './subject';

/* As the API tells it, without what was expanded for the page. */
function asTold(row: Row, fields: string[]): string {
  return JSON.stringify(Object.fromEntries(['object', ...fields].filter((name) => name in row).map((name) => [name, row[name]])));
}

export default function EventBody({ row }: { row: Row }) {
  const meta = useMeta();
  const own = meta.type('event');
  const type = meta.type(textOf(row, 'subject_type'));
  const request = textOf(row, 'request_id');
  return (
    <>
      <h2>{eventText(row)}</h2>
      <p className="mono muted">{textOf(row, 'type')}</p>
      <Part title={a('evt.json')}>
        <Facts facts={[
          [a('evt.subject'), <Subject key="s" id={textOf(row, 'subject_id')} type={type} />],
          [a('evt.when'), <When key="w" at={textOf(row, 'created_at')} />],
          [a('evt.actor'), <Actor key="a" actor={textOf(row, 'actor')} />],
          [a('evt.reason'), textOf(row, 'reason')],
          [a('evt.origin'), textOf(row, 'origin')],
          [a('evt.request'), request && <Link key="r" className="link mono" to={`/events?request_id=${encodeURIComponent(request)}`} title={a('evt.same_request')}>{request}</Link>],
          ['', <Link key="all" className="link" to={`/events?subject_id=${textOf(row, 'subject_id')}&sort=-created_at`}>{a('evt.same_subject')}</Link>],
        ]} />
      </Part>
      <Part title={a('evt.what')}><Changes type={type} event={row} /></Part>
      <Part title={a('json.label', { name: a('evt.json') })}><Json text={asTold(row, own?.fields.map((field) => field.name) ?? [])} label={a('evt.json')} /></Part>
      <Part title={a('evt.chain')}>
        <Facts facts={[
          [a('evt.place', { seq: textOf(row, 'seq') }), ' '],
          [a('evt.hash'), <span key="h" className="mono">{textOf(row, 'hash')}</span>],
          [a('evt.prev'), <span key="p" className="mono">{textOf(row, 'prev_hash')}</span>],
        ]} />
      </Part>
    </>
  );
}
