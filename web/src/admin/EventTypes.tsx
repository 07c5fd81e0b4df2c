/* Which events: all, all of some types of records, or single ones. */
import { Checkbox, Radio, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMeta } from '@/api/meta';
import { textOf, usePage } from '@/api/records';
import { useMay } from '@/api/session';
import { IconSearch } from '@/parts/icons';
import type { InputProps } from '@/records/inputs';
import { a } from '@/text/admin';
import { pluralOf } from '@/text/words';
import css from './Words.module.css';

type How = 'all' | 'some' | 'none';

/* A new endpoint is there for something. */
function howOf(value: unknown, words: string[]): How {
  if (words.includes('*')) return 'all';
  return words.length > 0 || value === undefined ? 'some' : 'none';
}

/* Names of single events: what every record can have, and what happened lately. */
function useKnown(): string[] {
  const meta = useMeta();
  const may = useMay();
  const { data } = usePage('events', { sort: '-created_at', limit: '200', fields: 'type' }, may('event.read'));
  const own = meta.types.flatMap((type) => [type.creatable && 'created', type.updatable && 'updated', type.deletable && 'deleted'].filter(Boolean).map((verb) => `${type.name}.${verb}`));
  return [...new Set([...(data?.data ?? []).map((event) => textOf(event, 'type')), ...own])].sort();
}

export default function EventTypes({ field, value, onChange, locked, error }: InputProps) {
  const meta = useMeta();
  const known = useKnown();
  const words = Array.isArray(value) ? (value as string[]) : [];
  const [how, setHow] = useState<How>(howOf(value, words));
  const [typed, setTyped] = useState('');
  const choose = (next: How) => {
    setHow(next);
    onChange(next === 'all' ? ['*'] : next === 'none' ? [] : words.filter((word) => word !== '*'));
  };
  const whole = words.filter((word) => word.endsWith('.*'));
  const single = words.filter((word) => word !== '*' && !word.endsWith('.*'));
  const types = meta.types.filter((type) => type.plural && `${type.name} ${pluralOf(type)}`.toLowerCase().includes(typed.trim().toLowerCase()));
  const toggle = (word: string, on: boolean) => onChange([...whole.filter((one) => one !== word), ...(on ? [word] : []), ...single]);
  return (
    <fieldset className={css.box} disabled={locked}>
      <legend>{field.label}</legend>
      <Radio.Group aria-label={a('types.how')} value={how} onChange={(next) => choose(next as How)}>
        <div className={css.how}>
          <Radio size="xs" value="all" label={a('types.all')} description={a('types.all_hint')} />
          <Radio size="xs" value="some" label={a('types.chosen')} />
          <Radio size="xs" value="none" label={a('types.none')} description={a('hook.no_events')} />
        </div>
      </Radio.Group>
      {how === 'some' && (
        <>
          <TextInput className={css.find} size="xs" aria-label={a('types.find')} placeholder={a('types.find')} leftSection={<IconSearch size={14} />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
          <div className={css.types} role="group" aria-label={a('types.how')}>
            {types.map((type) => (
              <Checkbox key={type.name} size="xs" label={pluralOf(type)} title={type.meaning} checked={whole.includes(`${type.name}.*`)} onChange={(event) => toggle(`${type.name}.*`, event.currentTarget.checked)} />
            ))}
            {types.length === 0 && <p className="muted">{a('types.nothing')}</p>}
          </div>
          <TagsInput label={a('types.single')} description={a('types.verb_hint')} inputWrapperOrder={['label', 'input', 'description', 'error']} data={known.filter((word) => !whole.includes(`${word.split('.')[0]}.*`))} limit={30}
            value={single} onChange={(next) => onChange([...whole, ...next])} error={error} />
        </>
      )}
      {error && how !== 'some' && <p className={css.error}>{error}</p>}
    </fieldset>
  );
}
