// A client program: carries errands out with the real client, and writes down what it was told.
import {
  type Client,
  ServiceError,
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '../../sdk/client/index.js';
import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowExecutionAlreadyStartedError,
} from '../../sdk/common/index.js';
import { pause } from '../../services/platform/clock.js';
import type { Deed, Status } from './errands.js';
import { type ErrandProgress, type Ledger, type Request, updateIdOf } from './ledger.js';
import { completeFromOutside } from './outside-completion.js';
import type { SimulatedProcess } from './simulated-process.js';
import { ASK_AGAIN_MS, isUnknown } from './unknown-outcome.js';

export interface ErrandRunnerOptions {
  readonly process: SimulatedProcess;
  readonly client: Client;
  readonly ledger: Ledger;
  readonly taskQueue: string;
  /** Called with what must never happen. */
  readonly onDefect: (error: Error) => void;
}

/** Carries the errand on from where it is, to its end. */
export async function runErrand(progress: ErrandProgress, options: ErrandRunnerOptions): Promise<void> {
  try {
    const handle = await start(progress, options);
    const { deeds } = progress.errand;
    for (let deed = deeds[progress.nextDeed]; deed !== undefined; deed = deeds[progress.nextDeed]) {
      // One that may have been done although its asker died is not done twice, unless doing it again changes nothing.
      if (deed.kind === 'signal') progress.nextDeed += 1;
      if (deed.kind === 'rival') await startAgain(progress, options);
      else await perform(deed, handle, options);
      if (deed.kind !== 'signal') progress.nextDeed += 1;
    }
    progress.ending = await endingOf(handle);
  } catch (error) {
    const { workflowId } = progress.errand;
    options.onDefect(new Error(`the errand of ${workflowId} went wrong: ${String(error)}`, { cause: error }));
  }
}

async function start(progress: ErrandProgress, options: ErrandRunnerOptions): Promise<WorkflowHandle> {
  const { client, ledger, taskQueue, process } = options;
  const { workflowId, workflowType, args, runTimeoutMs, retry, startDelayMs } = progress.errand;
  while (!progress.isStarted) {
    const isFirst = !ledger.isInDoubt(workflowId, 'start');
    const request = ledger.ask(workflowId, 'start');
    try {
      const handle = await client.workflow.start(workflowType, {
        workflowId,
        taskQueue,
        args: [...args],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        ...(runTimeoutMs !== undefined && { workflowRunTimeout: runTimeoutMs }),
        ...(retry !== undefined && { retry }),
        ...(startDelayMs !== undefined && { startDelay: startDelayMs }),
      });
      if (handle.startStatus === 'STARTED') {
        request.outcome = 'accepted';
        request.runId = handle.firstExecutionRunId;
      }
      // Accepted by the log alone: it may still turn out that an earlier request was the one that started it.
      progress.isStarted = true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError && !isFirst) {
        request.outcome = 'refused';
        progress.isStarted = true;
      } else if (isUnknown(error)) await pause(process.clock, ASK_AGAIN_MS);
      else throw error;
    }
  }
  return client.workflow.getHandle(workflowId);
}

/** The workflow is there: it can't be started a second time. */
async function startAgain({ errand }: ErrandProgress, { client, taskQueue }: ErrandRunnerOptions): Promise<void> {
  const { workflowId, workflowType, args } = errand;
  const reuse = { workflowIdReusePolicy: 'REJECT_DUPLICATE' } as const;
  try {
    const again = await client.workflow.start(workflowType, { workflowId, taskQueue, args: [...args], ...reuse });
    if (again.startStatus === 'STARTED') throw new Error(`started again as run ${again.firstExecutionRunId}`);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError) && !isUnknown(error)) throw error;
  }
}

async function perform(
  deed: Exclude<Deed, { kind: 'rival' }>,
  handle: WorkflowHandle,
  options: ErrandRunnerOptions,
): Promise<void> {
  const { ledger, process } = options;
  const { workflowId } = handle;
  switch (deed.kind) {
    case 'wait':
      return pause(process.clock, deed.ms);
    case 'signal':
      return change(ledger.ask(workflowId, 'signal', deed.number), () => handle.signal<[number]>('note', deed.number));
    case 'update':
      return update(handle, deed.number, ledger, process);
    case 'finish':
      return until(ledger, process, workflowId, 'finish', () => handle.signal('finish'));
    case 'cancel':
      return until(ledger, process, workflowId, 'cancel', () => handle.cancel());
    case 'terminate':
      return until(ledger, process, workflowId, 'terminate', () => handle.terminate('as planned'));
    case 'complete':
      return completeFromOutside(deed, handle, options);
    default:
      return ask(deed.kind, handle);
  }
}

/** Asks for an update by an id of its own, again and again, until its end is heard: it happens once all the same. */
async function update(
  handle: WorkflowHandle,
  number: number,
  ledger: Ledger,
  process: SimulatedProcess,
): Promise<void> {
  for (;;) {
    const request = ledger.ask(handle.workflowId, 'update', number);
    try {
      const options = { args: [number] as [number], updateId: updateIdOf(number) };
      request.answer = await handle.executeUpdate<string, [number]>('enter', options);
      request.outcome = 'accepted';
      return;
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) {
        const type = error.cause instanceof ApplicationFailure ? error.cause.type : undefined;
        if (type !== 'Refused' && type !== 'Failed') throw error;
        request.outcome = type === 'Refused' ? 'refused' : 'accepted';
        return;
      }
      if (!isUnknown(error) && !(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)) throw error;
      await pause(process.clock, ASK_AGAIN_MS);
    }
  }
}

/** Asks for a change until it is heard whether it was accepted. */
async function until(
  ledger: Ledger,
  process: SimulatedProcess,
  workflowId: string,
  kind: Request['kind'],
  ask: () => Promise<void>,
): Promise<void> {
  for (;;) {
    const request = ledger.ask(workflowId, kind);
    await change(request, ask);
    if (request.outcome !== 'unknown') return;
    await pause(process.clock, ASK_AGAIN_MS);
  }
}

async function change(request: Request, ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
    request.outcome = 'accepted';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) request.outcome = 'refused';
    else if (!isUnknown(error)) throw error;
  }
}

/** Questions may go unanswered, but never wrongly. */
async function ask(kind: 'query' | 'describe' | 'history', handle: WorkflowHandle): Promise<void> {
  try {
    if (kind === 'query') await handle.query<number>('progress');
    else if (kind === 'describe') await handle.describe();
    else await checkHistory(handle);
  } catch (error) {
    // A closed workflow's history is kept for as long as the topic keeps it.
    const isPastRetention = kind === 'history' && error instanceof ServiceError && error.code === 'HISTORY_EXPIRED';
    if (!isUnknown(error) && !isPastRetention) throw error;
  }
}

async function checkHistory(handle: WorkflowHandle): Promise<void> {
  const { events } = await handle.fetchHistory();
  events.forEach((event, index) => {
    const eventId = Number(event.eventId);
    if (eventId !== index + 1) throw new Error(`history of ${handle.workflowId} has event ${eventId} at ${index}`);
  });
}

async function endingOf(handle: WorkflowHandle): Promise<{ readonly status: Status; readonly result: unknown }> {
  try {
    return { status: 'COMPLETED', result: await handle.result() };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { status: statusOf(error), result: undefined };
  }
}

function statusOf({ cause }: WorkflowFailedError): Status {
  if (cause instanceof TerminatedFailure) return 'TERMINATED';
  if (cause instanceof TimeoutFailure) return 'TIMED_OUT';
  return cause instanceof CancelledFailure ? 'CANCELLED' : 'FAILED';
}
