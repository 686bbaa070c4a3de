// Carries out workflow tasks and queries on the thread's runs.
import type { Failure, QueryTask, WorkflowTask } from '../../../schemas/generated/messages.js';
import { CodecError } from '../../../services/platform/codec/errors.js';
import type { Conclusion, QueryAnswer, RunCommand } from '../../workflow/activation.js';
import { type FailureErrorTypes, namesFailure } from '../../workflow/named-failures.js';
import type { LocalActivityCall } from '../local-activity-runner.js';
import type { QueryOutcome, WorkflowTaskOutcome } from '../workflow-executor.js';
import { type Answering, answerQuery, completeTask, failTask, failureOf } from './answers.js';
import { WorkflowExecutorError } from './errors.js';
import { decodeEvents, type SizedEvent } from './history-events.js';
import type { LocalActivityExecution } from './local-activities.js';
import type { HistoryRequest } from './messages.js';
import { NondeterminismError } from './nondeterminism.js';
import { advance, advanceByLocalActivity, isContinuedBy, replay, type Step } from './replay.js';
import type { RunCache } from './run-cache.js';
import { beginProgress, hasEnded, type RunProgress, seenEventId } from './run-progress.js';
import type { SourcePositions } from './source-positions.js';
import { asksForStacks, stacksAnswer, watchWaits } from './stack-traces.js';
import type { WorkflowContext } from './workflow-context.js';

export interface TaskHandlerOptions extends Answering {
  readonly context: WorkflowContext;
  readonly cache: RunCache;
  readonly positions: SourcePositions;
  readonly failureErrorTypes: FailureErrorTypes;
  fetchHistory(request: HistoryRequest): Promise<readonly Uint8Array[]>;
  runLocalActivity(call: LocalActivityCall): LocalActivityExecution;
  /** Calls `fire` after a time, in milliseconds; what it returns calls that off. */
  after(ms: number, fire: () => void): () => void;
}

/** The part of its time after which a task is handed in though local activities are under way. */
const HAND_IN_AFTER = 0.8;

type Target = Pick<WorkflowTask, 'workflowId' | 'runId'>;

export class TaskHandler {
  readonly #options: TaskHandlerOptions;

  constructor(options: TaskHandlerOptions) {
    this.#options = options;
  }

