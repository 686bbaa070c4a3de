import type { Logger as PlatformLogger } from '../../../services/platform/logger.js';
import type { Logger } from '../../common/logger.js';

const methods = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** The platform's logger in the shape that user code is given. */
export function userLogger(logger: PlatformLogger): Logger {
  return {
    log: (level, message, meta) => logger[methods[level]](message, meta),
    trace: (message, meta) => logger.trace(message, meta),
    debug: (message, meta) => logger.debug(message, meta),
    info: (message, meta) => logger.info(message, meta),
    warn: (message, meta) => logger.warn(message, meta),
    error: (message, meta) => logger.error(message, meta),
  };
}
