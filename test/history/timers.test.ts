import { describe, expect, it } from 'vitest';
import { Timers } from '../../services/history/timers.js';
import { randomFrom } from './random.js';

describe('timers', () => {
  it('give what is due, earliest first, and keep it until it is set anew', () => {
    const timers = new Timers();
    timers.set('late', 30);
    timers.set('early', 10);
    expect(timers.nextAt).toBe(10);
    expect(timers.due(9)).toBeUndefined();
    expect([timers.due(10), timers.due(10)]).toEqual(['early', 'early']);
    timers.set('early', 40);
    expect(timers.due(35)).toBe('late');
    timers.set('late', undefined);
    expect(timers.due(39)).toBeUndefined();
    timers.set('early', undefined);
    expect([timers.nextAt, timers.size]).toEqual([undefined, 0]);
  });

  it('agree with a sorted list over random changes, with one entry a run', () => {
    const random = randomFrom(1);
    const timers = new Timers();
    const expected = new Map<string, number>();
    for (let step = 0; step < 5_000; step++) {
      const runId = `run-${Math.floor(random() * 100)}`;
      const dueAt = random() < 0.2 ? undefined : Math.floor(random() * 1_000_000);
      timers.set(runId, dueAt);
      if (dueAt === undefined) expected.delete(runId);
      else expected.set(runId, dueAt);
      expect(timers.size).toBe(expected.size);
      expect(timers.dueAt(runId)).toBe(dueAt);
      expect(timers.nextAt).toBe(expected.size === 0 ? undefined : Math.min(...expected.values()));
      expect(expected.get(timers.due(Infinity) ?? '')).toBe(timers.nextAt);
    }
  });
});
