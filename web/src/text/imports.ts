/* The texts of imports. */
import { importsEn } from './imports.en';
import { partOf } from './t';

export const { say: i, count: inum } = partOf({ en: importsEn as Record<keyof typeof importsEn, string> });
