// Runs workflow code against a whole history, to find out whether it still does what the history says.
import type { Codec } from '../../../services/platform/codec/codec.js';
import { decodeEvents, type SizedEvent } from './history-events.js';
import { matchCommands, NondeterminismError } from './nondeterminism.js';
import { replay } from './replay.js';
import { beginProgress, seenEventId } from './run-progress.js';
import type { SourcePositions } from './source-positions.js';
import type { WorkflowContext } from './workflow-context.js';

/** What a replay came to. */
export interface ReplayOutcome {
  readonly kind: 'replay';
  /** Null when the code does what the history says. */
  readonly problem: ReplayProblem | null;
}

export interface ReplayProblem {
  /** Other commands than the history's, or an error of the code. */
  readonly kind: 'nondeterminism' | 'failure';
  readonly message: string;
  /** Of the workflow's code; empty where the error is not its own. */
  readonly stack: string;
}

export interface ReplayTask {
  readonly workflowId: string;
  readonly runId: string;
  /** The run's numbered events from its first, encoded. */
  readonly events: readonly Uint8Array[];
}

interface ReplayOptions {
  readonly codec: Codec;
  readonly context: WorkflowContext;
  readonly positions: SourcePositions;
}

/** Replays every workflow task that the history has the completion of. What came after the last of them is not run. */
export async function replayHistory(options: ReplayOptions, task: ReplayTask, taskId: number): Promise<ReplayOutcome> {
  try {
    return { kind: 'replay', problem: await problemOf(options, task, taskId) };
  } catch (error) {
    const isMismatch = error instanceof NondeterminismError;
    const message = isMismatch ? options.positions.describe(error) : messageOf(error);
    return { kind: 'replay', problem: { kind: isMismatch ? 'nondeterminism' : 'failure', message, stack: '' } };
  }
}

async function problemOf(options: ReplayOptions, task: ReplayTask, taskId: number): Promise<ReplayProblem | null> {
  const { codec, context, positions } = options;
  const events = decodeEvents(codec, task.events);
  checkBegin(events);
  const progress = beginProgress(task.workflowId, task.runId, context.createRun(task.runId));
  progress.taskId = taskId;
  const failed = await replay(context, progress, events);
  if (failed?.kind === 'task-failure') {
    const { message, stackTrace: stack } = positions.translateFailure(failed.failure);
    return { kind: 'failure', message, stack };
  }
  // The last task's commands have their events, too, and no task after it for which they would be compared.
  const rest = events.slice(seenEventId(progress)).map(({ event }) => event);
  if (progress.last !== undefined) matchCommands(progress, rest);
  return null;
}

function checkBegin([first]: readonly SizedEvent[]): void {
  if (first?.event.type === 'WorkflowExecutionStarted' && first.event.header.eventId === 1) return;
  throw new Error('a history to be replayed begins with WorkflowExecutionStarted, as its event 1');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
