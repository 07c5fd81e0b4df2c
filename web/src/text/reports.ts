/* The texts of the dashboards. */
import { reportsEn } from './reports.en';
import { partOf } from './t';

export const { say: r, count: rn } = partOf('reports', reportsEn as Record<keyof typeof reportsEn, string>);
