// Node's `assert` for workflow code, which is the global `assert` too. Node's own would bring the host's realm along.
import { isError } from '../../common/cross-realm.js';
import { assertionMessage, textOf } from './assertion-message.js';
import { isDeepEqual } from './deep-equal.js';

type Message = string | Error | undefined;
type Expected = RegExp | (new (...args: never[]) => object) | ((error: unknown) => boolean) | object;

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
  readonly code = 'ERR_ASSERTION';
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator: string;

  constructor(options: { message?: string; actual?: unknown; expected?: unknown; operator?: string } = {}) {
    super(options.message ?? 'Failed');
    this.actual = options.actual;
    this.expected = options.expected;
    this.operator = options.operator ?? 'fail';
  }
}

function check(holds: boolean, operator: string, actual: unknown, expected: unknown, message: Message): void {
  if (holds) return;
  if (isError(message)) throw message;
  const said = message ?? assertionMessage(operator, actual, expected);
  throw new AssertionError({ message: said, actual, expected, operator });
}

function ok(value: unknown, message?: Message): asserts value {
  check(Boolean(value), '==', value, true, message ?? `The expression evaluated to a falsy value: ${textOf(value)}`);
}

const strict = {
  AssertionError,
  ok,
  fail(message?: Message): never {
    throw isError(message) ? message : new AssertionError({ message: message ?? 'Failed' });
  },
  strictEqual: (actual: unknown, expected: unknown, message?: Message) =>
    check(Object.is(actual, expected), 'strictEqual', actual, expected, message),
  notStrictEqual: (actual: unknown, expected: unknown, message?: Message) =>
    check(!Object.is(actual, expected), 'notStrictEqual', actual, expected, message),
  deepStrictEqual: (actual: unknown, expected: unknown, message?: Message) =>
    check(isDeepEqual(actual, expected, Object.is), 'deepStrictEqual', actual, expected, message),
  notDeepStrictEqual: (actual: unknown, expected: unknown, message?: Message) =>
    check(!isDeepEqual(actual, expected, Object.is), 'notDeepStrictEqual', actual, expected, message),
  match: (text: string, pattern: RegExp, message?: Message) =>
    check(pattern.test(text), 'match', text, pattern, message),
  doesNotMatch: (text: string, pattern: RegExp, message?: Message) =>
    check(!pattern.test(text), 'doesNotMatch', text, pattern, message),
  ifError(value: unknown): void {
    if (value !== null && value !== undefined) throw isError(value) ? value : new AssertionError({ actual: value });
  },
  throws(fn: () => unknown, expected?: Expected | string, message?: Message): void {
    try {
      fn();
    } catch (error) {
      checkThrown(error, expected);
      return;
    }
    throw missing('exception', expected, message);
  },
  doesNotThrow: (fn: () => unknown) => void fn(),
  async rejects(promise: Promise<unknown> | (() => Promise<unknown>), expected?: Expected | string, message?: Message) {
    try {
      await (typeof promise === 'function' ? promise() : promise);
    } catch (error) {
      checkThrown(error, expected);
      return;
    }
    throw missing('rejection', expected, message);
  },
  async doesNotReject(promise: Promise<unknown> | (() => Promise<unknown>)): Promise<void> {
    await (typeof promise === 'function' ? promise() : promise);
  },
};

const loose = {
  equal: (actual: unknown, expected: unknown, message?: Message) =>
    check(isLooselyEqual(actual, expected), '==', actual, expected, message),
  notEqual: (actual: unknown, expected: unknown, message?: Message) =>
    check(!isLooselyEqual(actual, expected), '!=', actual, expected, message),
  deepEqual: (actual: unknown, expected: unknown, message?: Message) =>
    check(isDeepEqual(actual, expected, isLooselyEqual), 'deepEqual', actual, expected, message),
  notDeepEqual: (actual: unknown, expected: unknown, message?: Message) =>
    check(!isDeepEqual(actual, expected, isLooselyEqual), 'notDeepEqual', actual, expected, message),
};

const strictAssert = Object.assign((value: unknown, message?: Message) => ok(value, message), strict, {
  equal: strict.strictEqual,
  notEqual: strict.notStrictEqual,
  deepEqual: strict.deepStrictEqual,
  notDeepEqual: strict.notDeepStrictEqual,
});

export const assert = Object.assign((value: unknown, message?: Message) => ok(value, message), strict, loose, {
  strict: Object.assign(strictAssert, { strict: strictAssert }),
});

function isLooselyEqual(actual: unknown, expected: unknown): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: that is what it is for
  return actual == expected || Object.is(actual, expected);
}

function checkThrown(error: unknown, expected: Expected | string | undefined): void {
  if (expected === undefined || typeof expected === 'string') return;
  if (expected instanceof RegExp) {
    if (!expected.test(String(error))) throw error;
  } else if (typeof expected === 'function') {
    const isClass = 'prototype' in expected && expected.prototype !== undefined && error instanceof expected;
    if (!isClass && !(expected as (error: unknown) => unknown)(error)) throw error;
  } else {
    for (const [key, value] of Object.entries(expected)) {
      const actual = (error as Record<string, unknown>)[key];
      const holds = value instanceof RegExp ? value.test(String(actual)) : isDeepEqual(actual, value, Object.is);
      check(holds, 'throws', actual, value, undefined);
    }
  }
}

function missing(what: string, expected: Expected | string | undefined, message: Message): Error {
  const said = typeof expected === 'string' ? expected : message;
  return isError(said)
    ? said
    : new AssertionError({ message: said ?? `Missing expected ${what}.`, operator: 'throws' });
}
