import nodeAssert from 'node:assert';
import { expect, test } from 'vitest';
import { assert } from '../../sdk/workflow/globals/assert.js';

type Comparison = (actual: unknown, expected: unknown) => void;

function messageOf(compare: Comparison, actual: unknown, expected: unknown): string {
  try {
    compare(actual, expected);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the assertion holds');
}

/** Of a few characters: how Node shows the difference of longer ones depends on its version. */
const unequal = [
  [6, 7],
  ['a', 'b'],
  [true, null],
  [10n, 11n],
] as const;

test.each(['strictEqual', 'deepStrictEqual'] as const)('%s says what Node says', (name) => {
  for (const [actual, expected] of unequal) {
    expect(messageOf(assert[name], actual, expected)).toBe(messageOf(nodeAssert[name], actual, expected));
  }
});

test.each(['equal', 'deepEqual'] as const)('%s says what Node says', (name) => {
  for (const [actual, expected] of unequal) {
    expect(messageOf(assert[name], actual, expected)).toBe(messageOf(nodeAssert[name], actual, expected));
  }
});

test.each(['notEqual', 'notStrictEqual', 'notDeepStrictEqual', 'notDeepEqual'] as const)(
  '%s says what Node says',
  (name) => {
    for (const value of [7, 'a', 10n, null]) {
      expect(messageOf(assert[name], value, value)).toBe(messageOf(nodeAssert[name], value, value));
    }
  },
);

test('match and doesNotMatch say what Node says', () => {
  const ours = [
    messageOf(assert.match as Comparison, 'abc', /x/),
    messageOf(assert.doesNotMatch as Comparison, 'abc', /b/),
  ];
  const nodes = [
    messageOf(nodeAssert.match as Comparison, 'abc', /x/),
    messageOf(nodeAssert.doesNotMatch as Comparison, 'abc', /b/),
  ];
  expect(ours).toEqual(nodes);
});
