import { describe, expect, it } from 'vitest';
import { type Duration, msOptionalToNumber, msToNumber, timeoutMs } from '../../sdk/common/duration.js';
import { ValueError } from '../../sdk/common/index.js';

describe('a duration [common.durations]', () => {
  it.each<[Duration, number]>([
    [250, 250],
    ['250', 250],
    ['3 seconds', 3_000],
    ['1.5h', 5_400_000],
  ])('%j is %d ms', (duration, millis) => {
    expect(msToNumber(duration)).toBe(millis);
  });

  it.each(['soon', ''])("'%s' is refused by name", (text) => {
    expect(() => msToNumber(text as Duration)).toThrow(new TypeError(`Invalid duration string: '${text}'`));
  });

  it('that is not given stays so', () => {
    expect(msOptionalToNumber(undefined)).toBeUndefined();
    expect(msOptionalToNumber(null)).toBeUndefined();
  });
});

describe('a time-out', () => {
  it('is in whole milliseconds, and none when it is 0 or not given', () => {
    expect([timeoutMs('t', 1.2), timeoutMs('t', 0), timeoutMs('t', undefined)]).toEqual([2, null, null]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('of %d is refused by name', (duration) => {
    expect(() => timeoutMs('startToCloseTimeout', duration)).toThrow(ValueError);
    expect(() => timeoutMs('startToCloseTimeout', duration)).toThrow('startToCloseTimeout');
  });
});
