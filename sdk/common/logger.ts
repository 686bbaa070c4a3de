export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

// biome-ignore lint/suspicious/noExplicitAny: Temporal's type, which user loggers are written against
export type LogMetadata = Record<string | symbol, any>;

/** A user's logger, as Temporal's SDK takes it. */
export interface Logger {
  // biome-ignore lint/suspicious/noExplicitAny: Temporal's type, which user loggers are written against
  log(level: LogLevel, message: string, meta?: LogMetadata): any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  trace(message: string, meta?: LogMetadata): any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  debug(message: string, meta?: LogMetadata): any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  info(message: string, meta?: LogMetadata): any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  warn(message: string, meta?: LogMetadata): any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  error(message: string, meta?: LogMetadata): any;
}
