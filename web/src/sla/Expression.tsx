/* An expression with what the server says of it while one types: what it reads, or what is wrong and
 * where. The names that it may use are a click away, and offered as they are begun. */
import { Button, Popover, ScrollArea, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, body } from '@/api/client';
import { type Meta, useMeta } from '@/api/meta';
import type { components } from '@/api/schema';
import { d } from '@/text/designers';
import css from './Expression.module.css';

type Check = components['schemas']['ExpressionCheck'];
type Fault = NonNullable<Check['faults']>[number];
const roots = ['case', 'account', 'contact', 'product', 'asset', 'entitlement'];

interface Name {
  name: string;
  meaning: string;
  kind: string;
}

function namesOf(meta: Meta): Name[] {
  return roots.flatMap((root) => (meta.type(root)?.fields ?? [])
    .filter((field) => !['children', 'json', 'map'].includes(field.kind) && !['derived', 'write'].includes(field.rule) && field.show !== 'none')
    .map((field) => ({
      name: root === 'case' ? field.name : `${root}.${field.name}`,
      meaning: field.meaning,
      kind: field.kind === 'enum' ? field.values.join(', ') : field.kind,
    })));
}

/* The line that is wrong, with carets below what is meant. */
function Faults({ text, faults }: { text: string; faults: Fault[] }) {
  return (
    <div className={css.faults}>
      {faults.slice(0, 4).map((fault, i) => (
        <div key={i}>
          <pre aria-hidden>{text.split('\n')[fault.line - 1] ?? ''}{'\n'}{' '.repeat(Math.max(0, fault.column - 1))}{'^'.repeat(Math.max(1, [...fault.found].length))}</pre>
          <p>{d('expr.at', { column: fault.line > 1 ? `${fault.line}:${fault.column}` : String(fault.column), reason: fault.reason })}</p>
        </div>
      ))}
    </div>
  );
}

function Names({ names, onChoose }: { names: Name[]; onChoose: (name: string) => void }) {
  const [opened, setOpened] = useState(false);
  const [search, setSearch] = useState('');
  const found = names.filter(({ name, meaning }) => `${name} ${meaning}`.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={380} trapFocus returnFocus withinPortal>
      <Popover.Target><Button variant="subtle" size="compact-xs" onClick={() => setOpened(!opened)}>{d('expr.names')}</Button></Popover.Target>
      <Popover.Dropdown>
        <TextInput aria-label={d('expr.find')} placeholder={d('expr.find')} value={search} onChange={(event) => setSearch(event.currentTarget.value)} data-autofocus />
        <ScrollArea.Autosize mah={260} type="auto" viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': d('expr.names') }}>
          <ul className={css.names}>
            {found.slice(0, 80).map(({ name, meaning, kind }) => (
              <li key={name}><button type="button" onClick={() => { setOpened(false); onChoose(name); }}><code>{name}</code><span>{meaning} · {kind}</span></button></li>
            ))}
          </ul>
        </ScrollArea.Autosize>
        <p className={css.help}>{d('expr.help')}</p>
      </Popover.Dropdown>
    </Popover>
  );
}

const wordBefore = (text: string, caret: number) => /[a-z_.]+$/.exec(text.slice(0, caret))?.[0] ?? '';

export function Expression({ label, hint, value, onChange, error, readOnly = false }: {
  label: string;
  hint?: string;
  value: string | null | undefined;
  onChange: (value: string | null) => void;
  error?: string;
  readOnly?: boolean;
}) {
  const text = value ?? '';
  const [asked] = useDebouncedValue(text, 200);
  const box = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const names = namesOf(useMeta());
  const { data } = useQuery({
    queryKey: ['expression', asked],
    queryFn: async () => body(await api.POST('/v1/expressions/check', { body: { expression: asked } })),
    enabled: asked.trim() !== '' && !readOnly,
    staleTime: Infinity,
    retry: false,
  });
  const check = asked === text && text.trim() !== '' ? data : undefined;
  const reads = Object.entries(check?.reads ?? {}).flatMap(([root, fields]) => fields.map((field) => (root === 'case' ? field : `${root}.${field}`)));
  const begun = caret === null ? '' : wordBefore(text, caret);
  const offered = begun.length < 2 ? [] : names.filter(({ name }) => name.startsWith(begun) && name !== begun).slice(0, 5);
  const insert = (name: string) => {
    const at = caret ?? text.length;
    const from = at - wordBefore(text, at).length;
    onChange(text.slice(0, from) + name + text.slice(at));
    requestAnimationFrame(() => { box.current?.focus(); box.current?.setSelectionRange(from + name.length, from + name.length); setCaret(from + name.length); });
  };
  const invalid = check?.valid === false;
  return (
    <div className={css.expression}>
      <div className={css.names_button}>{!readOnly && <Names names={names} onChoose={insert} />}</div>
      <Textarea ref={box} label={label} description={hint} inputWrapperOrder={['label', 'input', 'description', 'error']} classNames={{ input: css.input }} autosize minRows={1} maxRows={6}
        spellCheck={false} readOnly={readOnly} value={text} error={error ?? invalid} maxLength={2000}
        onChange={(event) => { onChange(event.currentTarget.value || null); setCaret(event.currentTarget.selectionStart); }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)} />
      {offered.length > 0 && <ul className={css.offered} aria-label={d('expr.offered')}>{offered.map(({ name }) => <li key={name}><button type="button" onMouseDown={(event) => event.preventDefault()} onClick={() => insert(name)}>{name}</button></li>)}</ul>}
      <div aria-live="polite">
        {invalid && <Faults text={text} faults={check.faults ?? []} />}
        {check?.valid && reads.length > 0 && <p className={css.reads}>{d('expr.reads', { names: reads.join(', ') })}</p>}
      </div>
    </div>
  );
}
