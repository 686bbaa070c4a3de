import type { Logger, LogLevel, LogMetadata } from '../../common/logger.js';

/** A logger that adds attributes to every line, asked for at each: the line's own come last and win. */
export function loggerWithAttributes(logger: Logger, attributesOf: () => LogMetadata): Logger {
  const log = (level: LogLevel, message: string, meta?: LogMetadata) =>
    logger.log(level, message, { ...attributesOf(), ...meta });
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}
