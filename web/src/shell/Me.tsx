/* Who is signed in; how the workspace looks to them. */
import { Popover, SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { type Self, type Session, signOut, updateSelf, useSession } from '@/api/session';
import { IconBook2, IconChevronDown, IconKeyboard, IconLogout, IconUserCircle } from '@/parts/icons';
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

/* As it was chosen on whatever machine; one that follows the system is left as it is here. */
export function useLooks({ theme, density }: Session): void {
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => { if (theme !== 'system') setColorScheme(theme); }, [theme, setColorScheme]);
  useEffect(() => setDensity(density), [density]);
}

const Profile = lazy(() => import('./Profile').then((module) => ({ default: module.Profile })));

const remember = (looks: Self) => void updateSelf(looks).catch(tellProblem);

export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase();
}

export function Me({ onHelp }: { onHelp: () => void }) {
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [density, setShown] = useState(document.documentElement.dataset.density ?? 'calm');
  const [open, setOpen] = useState(false);
  const [profile, setProfile] = useState(false);
  const [single, setSingle] = useState(singleKeys());
  return (
    <>
    <Popover position="top-start" width={248} trapFocus opened={open} onChange={setOpen}>
      <Popover.Target>
        <button type="button" className={css.me} onClick={() => setOpen(!open)}>
          <span className={css.face} aria-hidden>{initials(session.name)}</span>
          <span className={css.who}>
            <span className={css.name}>{session.name}</span>
            <span className={css.role}>{humanize(session.role)}</span>
          </span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label={session.name}>
        <p className={css.zone}>{t('me.zone', { zone: zoneName() })}</p>
        <div className={css.choice}>
          <SegmentedControl fullWidth size="xs" aria-label={t('me.appearance')} value={colorScheme === 'dark' ? 'dark' : 'light'}
            onChange={(value) => { const theme = value as 'light' | 'dark'; setColorScheme(theme); remember({ theme }); }}
            data={[{ value: 'light', label: t('me.light') }, { value: 'dark', label: t('me.dark') }]} />
          <SegmentedControl fullWidth size="xs" aria-label={t('me.density')} value={density}
            onChange={(value) => { setDensity(value); setShown(value); remember({ density: value as 'calm' | 'compact' }); }}
            data={[{ value: 'calm', label: t('me.calm') }, { value: 'compact', label: t('me.compact') }]} />
          <Switch size="xs" label={t('me.single_keys')} checked={single}
            onChange={(event) => { setSingleKeys(event.currentTarget.checked); setSingle(event.currentTarget.checked); }} />
        </div>
        <ul className={css.items}>
          <li><button type="button" onClick={() => { setOpen(false); setProfile(true); }}><IconUserCircle size={16} aria-hidden />{t('me.profile')}</button></li>
          <li><button type="button" onClick={() => { setOpen(false); onHelp(); }}><IconKeyboard size={16} aria-hidden />{t('me.shortcuts')}</button></li>
          <li><a href="/reference/"><IconBook2 size={16} aria-hidden />{t('nav.reference')}</a></li>
          <li><button type="button" onClick={() => void signOut().catch(tellProblem)}><IconLogout size={16} aria-hidden />{t('me.sign_out')}</button></li>
        </ul>
      </Popover.Dropdown>
    </Popover>
    {profile && <Suspense fallback={null}><Profile onClose={() => setProfile(false)} /></Suspense>}
    </>
  );
}
