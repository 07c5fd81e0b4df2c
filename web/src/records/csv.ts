/* The rows of a list as a file, in the columns that are shown. */
import { fieldNamed, type MetaType } from '@/api/meta';
import { getPage, type Page, type Params, type Row } from '@/api/records';
import { valueText } from '@/parts/Value';

const most = 100_000;

/* A cell of RFC 4180. What a spreadsheet would run as a formula is made text. */
export function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,]+$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function linesOf(type: MetaType, columns: string[], rows: Row[], label: (row: Row) => string): string[] {
  const fields = columns.flatMap((name) => fieldNamed(type, name) ?? []);
  return rows.map((row) => [row.id, ...fields.map((field) => valueText(field, row, label))].map(cell).join(','));
}

/* All pages of the filtered list, one after another. */
export async function exportCsv(
  type: MetaType, params: Params, columns: string[], label: (row: Row) => string, progress: (count: number) => void,
): Promise<number> {
  const heads = columns.flatMap((name) => fieldNamed(type, name)?.label ?? []);
  const parts = [`\uFEFF${['Id', ...heads].map(cell).join(',')}\r\n`]; /* a page each: they are never one string */
  let count = 0;
  let cursor: string | null = '';
  while (cursor !== null && count < most) {
    const page: Page = await getPage(type.plural!, { ...params, fields: columns.join(','), limit: '200', ...(cursor ? { cursor } : {}) });
    parts.push(linesOf(type, columns, page.data, label).map((line) => `${line}\r\n`).join(''));
    count += page.data.length;
    cursor = page.has_more ? page.next_cursor : null;
    progress(count);
  }
  save(`${type.plural}.csv`, parts);
  return count;
}

export function save(name: string, text: string | string[]): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text].flat(), { type: 'text/csv' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
