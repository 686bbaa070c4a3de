import { type LogEntry, type logCreator, logLevel } from 'kafkajs';
import type { Logger } from '../../logger.js';

/**
 * kafkajs's logs as ours. What it calls an error is mostly a broker that is away, which it tries again and so do we:
 * a warning. Its connections call each answer that isn't a success an error, a rebalance too; that, and what it calls a
 * warning or info, is of use to whoever debugs a group.
 */
export function kafkajsLogCreator(logger: Logger): logCreator {
  return () =>
    ({ level, namespace, log: { message, timestamp: _, logger: __, ...facts } }: LogEntry) => {
      const write = level === logLevel.ERROR && namespace !== 'Connection' ? logger.warn : logger.debug;
      write(message, { from: `kafkajs ${namespace}`, ...facts });
    };
}
