// What has to be true of workflows that ask something of each other.
import { type Run, type RunEvent, wrong } from './recorded-runs.js';
import { isClose } from './run-oracle.js';

type Initiated = Extract<RunEvent, { type: 'StartChildWorkflowExecutionInitiated' }>;
type Signal = Extract<RunEvent, { type: 'SignalExternalWorkflowExecutionInitiated' }>;

const ends: Readonly<Record<string, string>> = {
  WorkflowExecutionCompleted: 'ChildWorkflowExecutionCompleted',
  WorkflowExecutionFailed: 'ChildWorkflowExecutionFailed',
  WorkflowExecutionCanceled: 'ChildWorkflowExecutionCanceled',
  WorkflowExecutionTerminated: 'ChildWorkflowExecutionTerminated',
  WorkflowExecutionTimedOut: 'ChildWorkflowExecutionTimedOut',
};

/** A child that is started twice has been found already: each workflow id has one run. */
export function checkFamilies(runs: ReadonlyMap<string, Run>): void {
  for (const run of runs.values()) {
    for (const event of run.events) {
      if (event.type === 'StartChildWorkflowExecutionInitiated') checkChild(run, event, runs.get(event.workflowId));
      if (event.type === 'SignalExternalWorkflowExecutionInitiated')
        checkSignal(run, event, runs.get(event.targetWorkflowId));
      if (event.type === 'WorkflowExecutionStarted' && event.parent !== null)
        checkParent(run, event.parent, runs.get(event.parent.workflowId));
    }
  }
}

/** The parent is told of the start and of the end once each, as they were; who leaves a child leaves it to its policy. */
function checkChild(parent: Run, initiated: Initiated, child: Run | undefined): void {
  const told = answersTo(parent, initiated.header.eventId).filter((type) => type !== 'ExternalCommandRedispatched');
  const hasLeft = parent.events.some(isClose);
  if (child === undefined) {
    if (told.length > 0 || !hasLeft) throw wrong(parent, `its child ${initiated.workflowId} was never started`);
    return;
  }
  const close = child.events.find(isClose);
  const [started, ended, ...more] = told;
  if (started !== undefined && started !== 'ChildWorkflowExecutionStarted') throw wrong(parent, `was told: ${told}`);
  if (more.length > 0) throw wrong(parent, `was told of child ${child.workflowId}: ${told}`);
  if (ended !== undefined && ended !== ends[close?.type ?? ''])
    throw wrong(parent, `was told ${ended} of child ${child.workflowId}, which has ${close?.type}`);
  if (!hasLeft && close !== undefined && ended === undefined)
    throw wrong(parent, `was never told that ${child.workflowId} has ${close.type}`);
  if (hasLeft && ended === undefined) checkPolicy(child, initiated.parentClosePolicy);
}

function checkPolicy(child: Run, policy: Initiated['parentClosePolicy']): void {
  const close = child.events.find(isClose);
  const isCancelRequested = child.events.some(({ type }) => type === 'WorkflowExecutionCancelRequested');
  const isTerminated = close?.type === 'WorkflowExecutionTerminated';
  if (policy === 'TERMINATE' && close === undefined) throw wrong(child, 'it goes on though its parent has ended');
  if (policy === 'REQUEST_CANCEL' && close === undefined && !isCancelRequested)
    throw wrong(child, 'it was not asked to cancel though its parent has ended');
  if (policy !== 'TERMINATE' && isTerminated) throw wrong(child, `it was terminated against its policy ${policy}`);
  if (policy === 'ABANDON' && isCancelRequested) throw wrong(child, 'it was asked to cancel against its policy');
}

/** Nobody is a child whom no parent asked for. */
function checkParent(
  child: Run,
  { runId, eventId }: { runId: string; eventId: number },
  parent: Run | undefined,
): void {
  const initiated = parent?.events.find(({ header }) => header.eventId === eventId);
  const isAskedFor =
    parent?.runId === runId &&
    initiated?.type === 'StartChildWorkflowExecutionInitiated' &&
    initiated.workflowId === child.workflowId &&
    initiated.childRunId === child.runId;
  if (!isAskedFor) throw wrong(child, `no parent asked for it, and not ${runId} by event ${eventId}`);
}

/** A signal that was taken is in its target's history once; one that was not is nowhere. */
function checkSignal(run: Run, signal: Signal, target: Run | undefined): void {
  const told = answersTo(run, signal.header.eventId).filter((type) => type !== 'ExternalCommandRedispatched');
  if (told.length > 1) throw wrong(run, `was told of its signal ${signal.header.eventId}: ${told}`);
  const requestId = `${run.runId}/${signal.header.eventId}`;
  const taken = (target?.events ?? []).filter(
    (event) => event.type === 'WorkflowExecutionSignaled' && event.requestId === requestId,
  ).length;
  const most = told[0] === 'SignalExternalWorkflowExecutionFailed' ? 0 : 1;
  const least = told[0] === 'ExternalWorkflowExecutionSignaled' ? 1 : 0;
  if (taken < least || taken > most)
    throw wrong(run, `its signal ${signal.header.eventId} was taken ${taken} times, and it was told ${told}`);
}

function answersTo({ events }: Run, initiatedEventId: number): string[] {
  return events.flatMap((event) =>
    'initiatedEventId' in event && event.initiatedEventId === initiatedEventId ? [event.type] : [],
  );
}
