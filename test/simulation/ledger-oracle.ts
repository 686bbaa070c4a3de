// What clients were told, against what history has.
import { defaultPayloadConverter } from '../../sdk/common/index.js';
import type { ErrandProgress, Ledger } from './ledger.js';
import { type Run, type RunEvent, wrong } from './recorded-runs.js';
import { checkUpdates } from './update-oracle.js';

export function checkLedger(ledger: Ledger, runs: ReadonlyMap<string, Run>): void {
  for (const progress of ledger.progress) {
    const { workflowId } = progress.errand;
    const run = runs.get(workflowId);
    if (run === undefined) throw new Error(`${workflowId} has ended for its client, and history knows nothing of it`);
    checkStart(ledger, run);
    checkSignals(ledger, progress, run);
    checkUpdates(ledger, progress, run);
    checkChanges(ledger, run);
    checkEnding(progress, run);
  }
}

/** Whoever was told that the workflow has started was told of this run. */
function checkStart(ledger: Ledger, run: Run): void {
  for (const { runId } of ledger.accepted(run.workflowId, 'start')) {
    if (runId !== run.runId) throw wrong(run, `a client was told that run ${runId} has started`);
  }
}

/** Each signal accepted is in the history once, in the order in which its client sent it, and nothing that nobody sent. */
function checkSignals(ledger: Ledger, { errand, ending }: ErrandProgress, run: Run): void {
  const recorded = notesIn(run);
  if (new Set(recorded).size !== recorded.length) throw wrong(run, `a signal is there twice: ${recorded}`);
  const accepted = ledger.accepted(run.workflowId, 'signal').map(({ number }) => number ?? -1);
  const found = recorded.filter((number) => accepted.includes(number));
  if (found.join() !== accepted.join()) throw wrong(run, `signals accepted: ${accepted}; recorded: ${recorded}`);
  const sent = ledger.requests.filter(({ workflowId, kind }) => workflowId === run.workflowId && kind === 'signal');
  const stranger = recorded.find((number) => !sent.some((request) => request.number === number));
  if (stranger !== undefined) throw wrong(run, `nobody sent signal ${stranger}`);
  const refused = sent.filter(({ outcome }) => outcome === 'refused').map(({ number }) => number ?? -1);
  const taken = refused.find((number) => recorded.includes(number));
  if (taken !== undefined) throw wrong(run, `signal ${taken} was refused, and is recorded`);
  // Code has been told of each signal once, in the order of the log.
  const told = ending?.result;
  if (errand.workflowType === 'notes' && Array.isArray(told) && told.join() !== recorded.join())
    throw wrong(run, `the code was told of signals ${told}, and recorded are ${recorded}`);
}

function notesIn(run: Run): number[] {
  return run.events.flatMap((event) => {
    if (event.type !== 'WorkflowExecutionSignaled' || event.signalName !== 'note') return [];
    const [payload] = event.input;
    return payload === undefined ? [] : [defaultPayloadConverter.fromPayload<number>(payload)];
  });
}

/** A cancel request or a termination that was accepted has left its event, and no more than one. */
function checkChanges(ledger: Ledger, run: Run): void {
  const kinds = [
    ['cancel', 'WorkflowExecutionCancelRequested'],
    ['terminate', 'WorkflowExecutionTerminated'],
  ] as const;
  for (const [kind, type] of kinds) {
    const count = run.events.filter((event) => event.type === type).length;
    const accepted = ledger.accepted(run.workflowId, kind).length;
    if (count > 1) throw wrong(run, `${count} events of ${type}`);
    if (accepted > 0 && count === 0) throw wrong(run, `${kind} was accepted, and there is no ${type}`);
  }
}

/** The workflow has ended as it does when nothing goes wrong, and its client was told so. */
function checkEnding({ errand, ending }: ErrandProgress, run: Run): void {
  const { expected } = errand;
  const said = JSON.stringify(ending);
  if (ending?.status !== expected.status) throw wrong(run, `it ended as ${said} and not as ${expected.status}`);
  if ('result' in expected && JSON.stringify(ending.result) !== JSON.stringify(expected.result))
    throw wrong(run, `it ended as ${said} and not with ${JSON.stringify(expected.result)}`);
  const last = run.events.at(-1);
  const recorded = last?.type === 'WorkflowExecutionCompleted' ? resultOf(last) : undefined;
  if (ending.status === 'COMPLETED' && JSON.stringify(recorded) !== JSON.stringify(ending.result))
    throw wrong(run, `its client was told ${said}, and recorded is ${JSON.stringify(recorded)}`);
}

function resultOf({ result }: Extract<RunEvent, { type: 'WorkflowExecutionCompleted' }>): unknown {
  return result === null ? undefined : defaultPayloadConverter.fromPayload(result);
}
