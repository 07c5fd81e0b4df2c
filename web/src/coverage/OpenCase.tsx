/* From the answer to the case in one step: a title and Enter. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { fieldNamed, useType } from '@/api/meta';
import { createRow, textOf } from '@/api/records';
import { useKeys } from '@/parts/keys';
import { Keys } from '@/parts/Keys';
import { tell, tellProblem } from '@/parts/toast';
import { t } from '@/text/t';
import { humanize } from '@/text/words';
import css from './OpenCase.module.css';
import type { Question } from './question';

const order = ['low', 'normal', 'high', 'critical'];

export function OpenCase({ question, covered, cover, onOpened }: {
  question: Question;
  covered: boolean;
  cover: string | null; /* what covers it */
  onOpened: () => void;
}) {
  const navigate = useNavigate();
  const title = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState('');
  const [priority, setPriority] = useState('normal');
  const [busy, setBusy] = useState(false);
  const values = fieldNamed(useType('case'), 'priority')?.values ?? [];
  const priorities = [...values].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  useKeys({ 'mod+enter': () => (typed.trim() ? form.current?.requestSubmit() : title.current?.focus()) });
  const open = async (event: FormEvent) => {
    event.preventDefault();
    if (!typed.trim()) { title.current?.focus(); return; }
    setBusy(true);
    const { at: _, units: __, ...about } = question;
    try {
      const opened = await createRow('cases', { ...Object.fromEntries(Object.entries(about).filter(([, value]) => value !== null)), title: typed.trim(), priority });
      tell(t('desk.case_opened', { number: textOf(opened, 'number') }));
      onOpened();
      void navigate(`/cases/${opened.id}`);
    } catch (error) {
      tellProblem(error);
      setBusy(false);
    }
  };
  return (
    <form ref={form} className={css.form} onSubmit={(event) => void open(event)} aria-label={t('desk.open_case')}>
      <TextInput ref={title} className={css.title} label={t('desk.case_title')} placeholder={t('desk.case_title_placeholder')} value={typed} maxLength={200}
        onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" />
      <div>
        <p className={css.label} id="open-priority">{t('desk.priority')}</p>
        <SegmentedControl aria-labelledby="open-priority" size="xs" value={priority} onChange={setPriority} data={priorities.map((value) => ({ value, label: humanize(value) }))} />
      </div>
      <Button type="submit" loading={busy} color={covered ? undefined : 'blue'} variant={covered ? 'filled' : 'default'} rightSection={<Keys of="mod+enter" />}>
        {covered ? t('desk.open_case') : t('desk.open_uncovered')}
      </Button>
      <p className={css.hint}>{covered ? cover && t('desk.opens_as', { name: cover }) : t('desk.opens_uncovered')}</p>
    </form>
  );
}
