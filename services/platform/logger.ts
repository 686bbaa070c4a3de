import { destination, type Logger as PinoLogger, pino } from 'pino';

/** Facts that go with a message, as fields of the JSON line. An `Error` under `error` is written with its stack. */
export type Facts = Readonly<Record<string, unknown>>;

/** What every part of the platform logs through. The message is constant text; what varies is in the facts. */
export interface Logger {
  trace(message: string, facts?: Facts): void;
  debug(message: string, facts?: Facts): void;
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  error(message: string, facts?: Facts): void;
  /** A logger that adds these facts to every line. */
  child(facts: Facts): Logger;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof levels)[number];

/**
 * A logger that writes a JSON line a message to stderr: stdout belongs to the program. The level defaults to
 * `MILLRACE_LOG_LEVEL`, else `info`. Throws a TypeError for a level that doesn't exist.
 */
export function createLogger(options: { readonly name: string; readonly level?: LogLevel }): Logger {
  const level = options.level ?? levelFromEnvironment();
  return wrap(
    pino(
      { name: options.name, level, serializers: { error: pino.stdSerializers.err } },
      destination({ fd: 2, sync: true }),
    ),
  );
}

/** Says nothing. */
export const silentLogger: Logger = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};

function levelFromEnvironment(): LogLevel {
  const asked = process.env.MILLRACE_LOG_LEVEL || 'info';
  const level = levels.find((known) => known === asked);
  if (level === undefined) {
    throw new TypeError(`MILLRACE_LOG_LEVEL is '${asked}': set it to one of ${levels.join(', ')}`);
  }
  return level;
}

function wrap(target: PinoLogger): Logger {
  return {
    trace: (message, facts) => target.trace(facts ?? {}, message),
    debug: (message, facts) => target.debug(facts ?? {}, message),
    info: (message, facts) => target.info(facts ?? {}, message),
    warn: (message, facts) => target.warn(facts ?? {}, message),
    error: (message, facts) => target.error(facts ?? {}, message),
    child: (facts) => wrap(target.child(facts)),
  };
}
