/* JSON as people read it: indented, names and values apart, with a button that copies it. */
import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@/parts/icons';
import { a } from '@/text/admin';
import { t } from '@/text/t';
import css from './Json.module.css';

/* A text that is JSON, indented; any other as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b/g;

function Coloured({ text }: { text: string }) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon] = match;
    parts.push(text.slice(end, match.index));
    parts.push(<span key={match.index} className={colon ? css.name : string ? css.string : css.word}>{string ?? whole}</span>);
    end = match.index + (string ?? whole).length;
  }
  return <>{parts}{text.slice(end)}</>;
}

export function Json({ text, label }: { text: string; label: string }) {
  const shown = pretty(text);
  const isJson = /^\s*[[{]/.test(shown);
  return (
    <div className={css.box}>
      <pre className={css.text} tabIndex={0} role="region" aria-label={a('json.label', { name: label })}>{isJson ? <Coloured text={shown} /> : shown}</pre>
      <CopyButton value={shown}>
        {({ copied, copy }) => (
          <Button className={css.copy} size="compact-xs" variant="default" onClick={copy} leftSection={copied ? <IconCheck size={13} /> : <IconCopy size={13} />}>
            {t(copied ? 'record.copied' : 'form.copy')}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
