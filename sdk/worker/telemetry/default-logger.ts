import { formatWithOptions } from 'node:util';
import { systemClock } from '../../../services/platform/clock.js';
import type { Logger, LogLevel, LogMetadata } from '../../common/logger.js';

export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  /** Nanoseconds since the epoch. */
  readonly timestampNanos: bigint;
  readonly meta?: LogMetadata;
}

/** Under this symbol a line's attributes may carry the time at which it was written, in nanoseconds since the epoch. */
export const LogTimestamp = Symbol.for('log_timestamp');

const levels: readonly LogLevel[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];

/** Writes lines from a level on to stderr, or to a function. */
export class DefaultLogger implements Logger {
  readonly level: LogLevel;
  readonly #write: (entry: LogEntry) => void;

  constructor(level: LogLevel = 'INFO', logFunction: (entry: LogEntry) => void = writeToStderr) {
    this.level = level;
    this.#write = logFunction;
  }

  log(level: LogLevel, message: string, meta?: LogMetadata): void {
    if (levels.indexOf(level) < levels.indexOf(this.level)) return;
    const { [LogTimestamp]: time, ...rest } = meta ?? {};
    const timestampNanos = typeof time === 'bigint' ? time : BigInt(systemClock.now()) * 1_000_000n;
    this.#write({ level, message, timestampNanos, ...(Object.keys(rest).length > 0 && { meta: rest }) });
  }

  trace(message: string, meta?: LogMetadata): void {
    this.log('TRACE', message, meta);
  }

  debug(message: string, meta?: LogMetadata): void {
    this.log('DEBUG', message, meta);
  }

  info(message: string, meta?: LogMetadata): void {
    this.log('INFO', message, meta);
  }

  warn(message: string, meta?: LogMetadata): void {
    this.log('WARN', message, meta);
  }

  error(message: string, meta?: LogMetadata): void {
    this.log('ERROR', message, meta);
  }
}

function writeToStderr({ level, message, timestampNanos, meta }: LogEntry): void {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const attributes = meta === undefined ? '' : ` ${formatWithOptions({ colors: process.stderr.isTTY }, meta)}`;
  process.stderr.write(`${time} [${level}] ${message}${attributes}\n`);
}
