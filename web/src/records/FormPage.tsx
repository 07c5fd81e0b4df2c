/* /cases/new, /cases/{id}/edit. A new record may come with values in its address. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { fieldNamed, isInput, type MetaType, useMeta } from '@/api/meta';
import { isMissing, isRefused } from '@/api/problem';
import { type Json, type Row, textOf, useRow } from '@/api/records';
import { useMay } from '@/api/session';
import { Page } from '@/parts/Page';
import { Secret } from '@/parts/Secret';
import { Asked, Bars, Empty } from '@/parts/States';
import { tell } from '@/parts/toast';
import { useLabel } from '@/parts/Value';
import { t } from '@/text/t';
import { lower, nameOf, pluralOf } from '@/text/words';
import { anewOf, type Values } from './changes';
import { type Draft, draftOf } from './draft';
import { Form } from './Form';
import { keep, recall } from './storage';

function startOf(type: MetaType, address: URLSearchParams): Values {
  const given: Values = {};
  for (const [name, value] of address) {
    const field = fieldNamed(type, name);
    if (field && isInput(field)) given[name] = (field.kind === 'ids' ? value.split(',') : value) as Json;
  }
  for (const field of type.fields) {
    if (field.kind === 'enum' && field.rule === 'optional' && !field.nullable && !(field.name in given)) given[field.name] = field.values[0] ?? null;
  }
  return given;
}

/* What was typed for a record that is no more: it can become another one. */
function Gone({ type, id }: { type: MetaType; id: string }) {
  const may = useMay();
  const navigate = useNavigate();
  const leave = (to: string) => { keep(draftOf(type.plural!, id), null); void navigate(to, { replace: true }); };
  const anew = () => {
    const kept = recall<Draft>(draftOf(type.plural!, id))!;
    keep(draftOf(type.plural!), { at: kept.at, values: anewOf(type, kept.base ?? null, kept.values) });
    leave(`/${type.plural}/new`);
  };
  const canCreate = type.creatable && may(type.permissions.create);
  return (
    <Empty alone title={t('form.gone')} hint={t(canCreate ? 'form.gone_hint' : 'app.not_found_hint')}>
      {canCreate && <Button onClick={anew}>{t('list.new', { name: lower(nameOf(type)) })}</Button>}
      <Button variant="default" onClick={() => leave(`/${type.plural}`)}>{t('form.discard')}</Button>
    </Empty>
  );
}

export default function FormPage() {
  const { plural = '', id } = useParams();
  const type = useMeta().plural(plural);
  const navigate = useNavigate();
  const label = useLabel();
  const [address] = useSearchParams();
  const found = useRow(plural, id ?? null);
  const [secret, setSecret] = useState<Row | null>(null);
  if (!type || (id === undefined && !type.creatable)) return <Empty alone title={t('app.not_found')} hint={t('app.not_found_hint')} />;
  if (id !== undefined && isMissing(found.error) && recall(draftOf(plural, id))) return <Gone type={type} id={id} />;
  if (found.error && (!found.data || isRefused(found.error))) return <Asked alone of={found}>{() => null}</Asked>;
  const row = id === undefined ? null : (found.data ?? null);
  const title = row ? `${t('record.edit')} ${label(row)}` : t('list.new', { name: lower(nameOf(type)) });
  const saved = (now: Row) => {
    tell(t(row ? 'form.saved' : 'form.created', { name: label(now) }));
    if (!row && textOf(now, 'secret')) setSecret(now);
    else void navigate(`/${plural}/${now.id}`, { replace: true });
  };
  return (
    <Page title={title} trail={[{ to: `/${plural}`, text: pluralOf(type) }, ...(row ? [{ to: `/${plural}/${row.id}`, text: label(row) }] : [])]}>
      {id !== undefined && !row ? <Bars count={8} /> : (
        <Form key={`${plural}/${id ?? 'new'}`} type={type} row={row} path={row ? `${plural}/${row.id}` : plural} first={row ? {} : startOf(type, address)}
          onSaved={saved} onCancel={() => void navigate(-1)} />
      )}
      {secret && (
        <Secret title={t('form.secret_title', { name: textOf(secret, 'name') })} body={t('form.secret_body')} secret={textOf(secret, 'secret')}
          onClose={() => void navigate(`/${plural}/${secret.id}`, { replace: true })} />
      )}
    </Page>
  );
}
