/* What people change of themselves. */
import { Button, Modal, PasswordInput, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { fieldOf, Problem } from '@/api/problem';
import { type Self, updateSelf, useMay, useSession } from '@/api/session';
import { textOf, useRow } from '@/api/records';
import { Bars } from '@/parts/States';
import { tell, tellProblem } from '@/parts/toast';
import { languages, t } from '@/text/t';
import css from './Profile.module.css';

type Wrong = Partial<Record<string, string>>;

function wrongOf(problem: Problem): Wrong {
  if (problem.code === 'bad_credentials') return { current_password: t('me.wrong_password') };
  return Object.fromEntries(problem.issues.map((issue) => [fieldOf(issue.pointer).field, issue.detail]));
}

/* Those that there are, the browser's, and what the record has besides, such as en-GB. */
function languagesFor(own: string | null): { value: string; label: string }[] {
  const offered = [{ value: '', label: t('me.language_browser') }, ...languages.map(({ tag, name }) => ({ value: tag, label: name }))];
  if (own === null || offered.some(({ value }) => value === own)) return offered;
  const base = languages.find(({ tag }) => own.startsWith(`${tag}-`));
  return [...offered, { value: own, label: base ? `${base.name} (${own})` : own }];
}

export function Profile({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const may = useMay();
  const own = useRow('users', may('user.read') ? session.id : null);
  const [wrong, setWrong] = useState<Wrong>({});
  const [busy, setBusy] = useState(false);
  const zone = own.data ? textOf(own.data, 'time_zone') : session.time_zone;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const password = String(form.get('password') ?? '');
    const given: Self = { name: text('name'), time_zone: text('time_zone') || null, language: text('language') || null };
    if (password) Object.assign(given, { password, current_password: String(form.get('current_password') ?? '') });
    setBusy(true);
    setWrong({});
    try {
      await updateSelf(given);
      tell(t('me.saved'));
      onClose();
    } catch (error) {
      const found = error instanceof Problem ? wrongOf(error) : {};
      setWrong(found);
      if (Object.keys(found).length === 0) tellProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('me.profile')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {own.isLoading ? <Bars count={5} height={36} /> : (
        <form className={css.form} onSubmit={(event) => void submit(event)} noValidate>
          <TextInput name="name" label={t('me.name')} defaultValue={session.name} error={wrong.name} maxLength={200} autoComplete="name" autoFocus />
          <TextInput name="time_zone" label={t('me.time_zone')} description={t('me.time_zone_hint')} defaultValue={zone} error={wrong.time_zone} maxLength={64} />
          <Select name="language" label={t('me.language')} description={t('me.language_hint')} defaultValue={session.language ?? ''} error={wrong.language} data={languagesFor(session.language)} allowDeselect={false} />
          <PasswordInput name="current_password" label={t('me.current_password')} error={wrong.current_password} maxLength={254} autoComplete="current-password" />
          <PasswordInput name="password" label={t('me.new_password')} description={t('me.new_password_hint')} error={wrong.password} maxLength={254} autoComplete="new-password" />
          <div className={css.foot}>
            <Button variant="default" onClick={onClose}>{t('form.cancel')}</Button>
            <Button type="submit" loading={busy}>{t('form.save')}</Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
