/* Lists that are wanted again: some of ours, and those that were saved in this browser. */
import { ActionIcon, Button, Popover, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { MetaType } from '@/api/meta';
import { IconBookmark, IconX } from '@/parts/icons';
import { tell } from '@/parts/toast';
import { t } from '@/text/t';
import { viewsOf } from './arrange';
import { keep, recall } from './storage';
import css from './Views.module.css';

interface Saved {
  name: string;
  search: string;
}

function normal(search: string): string {
  const params = new URLSearchParams(search);
  params.delete('peek');
  params.sort();
  return params.toString();
}

function Save({ onSave }: { onSave: (name: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus withinPortal>
      <Popover.Target>
        <Button variant="subtle" color="gray" size="xs" className={css.save} leftSection={<IconBookmark size={15} />} onClick={() => setOpen(!open)}>
          {t('list.save_view')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('list.save_view')}>
        <form className={css.form} onSubmit={(event) => {
          event.preventDefault();
          const name = String(new FormData(event.currentTarget).get('name')).trim();
          if (name) { onSave(name); setOpen(false); }
        }}>
          <TextInput name="name" label={t('list.view_name')} data-autofocus maxLength={40} />
          <Button type="submit" size="xs">{t('form.save')}</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

export function Views({ type, search, onChoose }: { type: MetaType; search: string; onChoose: (search: string) => void }) {
  const store = `views.${type.name}`;
  const [saved, setSaved] = useState<Saved[]>(() => recall<Saved[]>(store) ?? []);
  const set = (next: Saved[]) => { setSaved(next); keep(store, next.length > 0 ? next : null); };
  const now = normal(search);
  const builtIn = viewsOf(type).map((view) => ({ name: view.name, search: new URLSearchParams(view.params).toString() }));
  const all = [{ name: t('list.all'), search: '' }, ...builtIn];
  const known = [...all, ...saved].some((view) => normal(view.search) === now);
  if (all.length === 1 && saved.length === 0 && known) return null;
  return (
    <div className={css.views} role="group" aria-label={t('list.views')}>
      {all.map((view) => (
        <button key={view.name} type="button" className={css.view} aria-pressed={normal(view.search) === now} onClick={() => onChoose(view.search)}>
          {view.name}
        </button>
      ))}
      {saved.map((view) => (
        <span key={view.name} className={css.saved}>
          <button type="button" className={css.view} aria-pressed={normal(view.search) === now} onClick={() => onChoose(view.search)}>{view.name}</button>
          {normal(view.search) === now && (
            <ActionIcon size={20} aria-label={t('list.delete_view')} onClick={() => set(saved.filter((one) => one !== view))}><IconX size={12} /></ActionIcon>
          )}
        </span>
      ))}
      {!known && <Save onSave={(name) => { set([...saved.filter((one) => one.name !== name), { name, search: now }]); tell(t('list.view_saved', { name })); }} />}
    </div>
  );
}