  async runWorkflowTask(task: WorkflowTask, taskId: number): Promise<WorkflowTaskOutcome> {
    try {
      const [progress, first] = await this.#carryOut(task, taskId);
      try {
        const conclusion = await this.#throughLocalActivities(task, progress, first);
        if (conclusion.kind === 'commands') return this.#complete(task, progress);
        const failure = this.#options.positions.translateFailure(conclusion.failure);
        return failTask(this.#options, task, conclusion.cause, failure);
      } finally {
        // A run that isn't kept is of no use, and neither is what it has under way.
        if (!this.#options.cache.has(progress)) progress.localActivities.dispose();
      }
    } catch (error) {
      const failure = this.#failureOf(error);
      if (!(error instanceof NondeterminismError)) {
        return failTask(this.#options, task, 'WORKFLOW_WORKER_UNHANDLED_FAILURE', failure);
      }
      const isMeant = namesFailure(this.#options.failureErrorTypes, task.workflowType, error.name);
      if (!isMeant) return failTask(this.#options, task, 'NON_DETERMINISTIC_ERROR', failure);
      return this.#endByNondeterminism(task, failure);
    }
  }

  /** The worker's options have it so: the run ends, since its code can't go on with it. */
  #endByNondeterminism(task: WorkflowTask, failure: Failure): WorkflowTaskOutcome {
    const { scheduledEventId, attempt, seenEventId } = task;
    const command = { kind: 'failWorkflowExecution', attributes: { failure }, seq: 0, origin: undefined } as const;
    const startedAt = this.#options.now();
    const answered = { scheduledEventId, attempt, seenEventId, startedAt, commands: [command] };
    return completeTask(this.#options, task, answered, false);
  }

  async answerQuery(task: QueryTask, taskId: number): Promise<QueryOutcome> {
    let answer: QueryAnswer;
    try {
      answer = asksForStacks(task.queryType) ? await this.#stacksOf(task, taskId) : await this.#ask(task, taskId);
    } catch (error) {
      answer = { kind: 'failed', failure: this.#failureOf(error) };
    }
    if (answer.kind === 'answered') return answerQuery(this.#options, task, answer);
    const failure = this.#options.positions.translateFailure(answer.failure);
    return answerQuery(this.#options, task, { kind: answer.kind, failure });
  }

  /** Runs the code on the task's events: on the cached run if it stands where they begin, else from the start. */
  async #carryOut(task: WorkflowTask, taskId: number): Promise<[RunProgress, Conclusion]> {
    const { cache, context } = this.#options;
    let events = await this.#eventsOf(task);
    const cached = cache.take(task.runId);
    // Whatever it has under way is of use only if it goes on.
    const drop = () => cached?.localActivities.dispose();
    if (cached !== undefined && isContinuedBy(cached, task.firstEventId, events)) {
      cached.taskId = taskId;
      try {
        return [
          cached,
          await advance(context, cached, events, this.#stepOf(task, cached, events), undefined, task.updates),
        ];
      } catch (error) {
        drop();
        // The cached run had given other commands than history has. The whole history tells whether its code did.
        if (!(error instanceof NondeterminismError)) throw error;
      }
    }
    drop();
    if (task.firstEventId > 1) events = await this.#fetchEvents(task, 1, task.seenEventId);
    const progress = this.#begin(task);
    progress.taskId = taskId;
    const pending = events.filter(({ event }) => event.header.eventId <= task.seenEventId);
    const failed = await replay(context, progress, pending);
    if (failed !== undefined) return [progress, failed];
    const step = this.#stepOf(task, progress, pending);
    return [progress, await advance(context, progress, pending, step, undefined, task.updates)];
  }

  /**
   * Has the local activities run that the code waits for, until none is left, the code has ended, or the task has lasted
   * for so long that it must be handed in: then another task follows, in which they go on.
   */
  async #throughLocalActivities(task: WorkflowTask, progress: RunProgress, first: Conclusion): Promise<Conclusion> {
    const { localActivities } = progress;
    const { context, runLocalActivity, after } = this.#options;
    const { workflowId, runId, workflowType } = task;
    if (first.kind !== 'commands' || localActivities.isIdle) return first;
    let callOff = () => {};
    const handIn = new Promise<void>((resolve) => {
      callOff = after(task.startToCloseTimeoutMs * HAND_IN_AFTER, resolve);
    });
    let conclusion: Conclusion = first;
    try {
      while (conclusion.kind === 'commands' && !hasEnded(progress)) {
        localActivities.start((request) => runLocalActivity({ ...request, workflowId, runId, workflowType }));
        const outcome = localActivities.isIdle ? undefined : await localActivities.next(handIn);
        if (outcome === undefined) break;
        conclusion = await advanceByLocalActivity(context, progress, outcome, false);
      }
      return conclusion;
    } finally {
      callOff();
    }
  }

  #complete(task: WorkflowTask, progress: RunProgress): WorkflowTaskOutcome {
    if (progress.last === undefined) throw new Error('a run without a task has no answer');
    try {
      const commands = progress.last.commands.map((command) => this.#withPositions(command));
      const hasMore = !hasEnded(progress) && !progress.localActivities.isIdle;
      const outcome = completeTask(this.#options, task, { ...progress.last, commands }, hasMore);
      this.#keep(progress);
      return outcome;
    } catch (error) {
      // Plain JavaScript can put anything into a command; what isn't of the record's type is found out here.
      if (!(error instanceof CodecError)) throw error;
      const failure = failureOf(
        'BadCommand',
        `a command of the workflow has a value of a wrong type: ${error.message}`,
      );
      return failTask(this.#options, task, 'BAD_COMMAND', failure);
    }
  }

  #withPositions(command: RunCommand): RunCommand {
    const { positions } = this.#options;
    switch (command.kind) {
      case 'failWorkflowExecution':
        return { ...command, attributes: { failure: positions.translateFailure(command.attributes.failure) } };
      case 'rejectUpdate':
      case 'completeUpdate': {
        const { attributes } = command;
        if (attributes.failure === null) return command;
        const failure = positions.translateFailure(attributes.failure);
        return { ...command, attributes: { ...attributes, failure } } as RunCommand;
      }
      default:
        return command;
    }
  }

  #keep(progress: RunProgress): void {
    if (!hasEnded(progress) && progress.last !== undefined) this.#options.cache.put(progress);
  }

  /** The run that is asked: the cached one if it is as far as history knows, else one brought there. */
  async #ask(task: QueryTask, taskId: number): Promise<QueryAnswer> {
    const { cache, context } = this.#options;
    const cached = cache.take(task.runId);
    const isFarEnough = cached !== undefined && seenEventId(cached) >= task.seenEventId;
    const progress = isFarEnough ? cached : this.#begin(task);
    progress.taskId = taskId;
    if (!isFarEnough) {
      cached?.localActivities.dispose();
      const events = await this.#fetchEvents(task, 1, task.seenEventId);
      const failed = await replay(context, progress, events);
      if (failed?.kind === 'task-failure') return { kind: 'failed', failure: failed.failure };
      if (progress.last === undefined) return this.#askBeforeFirstTask(task, progress, events);
    }
    const answer = context.query(progress.run, task, taskId);
    this.#keep(progress);
    return answer;
  }

  /** Brings a run of its own along the history, watched, and forgets it: the cached one has not noted where it waits. */
  async #stacksOf(task: QueryTask, taskId: number): Promise<QueryAnswer> {
    const progress = this.#begin(task);
    progress.taskId = taskId;
    const events = await this.#fetchEvents(task, 1, task.seenEventId);
    let failed: Conclusion | undefined;
    const { context } = this.#options;
    const isInside = () => context.wasLastInside(progress.run);
    const stacks = await watchWaits(isInside, async () => {
      failed = await replay(context, progress, events);
    });
    if (failed?.kind === 'task-failure') return { kind: 'failed', failure: failed.failure };
    return stacksAnswer(task.queryType, stacks, this.#options.positions);
  }

  /** No task was completed yet: the code is run on what there is, asked, and then forgotten. */
  async #askBeforeFirstTask(
    task: QueryTask,
    progress: RunProgress,
    events: readonly SizedEvent[],
  ): Promise<QueryAnswer> {
    const last = events.at(-1)?.event.header;
    const step = { scheduledEventId: 0, attempt: 0, seenEventId: last?.eventId ?? 0, startedAt: last?.eventTime ?? 0 };
    const conclusion = await advance(this.#options.context, progress, events, step, []);
    if (conclusion.kind === 'task-failure') return { kind: 'failed', failure: conclusion.failure };
    return this.#options.context.query(progress.run, task, progress.taskId);
  }

  #begin({ workflowId, runId }: Target): RunProgress {
    return beginProgress(workflowId, runId, this.#options.context.createRun(runId));
  }

  /** Time never runs backwards for a run, whatever the clocks of the workers that carry it. */
  #stepOf(task: WorkflowTask, progress: RunProgress, events: readonly SizedEvent[]): Step {
    const { scheduledEventId, attempt, seenEventId } = task;
    const eventTime = events.at(-1)?.event.header.eventTime ?? 0;
    const startedAt = Math.max(this.#options.now(), progress.run.activation.now, eventTime);
    return { scheduledEventId, attempt, seenEventId, startedAt };
  }

  async #eventsOf(task: WorkflowTask): Promise<SizedEvent[]> {
    // Left out where they would have made the task too large.
    if (task.events.length === 0 && task.seenEventId >= task.firstEventId) {
      return this.#fetchEvents(task, task.firstEventId, task.seenEventId);
    }
    return decodeEvents(this.#options.codec, task.events);
  }

  /** An owner that has been replaced, and doesn't know yet, may have told less than the task has seen: no history then. */
  async #fetchEvents({ workflowId, runId }: Target, firstEventId: number, upTo: number): Promise<SizedEvent[]> {
    const { codec, fetchHistory } = this.#options;
    const events = decodeEvents(codec, await fetchHistory({ workflowId, runId, firstEventId }));
    const [first, last] = [events[0]?.event.header.eventId, events.at(-1)?.event.header.eventId ?? 0];
    if (first === firstEventId && last >= upTo) return events;
    const has = first === undefined ? 'none' : `${first} to ${last}`;
    const message = `events ${firstEventId} to ${upTo} of run ${runId} are needed and its history has ${has}`;
    throw new WorkflowExecutorError('HISTORY_UNAVAILABLE', message);
  }

  /** The failure for an error that isn't of the workflow's code. What the host is to see to is thrown on. */
  #failureOf(error: unknown): Failure {
    if (error instanceof WorkflowExecutorError) throw error;
    if (error instanceof NondeterminismError) return failureOf(error.name, this.#options.positions.describe(error));
    return failureOf('WorkerError', error instanceof Error ? error.message : String(error));
  }
}
