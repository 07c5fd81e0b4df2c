/* A service level: its versions, the rules of each, what they would do to a case, and putting them into force. */
import { Button, Menu, Tabs } from '@mantine/core';
import { useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { type MetaType, useMeta, useType } from '@/api/meta';
import { Problem } from '@/api/problem';
import { act, createRow, getRow, type Row, textOf, updateRow, usePage, useRow } from '@/api/records';
import { useMay } from '@/api/session';
import { Moves } from '@/calendars/Moves';
import { afterChoices } from '@/parts/hurry';
import { IconChevronDown, IconCircleCheck, IconLock, IconPlus, IconStar } from '@/parts/icons';
import { merge, type Parts } from '@/parts/merge';
import { MergeParts } from '@/parts/MergeParts';
import { Page } from '@/parts/Page';
import { SaveBar } from '@/parts/SaveBar';
import { Asked, Empty, PageBars } from '@/parts/States';
import { Status } from '@/parts/Status';
import { tell, tellProblem } from '@/parts/toast';
import { When } from '@/parts/Value';
import { Actions } from '@/records/Actions';
import { relationsOf } from '@/records/arrange';
import { History } from '@/records/History';
import { useRecord } from '@/records/RecordPage';
import { RelatedList } from '@/records/Related';
import { d } from '@/text/designers';
import { t } from '@/text/t';
import { pluralOf } from '@/text/words';
import { Compare } from './Compare';
import type { Version } from './differences';
import { sentOf, useVersionDraft, versionOf } from './draft';
import { inCommon, partsOf, versionFrom } from './parts';
import css from './PolicyPage.module.css';
import { type Errors, Rules } from './Rules';
import { Simulate } from './Simulate';

export default function PolicyPage({ type, id }: { type: MetaType; id: string }) {
  const policy = useRecord(type, id);
  const list = usePage('sla_policy_versions', { sla_policy_id: id, sort: '-number', limit: '100' });
  return (
    <Asked alone of={policy} wait={<PageBars />}>
      {(row) => <Asked alone of={list} wait={<PageBars />}>{({ data }) => <Policy type={type} row={row} versions={data} />}</Asked>}
    </Asked>
  );
}

/* A version has no page of its own: it is shown on that of its policy. */
export function VersionRoute({ id }: { id: string }) {
  return (
    <Asked alone of={useRow('sla_policy_versions', id)} wait={<PageBars />}>
      {(version) => <Navigate replace to={`/sla_policies/${textOf(version, 'sla_policy_id')}?v=${id}`} />}
    </Asked>
  );
}

function useParam(name: string, first: string): [string, (value: string | null) => void] {
  const [address, setAddress] = useSearchParams();
  return [address.get(name) ?? first, (value) => setAddress((before) => {
    const next = new URLSearchParams(before);
    if (value === null || value === first) next.delete(name);
    else next.set(name, value);
    return next;
  }, { replace: true })];
}

function VersionMark({ row }: { row: Row }) {
  return (
    <>
      <Status word={textOf(row, 'state')} />
      {row.is_default === true && <Status word="default" icon={IconStar} tone="accent" label={d('pol.default')} />}
      {row.used_at !== null && <Status word="frozen" icon={IconLock} tone="quiet" label={d('pol.frozen')} />}
    </>
  );
}

function VersionMenu({ versions, current, onChoose }: { versions: Row[]; current: Row; onChoose: (id: string) => void }) {
  return (
    <Menu position="bottom-start" width={320}>
      <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={14} />}>{d('pol.version', { number: Number(current.number) })}</Button></Menu.Target>
      <Menu.Dropdown>
        {versions.map((one) => (
          <Menu.Item key={one.id} onClick={() => onChoose(one.id)} aria-current={one.id === current.id || undefined}>
            <span className={css.choice}><b>{d('pol.version', { number: Number(one.number) })}</b><VersionMark row={one} /></span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function errorsOf(problem: Problem | null): Errors {
  const out: Errors = {};
  for (const { pointer, detail } of problem?.issues ?? []) {
    const name = pointer.replace(/^#?\//, '');
    out[name] = out[name] ? `${out[name]}; ${detail}` : detail;
  }
  return out;
}

/* "rules/0/criteria: …" with the name of the rule, as people know it. */
function faultText(pointer: string, detail: string, names: string[]): string {
  return `${pointer.replace(/^#?\/?/, '').replace(/^rules\/(\d+)/, (_, n: string) => names[Number(n)] || d('pol.rule_number', { number: Number(n) + 1 }))}: ${detail}`;
}

function Policy({ type, row, versions }: { type: MetaType; row: Row; versions: Row[] }) {
  const may = useMay();
  const [chosen, choose] = useParam('v', '');
  const first = versions.find((one) => one.is_default === true) ?? versions[0];
  const current = versions.find((one) => one.id === chosen) ?? first;
  const begin = () => {
    createRow('sla_policy_versions', { sla_policy_id: row.id, rules: [{ name: d('pol.first_rule'), kind: 'first_response', target: 'PT8H' }] })
      .then((made) => choose(made.id), tellProblem);
  };
  if (!current) {
    return (
      <Page title={textOf(row, 'name')} trail={[{ to: `/${type.plural}`, text: pluralOf(type) }]} actions={<Actions type={type} row={row} />}>
        <Empty title={d('pol.no_version')} hint={d('pol.no_version_hint')}>{may('sla_policy_version.create') && <Button onClick={begin}>{d('pol.begin')}</Button>}</Empty>
      </Page>
    );
  }
  return <VersionPage key={current.id} type={type} row={row} versions={versions} current={current} onChoose={choose} />;
}

/* Mine and theirs, since the version was read. */
function mergeOf(base: Row, mine: Version, theirs: Row) {
  const all = [versionOf(base), mine, versionOf(theirs)] as const;
  const common = inCommon(...all);
  const [before, here, there] = all.map((one) => partsOf(one, common)) as [Parts, Parts, Parts];
  return merge(before, here, there);
}

function VersionPage({ type, row, versions, current, onChoose }: { type: MetaType; row: Row; versions: Row[]; current: Row; onChoose: (id: string | null) => void }) {
  const meta = useMeta();
  const may = useMay();
  const versionType = useType('sla_policy_version');
  const [tab, setTab] = useParam('tab', 'rules');
  const { draft, setDraft, dirty, base, take, rebase } = useVersionDraft(current);
  const [theirs, setTheirs] = useState<Row | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [switching, setSwitching] = useState(false);
  const path = `sla_policy_versions/${current.id}`;
  const isFrozen = current.used_at !== null;
  const readOnly = isFrozen || !may(versionType.permissions.update);
  const names = draft.rules.map((rule) => rule.name);
  const users = relationsOf(meta, type).filter((one) => may(one.type.permissions.read) && one.type.name !== 'sla_policy_version');
  const attempt = async (run: () => Promise<unknown>, done: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await run();
      tell(done);
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) tellProblem(error);
      else if (error.code === 'precondition_failed') setTheirs(await getRow(path));
      else setProblem(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const send = (version: Version, from: Row) => attempt(async () => { take(await updateRow(path, sentOf(version), from.version)); setTheirs(null); }, d('pol.saved', { number: Number(current.number) }));
  const save = () => send(draft, base);
  const saveMerged = (from: Row) => (parts: Parts) => {
    const merged = versionFrom(parts);
    rebase(from);
    setDraft(merged);
    void send(merged, from).then((done) => { if (!done) setTheirs(null); });
  };
  const run = (action: string, done: string) => () => void attempt(() => act(path, action, {}), done);
  const newVersion = () => void attempt(async () => {
    const made = await act(`sla_policies/${row.id}`, 'new_version', { from_version_id: current.id });
    onChoose(made.id);
  }, d('pol.made'));
  const mayUpdate = may(versionType.permissions.update);
  const isDraft = current.state !== 'active';
  return (
    <Page
      title={textOf(row, 'name')}
      trail={[{ to: `/${type.plural}`, text: pluralOf(type) }]}
      beside={row.is_default === true && <Status strong word="default" icon={IconStar} tone="accent" label={d('pol.organisation_default')} />}
      actions={<>
        {mayUpdate && isDraft && <Button disabled={dirty} onClick={run('activate', d('pol.activated', { number: Number(current.number) }))}>{d('pol.activate')}</Button>}
        {mayUpdate && !isDraft && current.is_default !== true && <Button onClick={run('set_default', d('pol.defaulted', { number: Number(current.number) }))}>{d('pol.make_default')}</Button>}
        {may('sla_policy_version.create') && <Button variant="default" leftSection={<IconPlus size={15} />} onClick={newVersion}>{d('pol.new_version')}</Button>}
        <Actions type={type} row={row} hidden={['new_version']} />
      </>}
    >
      {textOf(row, 'description') && <p className={css.line}>{textOf(row, 'description')}</p>}
      <div className={css.version}>
        <VersionMenu versions={versions} current={current} onChoose={onChoose} />
        <VersionMark row={current} />
        {isFrozen && <span className="muted">{d('pol.used_since')} <When at={textOf(current, 'used_at')} /></span>}
        {textOf(current, 'notes') && <span className="muted">{textOf(current, 'notes')}</span>}
        <span className={css.more}>
          <Button variant="subtle" size="xs" leftSection={<IconCircleCheck size={14} />} disabled={dirty} onClick={run('validate', d('pol.valid'))}>{d('pol.validate')}</Button>
          {!isDraft && may('sla_policy_version.switch') && <Button variant="subtle" size="xs" onClick={() => setSwitching(true)}>{d('pol.switch')}</Button>}
          {!isDraft && mayUpdate && <Button variant="subtle" size="xs" onClick={run('deactivate', d('pol.deactivated'))}>{d('pol.deactivate')}</Button>}
        </span>
      </div>
      {isFrozen && <p className={css.frozen}><IconLock size={15} aria-hidden />{d('pol.frozen_hint')}</p>}
      {problem && !dirty && <ul className={css.refused} role="alert">{problem.issues.length > 0 ? problem.issues.map((issue) => <li key={issue.pointer + issue.detail}>{faultText(issue.pointer, issue.detail, names)}</li>) : <li>{problem.message}</li>}</ul>}
      <Tabs value={tab} onChange={(next) => afterChoices(() => setTab(next), true)} keepMounted={false} classNames={{ list: css.tabs }}>
        <Tabs.List>
          <Tabs.Tab value="rules">{d('pol.rules')}</Tabs.Tab>
          <Tabs.Tab value="simulate">{d('pol.simulate')}</Tabs.Tab>
          <Tabs.Tab value="compare">{d('pol.compare')}</Tabs.Tab>
          {users.length > 0 && <Tabs.Tab value="related">{d('cal.usage')}</Tabs.Tab>}
          {may('event.read') && <Tabs.Tab value="history">{t('record.history')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="rules"><Rules version={draft} readOnly={readOnly} errors={errorsOf(problem)} onChange={setDraft} /></Tabs.Panel>
        <Tabs.Panel value="simulate"><Simulate version={draft} /></Tabs.Panel>
        <Tabs.Panel value="compare"><Compare versions={versions} current={current} draft={draft} /></Tabs.Panel>
        <Tabs.Panel value="related">{users.map((one) => <RelatedList key={`${one.type.name}${one.field.name}`} relation={one} row={row} twice={users.filter((other) => other.type === one.type).length > 1} />)}</Tabs.Panel>
        <Tabs.Panel value="history"><History type={versionType} id={current.id} /></Tabs.Panel>
      </Tabs>
      {dirty && (
        <SaveBar text={d('cal.unsaved')} save={d('cal.save')} discard={d('cal.discard')} busy={busy} onSave={() => void save()} onDiscard={() => { setProblem(null); take(current); }}
          problem={problem && <ul>{problem.issues.length > 0 ? problem.issues.slice(0, 5).map((issue) => <li key={issue.pointer + issue.detail}>{faultText(issue.pointer, issue.detail, names)}</li>) : <li>{problem.message}</li>}</ul>} />
      )}
      {theirs && <MergeParts merged={mergeOf(base, draft, theirs)} busy={busy} onClose={() => setTheirs(null)} onSave={saveMerged(theirs)} />}
      {switching && <Moves path={path} action="switch" title={d('pol.switch_title', { number: Number(current.number) })} body={d('pol.switch_body')} confirm={() => d('pol.switch_run')} onClose={() => setSwitching(false)} />}
    </Page>
  );
}
