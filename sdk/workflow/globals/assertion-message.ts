// What a failed assertion says: Node's words for values of one line, which tests compare with.
import { isError } from '../../common/cross-realm.js';

/** Characters of both. */
const LONGEST_SIDE_BY_SIDE = 12;

const sentences: Readonly<Record<string, (actual: string, expected: string) => string>> = {
  '==': (actual, expected) => `${actual} == ${expected}`,
  '!=': (actual, expected) => `${actual} != ${expected}`,
  strictEqual: (actual, expected) => `Expected values to be strictly equal:\n${difference(actual, expected)}`,
  notStrictEqual: (_, expected) => `Expected "actual" to be strictly unequal to: ${expected}`,
  deepStrictEqual: (actual, expected) => `Expected values to be strictly deep-equal:\n${difference(actual, expected)}`,
  notDeepStrictEqual: (_, expected) => `Expected "actual" not to be strictly deep-equal to: ${expected}`,
  deepEqual: (actual, expected) =>
    `Expected values to be loosely deep-equal:\n\n${actual}\n\nshould loosely deep-equal\n\n${expected}`,
  notDeepEqual: (_, expected) => `Expected "actual" not to be loosely deep-equal to:\n\n${expected}`,
  match: (actual, expected) => `The input did not match the regular expression ${expected}. Input:\n\n${actual}\n`,
  doesNotMatch: (actual, expected) =>
    `The input was expected to not match the regular expression ${expected}. Input:\n\n${actual}\n`,
};

/** Says that this operator does not hold between the values. */
export function assertionMessage(operator: string, actual: unknown, expected: unknown): string {
  const [is, should] = [textOf(actual), textOf(expected)];
  return sentences[operator]?.(is, should) ?? `Expected ${is} ${operator} ${should}`;
}

/** Side by side where they are short, as Node does it. */
function difference(actual: string, expected: string): string {
  const areShort = actual.length + expected.length <= LONGEST_SIDE_BY_SIDE && !/^[[{]/.test(actual);
  return areShort ? `\n${actual} !== ${expected}\n` : `+ actual - expected\n\n+ ${actual}\n- ${expected}`;
}

/** The value as source code, as far as it has a short one. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null || value instanceof RegExp || isError(value)) return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return String(value);
  }
}

function quoted(text: string): string {
  const double = JSON.stringify(text);
  return text.includes("'") ? double : `'${double.slice(1, -1).replaceAll('\\"', '"')}'`;
}
