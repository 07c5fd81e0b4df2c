/* A table as text, cut into rows and put together again in pieces that one request may hold. A row
 * keeps its own text and its line in the file, so that what is sent and told is what the file has. */
export interface Row {
  line: number;
  text: string; /* without its line break */
  cells: string[];
}

export interface Table {
  delimiter: ',' | ';' | '\t' | '|';
  header: Row;
  rows: Row[];
}

export interface Piece {
  text: string;
  rows: Row[];
}

const delimiters = [',', ';', '\t', '|'] as const;
const rowsAtOnce = 500;
const bytesAtOnce = 3_500_000; /* a request holds 4 MiB */
export const largest = 50 * 1024 * 1024;

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
  let line = 1;
  const told = /^sep=([,;\t|])\r?\n/.exec(text);
  if (told) {
    text = text.slice(told[0].length);
    line = 2;
  }
  const delimiter = (told?.[1] as Table['delimiter'] | undefined) ?? delimiterOf(text);
  const rows: Row[] = [];
  for (let at = 0; at < text.length;) {
    const { end, cells } = rowAt(text, at, delimiter);
    const own = text.slice(at, end);
    rows.push({ line, text: own.replace(/\r$/, ''), cells });
    line += own.split('\n').length;
    at = end + 1;
  }
  const header = rows.shift();
  return header && header.cells.some((cell) => cell.trim() !== '') ? { delimiter, header, rows } : null;
}

const bytesOf = (text: string) => new TextEncoder().encode(JSON.stringify(text)).length;

export function textOf(table: Table, rows: Row[]): string {
  return `${[table.header, ...rows].map((row) => row.text).join('\n')}\n`;
}

/* Rows in their order, each piece with the header. A row too large for any goes alone, and the server
 * refuses it. */
export function piecesOf(table: Table, rows: Row[]): Piece[] {
  const groups: Row[][] = [];
  const head = bytesOf(table.header.text);
  let bytes = 0;
  for (const row of rows) {
    const more = bytesOf(row.text);
    const last = groups[groups.length - 1];
    if (last && last.length < rowsAtOnce && bytes + more <= bytesAtOnce) {
      last.push(row);
      bytes += more;
    } else {
      groups.push([row]);
      bytes = head + more;
    }
  }
  return groups.map((group) => ({ rows: group, text: textOf(table, group) }));
}

/* The line in the file of a line of a piece: what lies between two rows there may be missing here. */
export function lineIn(table: Table, piece: Piece, line: number): number {
  let at = table.header.text.split('\n').length + 1;
  for (const row of piece.rows) {
    const height = row.text.split('\n').length;
    if (line < at + height) return row.line + (line - at);
    at += height;
  }
  return line;
}
