// An executor of the tests' workflows, whose histories are those registered with it.
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundle } from '../../sdk/worker/bundler.js';
import { WorkflowExecutor, type WorkflowExecutorOptions } from '../../sdk/worker/workflow-executor.js';
import type { Facts, Logger } from '../../services/platform/logger.js';
import { codec, type TestHistory } from './test-history.js';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly facts: Facts;
}

export interface TestExecutor {
  readonly executor: WorkflowExecutor;
  readonly logged: LogLine[];
  /** Runs of which the whole history was asked for, in order. */
  readonly fetched: string[];
  /** Makes the history known to `fetchHistory`. */
  follow<T extends FollowedHistory>(history: T): T;
}

/** A history that a worker may ask for. */
export type FollowedHistory = Pick<TestHistory, 'runId' | 'encoded'>;

let bundle: Promise<WorkflowBundle> | undefined;

export function bundleOfTests(): Promise<WorkflowBundle> {
  bundle ??= bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)) });
  return bundle;
}

export async function startExecutor(options: Partial<WorkflowExecutorOptions> = {}): Promise<TestExecutor> {
  const logged: LogLine[] = [];
  const fetched: string[] = [];
  const histories = new Map<string, FollowedHistory>();
  const executor = await WorkflowExecutor.start({
    code: (await bundleOfTests()).code,
    codec: codec.snapshot(),
    namespace: 'test',
    taskQueue: 'queue',
    identity: 'worker',
    logger: recordingLogger(logged),
    fetchHistory: async (_workflowId, runId, firstEventId) => {
      if (firstEventId === 1) fetched.push(runId);
      const history = histories.get(runId);
      if (history === undefined) throw new Error('no such history');
      return history.encoded(firstEventId);
    },
    ...options,
  });
  const follow = <T extends FollowedHistory>(history: T): T => {
    histories.set(history.runId, history);
    return history;
  };
  return { executor, logged, fetched, follow };
}

function recordingLogger(lines: LogLine[]): Logger {
  const at =
    (level: string) =>
    (message: string, facts: Facts = {}) =>
      void lines.push({ level, message, facts });
  const logger: Logger = {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}
