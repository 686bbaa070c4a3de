import { composeInterceptors } from '../common/interceptors.js';
import type { LogLevel, LogMetadata } from '../common/logger.js';
import { currentRun } from './current-run.js';
import type { WorkflowRun } from './run.js';

/** Takes a line out of the sandbox. `facts` is JSON, so that no object of this realm leaves it. */
export type LogSink = (level: LogLevel, message: string, facts: string) => void;

let sink: LogSink = () => {};

export function installLogSink(installed: LogSink): void {
  sink = installed;
}

/** The worker's logger. Each line says which workflow wrote it. Lines of a replay are dropped: they were written when the code first ran. */
export const log = {
  log: write,
  trace: (message: string, meta?: LogMetadata) => write('TRACE', message, meta),
  debug: (message: string, meta?: LogMetadata) => write('DEBUG', message, meta),
  info: (message: string, meta?: LogMetadata) => write('INFO', message, meta),
  warn: (message: string, meta?: LogMetadata) => write('WARN', message, meta),
  error: (message: string, meta?: LogMetadata) => write('ERROR', message, meta),
};

/** Warns of something about a run, whose code need not be running. */
export function warnOf(run: WorkflowRun, message: string): void {
  writeOf(run, 'WARN', message);
}

function write(level: LogLevel, message: string, meta?: LogMetadata): void {
  writeOf(currentRun(), level, message, meta);
}

function writeOf(run: WorkflowRun, level: LogLevel, message: string, meta?: LogMetadata): void {
  if (run.activation.isReplaying || run.isAnsweringQuery) return;
  const { namespace, taskQueue, workflowId, runId, workflowType } = run.info;
  const attributes = { sdkComponent: 'workflow', namespace, taskQueue, workflowId, runId, workflowType };
  const added = composeInterceptors(run.interceptors.outbound, 'getLogAttributes', (input) => input)(attributes);
  sink(level, message, factsOf({ ...added, ...meta }));
}

function factsOf(meta: LogMetadata): string {
  try {
    return (
      JSON.stringify(meta, (_key, value) => (value instanceof Error ? (value.stack ?? value.message) : value)) ?? '{}'
    );
  } catch (error) {
    return JSON.stringify({ unwritable: String(error) });
  }
}
