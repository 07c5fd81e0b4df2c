/* The frame around every page: navigation, the palette, shortcuts, honest signs of trouble. */
import { Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { type ReactNode, Suspense, useEffect } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { listen } from '@/api/live';
import { useMeta } from '@/api/meta';
import { useSession } from '@/api/session';
import { Mark } from '@/parts/Mark';
import { IconMenu2, IconSearch } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { Bars } from '@/parts/States';
import { Toaster } from '@/parts/toast';
import { t } from '@/text/t';
import { ErrorFrame } from './ErrorFrame';
import { useFocusBack } from './focus';
import { Help } from './Help';
import { useLooks } from './Me';
import { Nav } from './Nav';
import { Palette } from './Palette';
import { placesOf, portalPlaces } from './places';
import css from './Shell.module.css';
import { Trouble } from './Trouble';

export function Shell({ children }: { children: ReactNode }) {
  const session = useSession();
  useLooks(session);
  const meta = useMeta();
  const navigate = useNavigate();
  const location = useLocation();
  const [menu, menuHand] = useDisclosure(false);
  const [palette, paletteHand] = useDisclosure(false);
  const [help, helpHand] = useDisclosure(false);
  const narrow = useMediaQuery('(max-width: 800px)', window.innerWidth <= 800, { getInitialValueInEffect: false });
  useFocusBack();
  const isCustomer = session.role === 'customer';
  const groups = isCustomer ? portalPlaces() : placesOf(meta, session);
  const go = (to: string) => () => void navigate(to);
  useKeys({
    'mod+k': paletteHand.open, '?': helpHand.open,
    'g d': go('/coverage'), 'g q': go('/queue'), 'g c': go('/cases'), 'g e': go('/entitlements'), 'g a': go('/accounts'), 'g k': go('/contracts'), 'g r': go('/renewals'), 'g p': go('/reports'),
  });
  useEffect(() => listen(meta), [meta]);
  useEffect(() => menuHand.close(), [location.pathname]);
  const nav = <Nav groups={groups} onSearch={paletteHand.open} onHelp={helpHand.open} />;
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#main">{t('app.skip')}</a>
      {narrow ? (
        <header className={css.bar}>
          <button type="button" className={css.bar_button} aria-label={t('app.menu')} onClick={menuHand.open}>
            <IconMenu2 size={20} aria-hidden />
          </button>
          <Mark />
          <span className={css.bar_name}>{session.organisation}</span>
          <button type="button" className={css.bar_button} aria-label={t('palette.open')} onClick={paletteHand.open}>
            <IconSearch size={20} aria-hidden />
          </button>
        </header>
      ) : (
        <aside className={css.side} aria-label={session.organisation}>{nav}</aside>
      )}
      {menu && narrow && (
        <Drawer.Root opened onClose={menuHand.close} size={280} lockScroll={false}>
          <Drawer.Overlay />
          <Drawer.Content aria-label={t('app.menu')} role="dialog" aria-modal="true"><Drawer.Body p={0} h="100%">{nav}</Drawer.Body></Drawer.Content>
        </Drawer.Root>
      )}
      <main id="main" className={css.main} tabIndex={-1}>
        <Trouble />
        <ErrorFrame at={location.pathname}>
          <Suspense fallback={<div className={css.wait}><Bars /></div>}>{children}</Suspense>
        </ErrorFrame>
      </main>
      {palette && <Palette onClose={paletteHand.close} groups={groups} onHelp={helpHand.open} />}
      {help && <Help onClose={helpHand.close} />}
      <Toaster />
    </div>
  );
}
