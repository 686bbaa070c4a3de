// What worker options of Temporal's older programs name. The worker does it all without being asked.
import type { Logger } from '../common/logger.js';
import type { WorkerInterceptors } from './interceptors.js';
import { Runtime } from './runtime.js';
import type { InjectedSinkFunction, InjectedSinks } from './sinks.js';

type LogFunction = (message: string, attributes?: Record<string, unknown>) => void;

/**
 * The sinks of workflow code that logs through `proxySinks<LoggerSinks>()`.
 * @deprecated Workflow code logs by `log` of `millrace/workflow`.
 */
export type LoggerSinks = {
  defaultWorkerLogger: Record<'trace' | 'debug' | 'info' | 'warn' | 'error', LogFunction>;
};

/**
 * Sinks that write to a logger; default: the runtime's. Lines of a replay are dropped.
 * @deprecated Needed only for workflow code that uses `LoggerSinks`.
 */
export function defaultSinks(logger?: Logger): InjectedSinks<LoggerSinks> {
  const at = (level: keyof LoggerSinks['defaultWorkerLogger']): InjectedSinkFunction<LogFunction> => ({
    // The runtime's is looked up at the line, since it may be installed after the options are made.
    fn: (_info, message, attributes) => void (logger ?? Runtime.instance().logger)[level](message, attributes),
  });
  return {
    defaultWorkerLogger: {
      trace: at('trace'),
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
    },
  };
}

/**
 * Gives back what it is given: there are no default interceptors to append.
 * @deprecated Give the interceptors to the worker as they are.
 */
export function appendDefaultInterceptors(interceptors: WorkerInterceptors): WorkerInterceptors {
  return interceptors;
}

/**
 * None.
 * @deprecated Leave it out of the bundler's options.
 */
export const defaultWorkflowInterceptorModules: string[] = [];
