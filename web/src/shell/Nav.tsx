import { useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';
import { useSession } from '@/api/session';
import { Keys } from '@/parts/Keys';
import { Mark } from '@/parts/Mark';
import { IconSearch } from '@/parts/icons';
import { t } from '@/text/t';
import { LiveSign } from './LiveSign';
import { Me } from './Me';
import css from './Nav.module.css';
import type { Group } from './places';

/* Where one is, is in sight. */
function useInSight() {
  const box = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => { void box.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' }); }, [pathname]);
  return box;
}

export function Nav({ groups, onSearch, onHelp }: { groups: Group[]; onSearch: () => void; onHelp: () => void }) {
  const session = useSession();
  const box = useInSight();
  return (
    <div className={css.nav}>
      <div className={css.brand}>
        <Mark />
        <span className={css.organisation} title={session.organisation}>{session.organisation}</span>
      </div>
      <button type="button" className={css.search} onClick={onSearch}>
        <IconSearch size={15} aria-hidden />
        <span>{t('palette.open')}</span>
        <Keys of="mod+k" />
      </button>
      <nav ref={box} className={css.groups} aria-label={t('nav.label')}>
        {groups.map((group, i) => (
          <div key={group.text} role="group" aria-label={group.text}>
            {i > 0 && <p className={css.group}>{group.text}</p>}
            <ul>
              {group.places.map(({ to, text, icon: Shown }) => (
                <li key={to}>
                  <NavLink to={to} end={to === '/'} className={css.place}>
                    <Shown size={17} stroke={1.7} aria-hidden />
                    <span>{text}</span>
                  </NavLink>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <LiveSign />
      <Me onHelp={onHelp} />
    </div>
  );
}
