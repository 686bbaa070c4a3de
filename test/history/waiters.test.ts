import { describe, expect, it } from 'vitest';
import { Waiters } from '../../services/history/waiters.js';

const waiter = (requestId: string, asker = 'asker') => ({ to: { partition: 0, asker }, requestId });

describe('waiters', () => {
  it('are answered once each, however often the same request is asked again', () => {
    const waiters = new Waiters(10);
    for (const requestId of ['a', 'a', 'b']) waiters.add('run', waiter(requestId));
    waiters.add('run', waiter('a', 'another'));
    waiters.add('other run', waiter('c'));
    expect([...waiters.take('run')]).toEqual([waiter('a'), waiter('b'), waiter('a', 'another')]);
    expect([...waiters.take('run')]).toEqual([]);
    expect(waiters.size).toBe(1);
  });

  it('are bounded: the oldest wait gives way', () => {
    const waiters = new Waiters(2);
    for (const requestId of ['a', 'b', 'c']) waiters.add(`run of ${requestId}`, waiter(requestId));
    expect(waiters.size).toBe(2);
    expect([...waiters.take('run of a')]).toEqual([]);
    expect([...waiters.take('run of c')]).toEqual([waiter('c')]);
  });
});
