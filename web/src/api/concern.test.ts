import { expect, test } from 'vitest';
import { isConcerned, type LiveEvent } from './concern';

const plural = (type: string) => ({ case: 'cases', milestone: 'milestones', entitlement: 'entitlements', account: 'accounts' })[type] ?? null;
const of = (subject_type: string, subject_id: string): LiveEvent => ({ id: 'evt_1', type: `${subject_type}.updated`, subject_type, subject_id, account_id: 'acc_1' });

test.each<[string, unknown[], LiveEvent, boolean]>([
  ['the record itself', ['rows', 'cases', 'one', 'cas_1', {}], of('case', 'cas_1'), true],
  ['another record', ['rows', 'cases', 'one', 'cas_2', {}], of('case', 'cas_1'), false],
  ['a list of its type', ['rows', 'cases', 'list', { state: 'open' }], of('case', 'cas_1'), true],
  ['a list of another type', ['rows', 'assets', 'list', {}], of('case', 'cas_1'), false],
  ['clocks of a case', ['rows', 'milestones', 'page', { case_id: 'cas_1' }], of('case', 'cas_1'), true],
  ['the case of a clock', ['rows', 'cases', 'one', 'cas_1', {}], of('milestone', 'mst_1'), true],
  ['the ledger of an entitlement', ['rows', 'term_postings', 'ledger', 'ent_1'], of('entitlement', 'ent_1'), true],
  ['an answer about coverage', ['rows', 'coverage', { account_id: 'acc_1' }], of('entitlement', 'ent_1'), true],
  ['what shows the name of it', ['rows', 'cases', 'page', { expand: 'account,assignee' }], of('account', 'acc_1'), true],
  ['its history', ['rows', 'events', 'list', { subject_id: 'cas_1' }], of('case', 'cas_1'), true],
  ['the history of another', ['rows', 'events', 'list', { subject_id: 'cas_2' }], of('case', 'cas_1'), false],
  ['all events', ['rows', 'events', 'list', {}], of('case', 'cas_1'), true],
  ['what is no record', ['meta'], of('case', 'cas_1'), false],
  ['an unknown type', ['rows', 'cases', 'list', {}], of('nonsense', 'xyz_1'), false],
])('%s', (_, key, event, is) => expect(isConcerned(key, [event], plural)).toBe(is));
