/* What each role may do, as the server has it: a table of permissions and roles. */
import { Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMeta } from '@/api/meta';
import { useMay } from '@/api/session';
import { usePage } from '@/api/records';
import { IconCheck, IconMinus, IconSearch } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { Page } from '@/parts/Page';
import { Empty } from '@/parts/States';
import { a, an } from '@/text/admin';
import { humanize } from '@/text/words';
import { areasOf } from './permissions';
import css from './Roles.module.css';

function Mark({ may }: { may: boolean }) {
  return may
    ? <IconCheck size={15} stroke={2.2} role="img" aria-label={a('role.may')} />
    : <IconMinus size={13} role="img" aria-label={a('role.may_not')} />;
}

export default function Roles() {
  const meta = useMeta();
  const mayCount = useMay()('user.read');
  const people = usePage('users', { limit: '200', fields: 'id,role,disabled' }, mayCount).data?.data;
  const [typed, setTyped] = useState('');
  const [one, setOne] = useState<string | null>(null);
  const [differ, setDiffer] = useState(false);
  useKeys({ '/': () => document.querySelector<HTMLInputElement>('#roles-find')?.focus() });
  const sets = new Map(meta.roles.map((role) => [role.code, new Set<string>(role.permissions)]));
  const roles = meta.roles.filter((role) => one === null || role.code === one);
  const wanted = typed.trim().toLowerCase();
  const isShown = (name: string, text: string) => {
    const count = meta.roles.filter((role) => sets.get(role.code)!.has(name)).length;
    return (wanted === '' || `${name} ${text}`.toLowerCase().includes(wanted)) && (!differ || (count > 0 && count < meta.roles.length));
  };
  const areas = areasOf(meta)
    .map((area) => ({ ...area, permissions: area.permissions.filter((permission) => isShown(permission.name, `${area.text} ${permission.text}`)) }))
    .filter((area) => area.permissions.length > 0);
  return (
    <Page title={a('role.title')}>
      <p className={css.lead}>{a('role.hint')}</p>
      <div className={css.tools}>
        <TextInput id="roles-find" className={css.find} type="search" aria-label={a('role.find')} placeholder={a('role.find')} leftSection={<IconSearch size={15} />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Select aria-label={a('role.show')} clearable placeholder={a('role.every')} value={one} onChange={setOne} data={meta.roles.map((role) => ({ value: role.code, label: humanize(role.code) }))} />
        <Checkbox size="xs" label={a('role.differ')} checked={differ} onChange={(event) => setDiffer(event.currentTarget.checked)} />
        <span className={css.space} />
        <span className="muted num">{an('role.count', areas.reduce((sum, area) => sum + area.permissions.length, 0))}</span>
      </div>
      {areas.length === 0 ? <Empty title={a('role.nothing')} /> : (
        <div className={css.scroll} tabIndex={0} role="region" aria-label={a('role.title')}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{a('role.permission')}</th>
                {roles.map((role) => (
                  <th key={role.code} scope="col" title={role.detail}>
                    {humanize(role.code)}
                    {people && <span>{an('role.people', people.filter((user) => user.role === role.code && user.disabled !== true).length)}</span>}
                    {one !== null && <span>{role.detail}</span>}
                  </th>
                ))}
              </tr>
            </thead>
            {areas.map((area) => (
              <tbody key={area.name}>
                <tr className={css.area}><th scope="rowgroup" colSpan={roles.length + 1}>{area.text}</th></tr>
                {area.permissions.map((permission) => (
                  <tr key={permission.name}>
                    <th scope="row" title={[permission.name, permission.hint].filter(Boolean).join(': ')}>{permission.text}</th>
                    {roles.map((role) => {
                      const may = sets.get(role.code)!.has(permission.name);
                      return <td key={role.code} data-no={!may || undefined}><Mark may={may} /></td>;
                    })}
                  </tr>
                ))}
              </tbody>
            ))}
          </table>
        </div>
      )}
    </Page>
  );
}
