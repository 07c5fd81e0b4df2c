/* Who is signed in; how the workspace looks to them. */
import { Menu, SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core';
import { useState } from 'react';
import { signOut, useSession } from '@/api/session';
import { IconBook2, IconChevronDown, IconKeyboard, IconLogout } from '@/parts/icons';
import { setSingleKeys, singleKeys } from '@/parts/keys';
import { tellProblem } from '@/parts/toast';
import { zoneName } from '@/text/format';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './Me.module.css';

function setDensity(density: string): void {
  document.documentElement.dataset.density = density;
  localStorage.setItem('entitled.density', density);
}

export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase();
}

export function Me({ onHelp }: { onHelp: () => void }) {
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [density, setShown] = useState(document.documentElement.dataset.density ?? 'calm');
  const [single, setSingle] = useState(singleKeys());
  return (
    <Menu position="top-start" width={248} closeOnItemClick={false}>
      <Menu.Target>
        <button type="button" className={css.me}>
          <span className={css.face} aria-hidden>{initials(session.name)}</span>
          <span className={css.who}>
            <span className={css.name}>{session.name}</span>
            <span className={css.role}>{humanize(session.role)}</span>
          </span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('me.zone', { zone: zoneName() })}</Menu.Label>
        <div className={css.choice}>
          <SegmentedControl fullWidth size="xs" aria-label={t('me.appearance')} value={colorScheme === 'dark' ? 'dark' : 'light'}
            onChange={(value) => setColorScheme(value as 'light' | 'dark')}
            data={[{ value: 'light', label: t('me.light') }, { value: 'dark', label: t('me.dark') }]} />
          <SegmentedControl fullWidth size="xs" aria-label={t('me.density')} value={density}
            onChange={(value) => { setDensity(value); setShown(value); }}
            data={[{ value: 'calm', label: t('me.calm') }, { value: 'compact', label: t('me.compact') }]} />
          <Switch size="xs" label={t('me.single_keys')} checked={single}
            onChange={(event) => { setSingleKeys(event.currentTarget.checked); setSingle(event.currentTarget.checked); }} />
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} closeMenuOnClick onClick={onHelp}>{t('me.shortcuts')}</Menu.Item>
        <Menu.Item leftSection={<IconBook2 size={16} />} component="a" href="/reference/">{t('nav.reference')}</Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut().catch(tellProblem)}>
          {t('me.sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
