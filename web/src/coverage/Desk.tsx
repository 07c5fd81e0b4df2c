/* The coverage desk: who asks about what, and at once whether it is covered, by what, and why. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useType } from '@/api/meta';
import { type Row, textOf, usePage, useRow } from '@/api/records';
import { useMay, useSession } from '@/api/session';
import { IconArrowBackUp, IconHeadset } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { Missed } from '@/parts/Missed';
import { NumberField } from '@/parts/NumberField';
import { Page } from '@/parts/Page';
import { Picker } from '@/parts/Picker';
import { Asked, Bars, Empty } from '@/parts/States';
import { t } from '@/text/t';
import { humanize, lower, nameOf, pluralOf } from '@/text/words';
import { Answer } from './Answer';
import css from './Desk.module.css';
import { addressOf, askAhead, canAsk, type Question, questionOf, useCoverage } from './question';
import { WhoSearch } from './WhoSearch';

/* What a record tells of the question, beside itself. */
function told(row: Row): Partial<Question> {
  if (row.object === 'account') return { account_id: row.id, contact_id: null, asset_id: null };
  if (row.object === 'contact') return { contact_id: row.id, account_id: textOf(row, 'account_id'), asset_id: null };
  return { asset_id: row.id, account_id: textOf(row, 'account_id'), product_id: null };
}

function localTime(at: string | null): string {
  if (at === null) return '';
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function Channels({ value, onChange }: { value: string | null; onChange: (channel: string | null) => void }) {
  const { channels } = useSession();
  if (channels.length === 0) {
    return <TextInput label={t('desk.channel')} value={value ?? ''} onChange={(event) => onChange(event.currentTarget.value || null)} />;
  }
  return (
    <div className={css.wide}>
      <p className={css.label} id="desk-channel">{t('desk.channel')}</p>
      <div className={css.channels} role="group" aria-labelledby="desk-channel">
        {channels.map((channel) => (
          <button key={channel} type="button" aria-pressed={value === channel} onClick={() => onChange(value === channel ? null : channel)}>
            {humanize(channel)}
          </button>
        ))}
      </div>
    </div>
  );
}

/* Nobody is asked about; on the first day there is nobody to ask about. */
function Idle() {
  const type = useType('account');
  const may = useMay();
  const accounts = usePage('accounts', { limit: '1', fields: 'id' }, may('account.read'));
  if (accounts.data?.data.length !== 0) {
    return (
      <>
        <Empty icon={IconHeadset} title={t('desk.idle')} hint={t('desk.idle_hint')} />
        <Missed of={[accounts]} what={pluralOf(type)} />
      </>
    );
  }
  return (
    <Empty icon={IconHeadset} title={t('desk.nobody')} hint={t('desk.nobody_hint')}>
      {may('account.create') && <Button component={Link} to="/accounts/new">{t('list.new', { name: lower(nameOf(type)) })}</Button>}
      {may('import.run') && <Button component={Link} to="/imports" variant="default">{t('nav.imports')}</Button>}
    </Empty>
  );
}

export default function Desk() {
  const [address, setAddress] = useSearchParams();
  const [asked, ask] = useState<Question | null>(null); /* the router tells of a new address only when nothing else is to do */
  const question = asked ?? questionOf(address);
  const who = useRef<HTMLInputElement>(null);
  const product = useRef<HTMLInputElement>(null);
  const go = (next: URLSearchParams) => { ask(questionOf(next)); setAddress(next, { replace: true }); };
  const set = (part: Partial<Question>) => go(addressOf({ ...question, ...part }));
  useEffect(() => ask(null), [address]);
  const coverage = useCoverage(question);
  const account = useRow('accounts', question.account_id ?? coverage.data?.account_id ?? null);
  const inAccount: Record<string, string> = question.account_id ? { account_id: question.account_id } : {};
  const reset = () => { go(new URLSearchParams()); who.current?.focus(); };
  useKeys({ '/': () => who.current?.focus(), n: reset });
  useEffect(() => { if (!canAsk(question)) who.current?.focus(); }, []);
  const choose = (row: Row) => {
    set(told(row));
    if (row.object !== 'asset') setTimeout(() => product.current?.focus(), 0);
  };
  return (
    <Page
      title={t('desk.title')}
      actions={canAsk(question) && <Button variant="default" leftSection={<IconArrowBackUp size={16} />} onClick={reset}>{t('desk.start_over')}</Button>}
    >
      <div className={css.desk}>
        <form className={css.question} onSubmit={(event) => event.preventDefault()} aria-label={t('desk.title')}>
          <div className={css.wide}><WhoSearch inputRef={who} onChoose={choose} onFirst={(row) => askAhead(questionOf(addressOf({ ...question, ...told(row) })))} /></div>
          <Picker type="account" label={t('desk.account')} value={question.account_id}
            onChange={(id) => set({ account_id: id, contact_id: null, asset_id: null })} />
          <Picker type="contact" label={t('desk.contact')} value={question.contact_id} filter={inAccount}
            onChange={(id, row) => set({ contact_id: id, ...(row ? { account_id: textOf(row, 'account_id') } : {}) })} />
          <Picker type="product" label={t('desk.product')} value={question.product_id} inputRef={product} onChange={(id) => set({ product_id: id })} />
          <Picker type="asset" label={t('desk.asset')} value={question.asset_id} filter={inAccount}
            onChange={(id, row) => set({ asset_id: id, ...(row ? { account_id: textOf(row, 'account_id') } : {}) })} />
          <Channels value={question.channel} onChange={(channel) => set({ channel })} />
          <div className={css.what_if}>
            <div className={css.when}>
              <p className={css.label}>{t('desk.when')}</p>
              <SegmentedControl size="xs" fullWidth aria-label={t('desk.when')} value={question.at === null ? 'now' : 'at'}
                onChange={(value) => set({ at: value === 'now' ? null : new Date().toISOString() })}
                data={[{ value: 'now', label: t('desk.now') }, { value: 'at', label: t('desk.other_time') }]} />
              {question.at !== null && (
                <TextInput type="datetime-local" aria-label={t('desk.when')} value={localTime(question.at)}
                  onChange={(event) => set({ at: event.currentTarget.value ? new Date(event.currentTarget.value).toISOString() : null })} />
              )}
            </div>
            <NumberField label={t('desk.units')} min={0} placeholder="1" value={question.units} onChange={(units) => set({ units })} />
          </div>
        </form>
        <div className={css.answer} aria-live="polite" data-stale={coverage.isPlaceholderData || undefined}>
          {!canAsk(question) ? <Idle />
            : <Asked of={coverage} wait={<Bars count={6} height={24} />}>{(answer) => <Answer coverage={answer} question={question} account={account} onOpened={reset} />}</Asked>}
        </div>
      </div>
    </Page>
  );
}
