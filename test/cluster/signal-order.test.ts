import { describe, expect, it } from 'vitest';
import { orderFlaws, type SignalCall } from './signal-order.js';

const call = (id: string, calledAt: number, acknowledgedAt?: number): SignalCall => ({ id, calledAt, acknowledgedAt });

describe('the order of signals in a history', () => {
  it('is any, for signals that were under way at once', () => {
    const calls = [call('a', 0, 10), call('b', 5, 15)];
    expect(orderFlaws(calls, ['a', 'b'])).toEqual([]);
    expect(orderFlaws(calls, ['b', 'a'])).toEqual([]);
  });

  it('is that of their calls where one was acknowledged before the other was called', () => {
    const calls = [call('a', 0, 4), call('b', 5, 15)];
    expect(orderFlaws(calls, ['a', 'b'])).toEqual([]);
    expect(orderFlaws(calls, ['b', 'a'])).toEqual(['a, acknowledged at 4, stands behind b, called at 5']);
  });

  it('is looked at between signals far apart, too', () => {
    const calls = [call('a', 0, 4), call('b', 3, 30), call('c', 5, 9)];
    expect(orderFlaws(calls, ['c', 'b', 'a'])).toEqual(['a, acknowledged at 4, stands behind c, called at 5']);
  });

  it('allows what was never acknowledged anywhere, late included, or nowhere', () => {
    const calls = [call('a', 0), call('b', 5, 9)];
    for (const history of [['a', 'b'], ['b', 'a'], ['b']]) expect(orderFlaws(calls, history)).toEqual([]);
  });

  it('still holds others to the call of one that was never acknowledged', () => {
    const calls = [call('a', 0, 4), call('b', 5)];
    expect(orderFlaws(calls, ['b', 'a'])).toEqual(['a, acknowledged at 4, stands behind b, called at 5']);
  });

  it('misses what was acknowledged, and names what is there twice or was never sent', () => {
    const calls = [call('a', 0, 4), call('b', 5, 9)];
    expect(orderFlaws(calls, ['b', 'b', 'c'])).toEqual([
      'b is there twice',
      'c was never sent',
      'a was acknowledged and is missing',
    ]);
  });
});
