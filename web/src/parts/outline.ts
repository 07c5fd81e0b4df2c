/* A value of any shape as a person reads it: a line each for what it is made of, indented below what that is of. */
import type { Json } from '@/api/records';
import { day, instant, money } from '@/text/format';
import { t } from '@/text/t';
import { fieldWord } from '@/text/words';

type Tree = { [name: string]: Json };

const isTree = (value: Json): value is Tree => value !== null && typeof value === 'object' && !Array.isArray(value);
const isSpan = (value: Json): value is string[] => Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'string' && /^\d\d:\d\d$/.test(one));
const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text);

function plain(value: null | boolean | number | string): string {
  if (value === null || value === '') return '–';
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
  if (typeof value === 'number') return String(value);
  return isDay(value) ? day(value) : /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) ? instant(value) : value;
}

const nameOf = (name: string) => (isDay(name) ? day(name) : fieldWord(name));

function list(values: Json[]): string[] {
  const lines = values.map(outlineOf);
  if (values.every((value) => !isTree(value)) && lines.every((one) => one.length === 1)) return [lines.map(([line]) => line).join(', ')];
  return lines.flat();
}

function tree(value: Tree): string[] {
  if (Object.keys(value).length === 2 && typeof value.amount === 'string' && typeof value.currency === 'string') return [money(value.amount, value.currency)];
  const members = Object.entries(value).filter(([name, one]) => one !== null && name !== 'id').map(([name, one]) => ({ name: nameOf(name), lines: outlineOf(one) }));
  const isShort = members.length > 0 && members.every(({ lines }) => lines.length === 1) && members.reduce((sum, { name, lines }) => sum + name.length + lines[0]!.length, 0) < 72;
  if (isShort) return [members.map(({ name, lines }) => `${name}: ${lines[0]}`).join(' · ')];
  return members.flatMap(({ name, lines }) => (lines.length === 1 ? [`${name}: ${lines[0]}`] : [`${name}:`, ...lines.map((line) => `  ${line}`)]));
}

export function outlineOf(value: Json): string[] {
  if (isSpan(value)) return [value.join('–')];
  if (Array.isArray(value)) return value.length === 0 ? ['–'] : list(value);
  return isTree(value) ? tree(value) : [plain(value)];
}
