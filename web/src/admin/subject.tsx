/* A record that is known by its identifier alone: a link to it by its name. */
import { Link } from 'react-router';
import { type Meta, type MetaType, useMeta } from '@/api/meta';
import { useRow } from '@/api/records';
import { useMay } from '@/api/session';
import { useLabel } from '@/parts/Value';

/* Types by the beginning of their identifiers, as far as records of them were seen: an event names its subject's. */
export function typeOfSubject(meta: Meta, eventType: string): MetaType | undefined {
  return meta.type(eventType.split('.')[0] ?? '');
}

export function Subject({ id, type }: { id: string; type: MetaType | undefined }) {
  const may = useMay();
  const label = useLabel();
  const plural = type?.plural && may(type.permissions.read) ? type.plural : null;
  const { data } = useRow(plural ?? '', plural ? id : null);
  if (!plural) return <span className="mono">{id}</span>;
  return <Link className="link" to={`/${plural}/${id}`}>{data ? label(data) : id}</Link>;
}

export function SubjectOf({ id, eventType }: { id: string; eventType: string }) {
  return <Subject id={id} type={typeOfSubject(useMeta(), eventType)} />;
}
