import type { Facts, Logger } from '../platform/logger.js';

/** A logger for a person at a terminal: a plain line for each message from `info` up, on stderr. */
export const consoleLogger: Logger = loggerWith({});

function loggerWith(common: Facts): Logger {
  function say(message: string, facts?: Facts): void {
    const told = Object.entries({ ...common, ...facts }).map(([name, value]) => ` ${name}=${printed(value)}`);
    process.stderr.write(`${message}${told.join('')}\n`);
  }
  return {
    trace() {},
    debug() {},
    info: say,
    warn: say,
    error: say,
    child: (facts) => loggerWith({ ...common, ...facts }),
  };
}

function printed(value: unknown): string {
  if (value instanceof Error) return value.stack ?? value.message;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
