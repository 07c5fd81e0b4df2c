/* The texts of the designers of calendars and service levels. */
import { designersEn } from './designers.en';
import { partOf } from './t';

export const { say: d, count: dn } = partOf('designers', designersEn as Record<keyof typeof designersEn, string>);
