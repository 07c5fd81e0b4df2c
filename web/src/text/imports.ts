/* The texts of imports. */
import { importsEn } from './imports.en';
import { partOf } from './t';

export const { say: i, count: inum } = partOf('imports', importsEn as Record<keyof typeof importsEn, string>);
