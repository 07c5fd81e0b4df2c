import { expect, test } from 'vitest';
import type { Row } from '@/api/records';
import { storyOf } from './story';

const contract = { object: 'contract', id: 'ctr_1', state: 'active', starts_on: '2026-10-25', ends_on: '2027-04-24', time_zone: 'Europe/Rome' } as unknown as Row;
const event = { object: 'event', id: 'evt_1', type: 'contract.activated', created_at: '2026-10-24T22:00:00Z', actor: 'system' } as unknown as Row;

test('what happened is told by the days of the contract', () => {
  const of = (zone: string) => storyOf({ ...contract, time_zone: zone }, { operations: [], links: [], events: [event] }, '2026-11-22').past[0]?.on;
  expect(of('Europe/Rome')).toBe('2026-10-25');
  expect(of('America/Denver')).toBe('2026-10-24');
});
