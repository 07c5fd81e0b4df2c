/* What a key may do, of what its role may: everything, or permissions by type of record. */
import { Checkbox, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMeta } from '@/api/meta';
import { IconSearch } from '@/parts/icons';
import type { InputProps } from '@/records/inputs';
import { a, an } from '@/text/admin';
import { areasOf } from './permissions';
import { isNamed, isWithin, withoutWord, withWord } from './scope';
import css from './Words.module.css';

export default function Scopes({ field, value, onChange, locked, error, form }: InputProps) {
  const meta = useMeta();
  const words = Array.isArray(value) ? (value as string[]) : [];
  const [all, setAll] = useState(words.includes('*'));
  const [typed, setTyped] = useState('');
  const role = meta.roles.find((one) => one.code === form.role);
  const mayAtAll = (permission: string) => !role || (role.permissions as string[]).includes(permission);
  const set = (word: string, on: boolean) => onChange(on ? withWord(words, word) : withoutWord(words, word));
  const areas = areasOf(meta).filter((area) => area.text.toLowerCase().includes(typed.trim().toLowerCase()) && area.permissions.some((one) => mayAtAll(one.name)));
  const count = meta.permissions.filter((one) => mayAtAll(one) && isNamed(words, one)).length;
  return (
    <fieldset className={css.box} disabled={locked}>
      <legend>{field.label}</legend>
      <Radio.Group aria-label={a('scope.how')} value={all ? 'all' : 'some'} onChange={(next) => { setAll(next === 'all'); onChange(next === 'all' ? ['*'] : withoutWord(words, '*')); }}>
        <div className={css.how}>
          <Radio size="xs" value="all" label={a('scope.all')} />
          <Radio size="xs" value="some" label={a('scope.some')} />
        </div>
      </Radio.Group>
      {!all && (
        <>
          <div className={css.how}>
            <TextInput size="xs" aria-label={a('scope.find')} placeholder={a('scope.find')} leftSection={<IconSearch size={14} />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
            <Checkbox size="xs" label={a('scope.read_all')} checked={words.includes('*.read')} onChange={(event) => set('*.read', event.currentTarget.checked)} />
          </div>
          <div className={css.scroll} tabIndex={0} role="region" aria-label={field.label}>
            <table className={css.areas}>
              <tbody>
                {areas.map((area) => (
                  <tr key={area.name}>
                    <th scope="row"><Checkbox size="xs" label={area.text} checked={words.includes(`${area.name}.*`)} onChange={(event) => set(`${area.name}.*`, event.currentTarget.checked)} /></th>
                    <td>
                      <div className={css.verbs}>
                        {area.permissions.filter((one) => mayAtAll(one.name)).map((one) => (
                          <Checkbox key={one.name} size="xs" label={one.text} title={one.hint || undefined} aria-label={a('scope.of', { name: area.text, verb: one.text })}
                            checked={isNamed(words, one.name)} disabled={isWithin(words, one.name)} onChange={(event) => set(one.name, event.currentTarget.checked)} />
                        ))}
                      </div>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      <p className={css.count}>{count === 0 ? a('scope.none') : an('scope.count', count)}</p>
      {error && <p className={css.error}>{error}</p>}
    </fieldset>
  );
}
