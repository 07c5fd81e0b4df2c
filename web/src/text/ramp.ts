/* The texts of the editor of ramps. */
import { rampEn } from './ramp.en';
import { partOf } from './t';

export const { say: r } = partOf('ramp', rampEn as Record<keyof typeof rampEn, string>);
