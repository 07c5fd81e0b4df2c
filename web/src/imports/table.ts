/* The beginning of a table, cut into rows, to be shown before it is sent. */
export interface Row {
  cells: string[];
}

export interface Table {
  delimiter: ',' | ';' | '\t' | '|';
  header: Row;
  rows: Row[];
}

const delimiters = [',', ';', '\t', '|'] as const;
export const largest = 100 * 1024 * 1024; /* the settings may say less */
export const looked = 1024 * 1024; /* so much of a file is looked at here */

/* What stands most often in the first line, outside of quotes. */
function delimiterOf(text: string): Table['delimiter'] {
  const counts = new Map<string, number>();
  let quoted = false;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    else if (c === '\n' && !quoted) break;
    else if (!quoted) counts.set(c, (counts.get(c) ?? 0) + 1);
  }
  return delimiters.reduce((best, one) => ((counts.get(one) ?? 0) > (counts.get(best) ?? 0) ? one : best));
}

/* The end of the row that begins at `from`, and its cells. Quotes count at the beginning of a cell
 * only; where they are not closed, or text follows them, the row ends with the line and the server
 * says what is wrong with it. */
function rowAt(text: string, from: number, delimiter: string): { end: number; cells: string[] } {
  const cells: string[] = [];
  let at = from;
  for (;;) {
    if (text[at] === '"') {
      let close = at + 1;
      while (close < text.length && (text[close] !== '"' || text[close + 1] === '"')) close += text[close] === '"' ? 2 : 1;
      cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
      at = Math.min(close + 1, text.length);
      if (at < text.length && text[at] !== delimiter && text[at] !== '\n' && !text.startsWith('\r\n', at)) {
        const end = text.indexOf('\n', at);
        return { end: end < 0 ? text.length : end, cells };
      }
    } else {
      const begin = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at++;
      cells.push(text.slice(begin, at).replace(text[at] === '\n' ? /\r$/ : /$^/, ''));
    }
    if (text[at] === delimiter) at++;
    else return { end: text[at] === '\r' ? at + 1 : at, cells };
  }
}

/* null where there is no header. */
export function cut(given: string): Table | null {
  let text = given.replace(/^\uFEFF/, '');
  const told = /^sep=([,;\t|])\r?\n/.exec(text);
  if (told) text = text.slice(told[0].length);
  const delimiter = (told?.[1] as Table['delimiter'] | undefined) ?? delimiterOf(text);
  const rows: Row[] = [];
  for (let at = 0; at < text.length;) {
    const { end, cells } = rowAt(text, at, delimiter);
    rows.push({ cells });
    at = end + 1;
  }
  const header = rows.shift();
  return header && header.cells.some((cell) => cell.trim() !== '') ? { delimiter, header, rows } : null;
}
