/* The people of a contract, and what was agreed in words. */
import { Link } from 'react-router';
import { type Row, textOf, useRow } from '@/api/records';
import { Section } from '@/parts/Page';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './People.module.css';

function Person({ one }: { one: Row }) {
  const id = textOf(one, 'contact_id');
  const { data } = useRow('contacts', id || null);
  return (
    <li>
      <Link to={`/contacts/${id}`}>{data ? textOf(data, 'name') : id}</Link>
      <span className="muted">{humanize(textOf(one, 'role'))}</span>
    </li>
  );
}

export function Contacts({ contract }: { contract: Row }) {
  const rows = Array.isArray(contract.contacts) ? (contract.contacts as Row[]) : [];
  if (rows.length === 0) return null;
  return <Section title={t('contract.contacts')}><ul className={css.people}>{rows.slice(0, 12).map((one) => <Person key={one.id} one={one} />)}</ul></Section>;
}

export function Clauses({ contract }: { contract: Row }) {
  const rows = Array.isArray(contract.clauses) ? (contract.clauses as Row[]) : [];
  if (rows.length === 0) return null;
  return (
    <Section title={t('contract.clauses')}>
      <ol className={css.clauses}>
        {rows.map((one) => <li key={one.id}><h3>{textOf(one, 'title')}</h3>{one.body && <p>{textOf(one, 'body')}</p>}</li>)}
      </ol>
    </Section>
  );
}
