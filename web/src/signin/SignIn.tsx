import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Problem } from '@/api/problem';
import { signIn } from '@/api/session';
import { Mark } from '@/parts/Mark';
import { useTitle } from '@/parts/Page';
import { why } from '@/parts/why';
import { t } from '@/text/t';
import css from './SignIn.module.css';

export function SignIn() {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useTitle(t('signin.title'));
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await signIn(String(given.get('email')).trim(), String(given.get('password')));
    } catch (problem) {
      const wrong = problem instanceof Problem && problem.code === 'bad_credentials';
      setError(wrong ? t('signin.wrong') : why(problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className={css.page}>
      <div className={css.panel}>
        <Mark size={40} />
        <h1>{t('signin.title')}</h1>
        <p className="muted">{t('signin.lead')}</p>
        <form onSubmit={(event) => void submit(event)} className={css.form}>
          <TextInput name="email" type="email" label={t('signin.email')} autoComplete="username" autoFocus required
            withAsterisk={false} />
          <PasswordInput name="password" label={t('signin.password')} autoComplete="current-password" required
            withAsterisk={false} />
          {error && <p role="alert" className={css.error}>{error}</p>}
          <Button type="submit" loading={busy} fullWidth>{t('signin.submit')}</Button>
        </form>
        <p className={css.foot}><a href="/reference/">{t('nav.reference')}</a></p>
      </div>
    </main>
  );
}
