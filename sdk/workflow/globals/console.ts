import { log } from '../log.js';

const write =
  (level: 'debug' | 'info' | 'warn' | 'error') =>
  (...values: unknown[]): void =>
    log[level](values.map(textOf).join(' '));

const silent = () => {};

/** `console` on the worker's logger, silent on replay. */
export const consoleOfRun = {
  log: write('info'),
  info: write('info'),
  debug: write('debug'),
  trace: write('debug'),
  dir: write('info'),
  table: write('info'),
  warn: write('warn'),
  error: write('error'),
  assert(isTrue: unknown, ...values: unknown[]): void {
    if (!isTrue) consoleOfRun.error('Assertion failed:', ...values);
  },
  group: silent,
  groupCollapsed: silent,
  groupEnd: silent,
  count: silent,
  countReset: silent,
  time: silent,
  timeLog: silent,
  timeEnd: silent,
};

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return value.stack ?? String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return String(value);
  }
}
