import { expect, it } from 'vitest';
import { Custody } from '../../services/history/custody.js';

function assigned(...partitions: number[]): Custody {
  const custody = new Custody();
  custody.assign(partitions);
  return custody;
}

it('custody is what the group assigned, with what was inherited since and without what was yielded', () => {
  const custody = assigned(1, 2);
  expect(custody.inherit(3)).toBe(true);
  expect(custody.yield(1)).toBe(true);
  expect([...custody.partitions]).toEqual([2, 3]);
});

it('what is there already is no news', () => {
  const custody = assigned(1);
  expect(custody.inherit(1)).toBe(false);
  expect(custody.yield(2)).toBe(false);
});

it('custody is at odds with the group over what it assigned and somebody else has, not over an inheritance lost', () => {
  const custody = assigned(1);
  custody.inherit(2);
  custody.yield(2);
  expect(custody.isAtOdds).toBe(false);
  custody.yield(1);
  expect(custody.isAtOdds).toBe(true);
});

it('a partition yielded may come back by inheritance', () => {
  const custody = assigned(1);
  custody.yield(1);
  custody.inherit(1);
  expect([...custody.partitions]).toEqual([1]);
  expect(custody.isAtOdds).toBe(false);
});

it('the next word of the group replaces everything', () => {
  const custody = assigned(1, 2);
  custody.inherit(3);
  custody.yield(1);
  custody.assign([1]);
  expect([...custody.partitions]).toEqual([1]);
});
