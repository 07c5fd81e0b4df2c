/* Lists that are wanted again: some of ours, one's own, and those that a colleague shares. */
import { ActionIcon, Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type MetaType, useMeta } from '@/api/meta';
import { createRow, deleteRow, type Json, type Row, textOf, updateRow, usePage } from '@/api/records';
import { useMay, useSession } from '@/api/session';
import { IconBookmark, IconUsers, IconX } from '@/parts/icons';
import { tell, tellProblem } from '@/parts/toast';
import { t } from '@/text/t';
import { viewsOf } from './arrange';
import { type Meeting, MergeDialog, meetingOf } from './MergeDialog';
import { keep, recall } from './storage';
import css from './Views.module.css';

interface Given {
  name: string;
  shared: boolean;
}

function normal(search: string): string {
  const params = new URLSearchParams(search);
  params.delete('peek');
  params.sort();
  return params.toString();
}

/* Views of a browser from the time when the server had no place for them move there, once. */
function useMove(type: MetaType, views: Row[] | undefined): void {
  const ready = views !== undefined;
  useEffect(() => {
    const store = `views.${type.name}`;
    const kept = recall<{ name: string; search: string }[]>(store);
    if (!ready || !kept) return;
    keep(store, null);
    kept.forEach(({ name, search }) => void createRow('views', { name, list: type.name, query: search }).catch(() => undefined));
  }, [ready, type.name]);
}

function Save({ onSave }: { onSave: (given: Given) => void }) {
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
          const given = new FormData(event.currentTarget);
          const name = String(given.get('name')).trim();
          if (name) { onSave({ name, shared: given.get('shared') !== null }); setOpen(false); }
        }}>
          <TextInput name="name" label={t('list.view_name')} data-autofocus maxLength={80} />
          <Checkbox name="shared" size="xs" label={t('list.view_shared')} />
          <Button type="submit" size="xs">{t('form.save')}</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

interface Props {
  type: MetaType;
  search: string;
  columns: string[] | null; // chosen; null: as ever
  onChoose: (search: string, columns: string[]) => void;
}

export function Views({ type, search, columns, onChoose }: Props) {
  const may = useMay();
  const session = useSession();
  const asked = usePage('views', { list: type.name, sort: 'name', limit: '200' }, may('view.read'));
  const { data } = asked;
  const [meeting, setMeeting] = useState<Meeting | null>(null);
  const viewType = useMeta().type('view');
  useMove(type, data?.data);
  const saved = data?.data ?? [];
  const now = normal(search);
  const builtIn = viewsOf(type).map((view) => ({ name: t(view.name), search: new URLSearchParams(view.params).toString() }));
  const all = [{ name: t('list.all'), search: '' }, ...builtIn];
  const known = all.some((view) => normal(view.search) === now) || saved.some((view) => normal(textOf(view, 'query')) === now);
  const isMine = (view: Row) => view.user_id === session.id;
  const overwrite = async (view: Row, given: Record<string, Json>, version: number | undefined) => {
    const path = `views/${view.id}`;
    try {
      await updateRow(path, given, version);
      setMeeting(null);
    } catch (error) {
      const met = await meetingOf(error, path, view, given);
      setMeeting(met);
      if (!met) throw error;
      return;
    }
    tell(t('list.view_saved', { name: textOf(view, 'name') }));
  };
  const save = ({ name, shared }: Given) => {
    const given = { name, shared, query: now, columns: columns ?? [] };
    const same = saved.find((view) => isMine(view) && textOf(view, 'name') === name);
    const done = same ? overwrite(same, given, same.version) : createRow('views', { ...given, list: type.name }).then(() => tell(t('list.view_saved', { name })));
    done.catch(tellProblem);
  };
  if (all.length === 1 && saved.length === 0 && known) return null;
  return (
    <div className={css.views} role="group" aria-label={t('list.views')}>
      {all.map((view) => (
        <button key={view.name} type="button" className={css.view} aria-pressed={normal(view.search) === now} onClick={() => onChoose(view.search, [])}>
          {view.name}
        </button>
      ))}
      {saved.map((view) => {
        const query = textOf(view, 'query');
        const isOn = normal(query) === now;
        return (
          <span key={view.id} className={css.saved}>
            <button type="button" className={css.view} aria-pressed={isOn} onClick={() => onChoose(query, (view.columns as string[] | undefined) ?? [])}>
              {textOf(view, 'name')}
              {view.shared === true && <IconUsers size={13} className={css.shared} role="img" aria-label={t('list.view_is_shared')} />}
            </button>
            {isOn && (isMine(view) || session.role === 'admin') && (
              <ActionIcon size={20} aria-label={t('list.delete_view')} onClick={() => void deleteRow(`views/${view.id}`, view.version).catch(tellProblem)}><IconX size={12} /></ActionIcon>
            )}
          </span>
        );
      })}
      {!known && may('view.create') && <Save onSave={save} />}
      {meeting && viewType && (
        <MergeDialog type={viewType} meeting={meeting} onClose={() => setMeeting(null)}
          onSave={(mine) => void overwrite(meeting.theirs, mine, meeting.theirs.version).catch(tellProblem)} />
      )}
    </div>
  );
}
