import { expect, test } from 'vitest';
import { instantOf, type Life, rangeOf, spansOf, ticksOf } from './timeline';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 23, hour)).toISOString();
const life = (...steps: [number, string][]): Life => ({ name: 'A', occurrence: 1, state: '', target_at: null, timeline: steps.map(([hour, what]) => ({ at: at(hour), what })) });
const kinds = (one: Life) => spansOf(one, Date.parse(at(20))).map((span) => [span.kind, new Date(span.from).getUTCHours(), new Date(span.to).getUTCHours()]);

test('spans follow the steps, up to the end', () => {
  expect(kinds(life([8, 'started'], [10, 'paused'], [12, 'resumed'], [14, 'violated'], [16, 'completed']))).toEqual([
    ['running', 8, 10], ['paused', 10, 12], ['running', 12, 14], ['late', 14, 16]]);
  expect(kinds(life([8, 'started'], [9, 'violated'], [10, 'paused'], [12, 'resumed']))).toEqual([['running', 8, 9], ['late', 9, 10], ['paused', 10, 12], ['late', 12, 20]]);
  expect(kinds(life([8, 'started'], [8, 'paused'], [9, 'cancelled']))).toEqual([['paused', 8, 9]]);
});

test('the axis holds everything, its ticks are round on the clock of the person', () => {
  const [from, to] = rangeOf([life([8, 'started'], [16, 'completed'])], null);
  expect(from).toBeLessThan(Date.parse(at(8)));
  expect(to).toBeGreaterThan(Date.parse(at(16)));
  expect(ticksOf([from, to], 5, 3_600_000).map((one) => new Date(one).getUTCHours())).toEqual([9, 11, 13, 15]);
});

test.each([['2026-11-23T09:00', 'Europe/Berlin', '2026-11-23T08:00:00.000Z'], ['2026-07-01T09:00', 'America/New_York', '2026-07-01T13:00:00.000Z'], ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z']])(
  '%s in %s', (wall, zone, instant) => expect(instantOf(wall, zone)).toBe(instant));
