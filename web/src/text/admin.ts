/* The texts of administration. */
import { adminEn } from './admin.en';
import { partOf } from './t';

export const { say: a, count: an } = partOf('admin', adminEn as Record<keyof typeof adminEn, string>);
