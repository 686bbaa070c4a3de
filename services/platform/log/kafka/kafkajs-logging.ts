import type { LogEntry, logCreator } from 'kafkajs';
import type { Logger } from '../../logger.js';

/**
 * kafkajs's logs as ours, for whoever debugs a group. What it calls an error is an answer that isn't a success, a
 * rebalance too, or a broker that is away: it says so at each try. What of it matters, the membership says itself.
 */
export function kafkajsLogCreator(logger: Logger): logCreator {
  return () =>
    ({ namespace, log: { message, timestamp: _, logger: __, ...facts } }: LogEntry) => {
      logger.debug(message, { from: `kafkajs ${namespace}`, ...facts });
    };
}
