import type { Facts, Logger as PlatformLogger } from '../../../services/platform/logger.js';
import type { Logger } from '../../common/logger.js';

/** The other way round than `userLogger`: what the platform logs goes to a user's logger. */
export function forwardingLogger(logger: Logger, bound: Facts = {}): PlatformLogger {
  return {
    trace: (message, facts) => logger.trace(message, { ...bound, ...facts }),
    debug: (message, facts) => logger.debug(message, { ...bound, ...facts }),
    info: (message, facts) => logger.info(message, { ...bound, ...facts }),
    warn: (message, facts) => logger.warn(message, { ...bound, ...facts }),
    error: (message, facts) => logger.error(message, { ...bound, ...facts }),
    child: (facts) => forwardingLogger(logger, { ...bound, ...facts }),
  };
}
