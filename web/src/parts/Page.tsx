/* The frame of a page: its heading with actions, and what it holds. */
import { type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';
import { t } from '@/text/t';
import { IconChevronRight } from './icons';
import css from './Page.module.css';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · ${t('app.name')}` : t('app.name');
  }, [title]);
}

export function Page({ title, heading, trail, beside, actions, children, fixed }: {
  title: string;
  heading?: ReactNode;
  trail?: { to: string; text: string }[];
  beside?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  fixed?: boolean;
}) {
  useTitle(title);
  return (
    <div className={css.page} data-fixed={fixed || undefined}>
      <header className={css.head}>
        <div className={css.heading}>
          {trail && trail.length > 0 && (
            <nav className={css.trail} aria-label={t('record.related')}>
              {trail.map((step) => (
                <span key={step.to}>
                  <Link to={step.to}>{step.text}</Link>
                  <IconChevronRight size={12} aria-hidden />
                </span>
              ))}
            </nav>
          )}
          <div className={css.line}>
            {heading ?? <h1>{title}</h1>}
            {beside}
          </div>
        </div>
        {actions && <div className={css.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Section({ title, beside, children, id }: {
  title: string;
  beside?: ReactNode;
  children: ReactNode;
  id?: string;
}) {
  return (
    <section className={css.section} aria-label={title} id={id}>
      <div className={css.section_head}>
        <h2>{title}</h2>
        {beside}
      </div>
      {children}
    </section>
  );
}
