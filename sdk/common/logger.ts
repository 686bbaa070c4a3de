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

/** Who wrote a line of the log, as its attribute `sdkComponent` says. */
export const SdkComponent = {
  /** Workflow code, through its logger. */
  workflow: 'workflow',
  /** Activity code, through its logger. */
  activity: 'activity',
  /** A Nexus operation's handler, through its logger. */
  nexus: 'nexus',
  /** The worker itself. */
  worker: 'worker',
  /** What talks to Kafka on the worker's behalf. */
  core: 'core',
} as const;
export type SdkComponent = (typeof SdkComponent)[keyof typeof SdkComponent];
