// The core's cron schedules against those of a library that is used for nothing else.
import { Cron } from 'croner';
import { describe, expect, it } from 'vitest';
import { civilOfDay, DAY_MS, weekdayOf } from '../../services/history/core/calendar.js';
import { cronProblem, nextCronTime } from '../../services/history/core/cron.js';
import { randomFrom } from '../history/random.js';

const at = (text: string) => Date.parse(text);
const text = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
const HOUR_MS = 3_600_000;

describe('the calendar', () => {
  it('has the dates and weekdays of Date, for two thousand years', () => {
    for (let day = -400_000; day < 400_000; day += 13) {
      const date = new Date(day * DAY_MS);
      const { year, month, day: ofMonth } = civilOfDay(day);
      expect([year, month, ofMonth, weekdayOf(day)]).toEqual([
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
        date.getUTCDay(),
      ]);
    }
  });
});

describe('a schedule of five fields', () => {
  const random = randomFrom(20_261_125);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));

  function field(least: number, most: number): string {
    const low = between(least, most);
    const high = between(low, most);
    return pick([
      () => '*',
      () => '*',
      () => `${low}`,
      () => `${low}-${high}`,
      () => `${low}-${high}/${between(1, 5)}`,
      () => `${[low, high, between(least, most)].join(',')}`,
    ])();
  }

  it('falls when the library says, whatever the fields and the hour', () => {
    for (let round = 0; round < 2_000; round++) {
      const expression = [field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6)].join(' ');
      const from = between(at('1999-01-01T00:00:00Z'), at('2060-01-01T00:00:00Z'));
      const expected = new Cron(expression, { timezone: 'UTC' }).nextRun(new Date(from));
      expect(text(nextCronTime(expression, from, from)), `${expression} after ${text(from)}`).toBe(
        expected?.toISOString(),
      );
    }
  });

  it.each([
    ['0 12 * * MON-FRI', '2026-11-27T12:00:00Z', '2026-11-30T12:00:00.000Z'],
    ['0 0 29 feb ?', '2096-03-01T00:00:00Z', '2104-02-29T00:00:00.000Z'],
    ['30 4 1,15 * 5', '2026-11-25T00:00:00Z', '2026-11-27T04:30:00.000Z'],
    ['5/20 * * * *', '2026-11-25T00:45:00Z', '2026-11-25T01:05:00.000Z'],
    ['@monthly', '2026-11-25T02:00:00Z', '2026-12-01T00:00:00.000Z'],
    ['@Hourly', '2026-11-25T02:00:00Z', '2026-11-25T03:00:00.000Z'],
    ['CRON_TZ=UTC 0 9 * * *', '2026-11-25T10:00:00Z', '2026-11-26T09:00:00.000Z'],
    ['  0   9 * *  * ', '2026-11-25T08:59:59Z', '2026-11-25T09:00:00.000Z'],
  ])('%s falls after %s at %s', (expression, from, expected) => {
    expect(cronProblem(expression)).toBeUndefined();
    expect(text(nextCronTime(expression, at(from), at(from)))).toBe(expected);
  });

  it('leaves out the times that pass while the run before is at work, but not the one that is now', () => {
    const from = at('2026-11-25T01:00:00Z');
    expect(nextCronTime('0 * * * *', from, from + 2.5 * HOUR_MS)).toBe(from + 3 * HOUR_MS);
    expect(nextCronTime('0 * * * *', from, from + 3 * HOUR_MS)).toBe(from + 3 * HOUR_MS);
  });
});

describe('@every', () => {
  it('counts from the run before, in whole seconds', () => {
    expect(nextCronTime('@every 1h30m', 10_500, 10_500)).toBe(10_000 + 1.5 * HOUR_MS);
    expect(nextCronTime('@every 10s', 0, 25_000)).toBe(30_000);
    expect(nextCronTime('@every 10s', 0, 30_000)).toBe(30_000);
    expect(nextCronTime('@every 20ms', 0, 0)).toBe(1_000);
  });
});

it.each([
  ['', 'it has 1 fields, not 5'],
  ['* * * *', 'it has 4 fields, not 5'],
  ['0 0 * * * *', 'it has 6 fields, not 5'],
  ['60 * * * *', "the minute is '60', and it goes from 0 to 59"],
  ['* * 0 * *', "the day of month is '0', and it goes from 1 to 31"],
  ['* * * * 7', "the day of week is '7', and it goes from 0 to 6"],
  ['5-1 * * * *', "'5-1' is no minute"],
  ['*/0 * * * *', "'*/0' is no minute"],
  ['1-2-3 * * * *', "'1-2-3' is no minute"],
  ['x * * * *', "'x' is no minute"],
  ['@reboot', "'@reboot' is none of @yearly"],
  ['@every soon', "'soon' is no duration such as 1h30m"],
  ['TZ=Europe/Rome 0 9 * * *', "its time zone is 'Europe/Rome', and only UTC is known"],
  ['0 0 30 2 *', 'no day is ever like that'],
])("'%s' is refused: %s", (expression, why) => {
  expect(cronProblem(expression)).toContain(why);
});
