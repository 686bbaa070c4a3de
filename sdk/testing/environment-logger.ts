import { createLogger, type Logger } from '../../services/platform/logger.js';

/** Says what a test's author has to know; MILLRACE_LOG_LEVEL asks for more. */
export function environmentLogger(): Logger {
  return createLogger({ name: 'millrace-test', ...(!process.env.MILLRACE_LOG_LEVEL && { level: 'warn' }) });
}
