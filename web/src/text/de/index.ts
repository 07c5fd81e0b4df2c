import type { Language } from '../t';
import { admin } from './admin';
import { designers } from './designers';
import { imports } from './imports';
import { main } from './main';
import { meanings } from './meanings';
import { ramp } from './ramp';
import { reports } from './reports';
import { words } from './words';

export const language: Language = { main, parts: { admin, designers, imports, ramp, reports }, words: { ...words, meanings } };
