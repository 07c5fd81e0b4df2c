/* Holidays as a list, each in words with its next date. */
import { ActionIcon, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { IconPencil, IconPlus, IconTrash } from '@/parts/icons';
import { Section } from '@/parts/Page';
import { d } from '@/text/designers';
import { day, dayOf } from '@/text/format';
import { type Dates, type Holiday, nextDays } from './dates';
import { holidayInWords, nameOf } from './describe';
import css from './HolidayRows.module.css';

function Row({ name, detail, beside, onEdit, onRemove }: { name: string; detail: string; beside: string; onEdit?: () => void; onRemove?: () => void }) {
  return (
    <li>
      <div><b>{name}</b>{detail && <span>{detail}</span>}</div>
      <span className={css.beside}>{beside}</span>
      {onEdit && <ActionIcon aria-label={d('hol.edit', { name })} onClick={onEdit}><IconPencil size={14} /></ActionIcon>}
      {onRemove && <ActionIcon aria-label={d('hol.remove', { name })} onClick={onRemove}><IconTrash size={14} /></ActionIcon>}
    </li>
  );
}

function Head({ text, onClick }: { text: string; onClick: () => void }) {
  return <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={onClick}>{text}</Button>;
}

function List({ children, empty }: { children: ReactNode; empty: boolean }) {
  return empty ? <p className={css.none}>{d('hol.none')}</p> : <ul className={css.rows}>{children}</ul>;
}

export function HolidayRows({ title, holidays, onAdd, onEdit, onRemove }: {
  title: string;
  holidays: Holiday[];
  onAdd?: () => void;
  onEdit?: (at: number) => void;
  onRemove?: (at: number) => void;
}) {
  const today = dayOf(new Date());
  return (
    <Section title={title} beside={onAdd && <Head text={d('hol.add')} onClick={onAdd} />}>
      <List empty={holidays.length === 0}>
        {holidays.map((one, i) => {
          const [next] = nextDays(one, today, 1);
          return <Row key={i} name={nameOf(one)} detail={one.name ? holidayInWords(one) : ''} beside={next ? d('hol.next', { date: day(next) }) : d('hol.past')}
            onEdit={onEdit && (() => onEdit(i))} onRemove={onRemove && (() => onRemove(i))} />;
        })}
      </List>
    </Section>
  );
}

export function DateRows({ title, hint, add, dates, onAdd, onEdit, onRemove }: {
  title: string;
  hint: string;
  add: string;
  dates: Dates;
  onAdd?: () => void;
  onEdit?: (date: string) => void;
  onRemove?: (date: string) => void;
}) {
  const names = Object.keys(dates).sort();
  return (
    <Section title={title} beside={onAdd && <Head text={add} onClick={onAdd} />}>
      <p className={css.hint}>{hint}</p>
      <List empty={names.length === 0}>
        {names.map((date) => (
          <Row key={date} name={day(date)} detail="" beside={dates[date]!.map((span) => span.join('–')).join(', ') || d('hol.closed')}
            onEdit={onEdit && (() => onEdit(date))} onRemove={onRemove && (() => onRemove(date))} />
        ))}
      </List>
    </Section>
  );
}
