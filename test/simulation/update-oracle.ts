// What clients were told of their updates, against what history has: an update whose end was told has happened exactly
// once, and its answer is what the handler returned; one that was refused has left no trace.
import { defaultPayloadConverter } from '../../sdk/common/index.js';
import { answerOf, fateOf } from './entries.js';
import { type ErrandProgress, type Ledger, updateIdOf } from './ledger.js';
import { type Run, wrong } from './recorded-runs.js';

export function checkUpdates(ledger: Ledger, { errand, ending }: ErrandProgress, run: Run): void {
  const accepted = acceptedIn(run);
  const answers = answersIn(run);
  for (const { number = -1, workflowId, kind, outcome, answer } of ledger.requests) {
    if (workflowId !== run.workflowId || kind !== 'update' || outcome === 'unknown') continue;
    const updateId = updateIdOf(number);
    const times = accepted.filter((id) => id === updateId).length;
    if (outcome === 'refused' && times > 0) throw wrong(run, `${updateId} was refused, and is recorded as accepted`);
    if (outcome === 'refused') continue;
    if (times !== 1) throw wrong(run, `${updateId} has an answer, and is recorded ${times} times`);
    if (answers.get(updateId) !== answer) {
      throw wrong(run, `the client of ${updateId} was told '${answer}', and recorded is '${answers.get(updateId)}'`);
    }
  }
  if (new Set(accepted).size !== accepted.length) throw wrong(run, `an update is there twice: ${accepted}`);
  if (errand.workflowType !== 'entries' || !Array.isArray(ending?.result)) return;
  // The code has been through each accepted update once, in the order of the log, and has answered for each.
  const entered = accepted.map(numberOf).filter((number) => fateOf(number) !== 'failed');
  const told: unknown[] = ending.result;
  if (told.join() !== entered.join()) throw wrong(run, `the code entered ${told}, and recorded are ${entered}`);
  entered.forEach((number, index) => {
    const answer = answers.get(updateIdOf(number));
    if (answer !== answerOf(number, index + 1)) throw wrong(run, `the update of ${number} was answered by '${answer}'`);
  });
}

function acceptedIn(run: Run): string[] {
  return run.events.flatMap((event) =>
    event.type === 'WorkflowExecutionUpdateAccepted' ? [event.update.updateId] : [],
  );
}

/** What each update that is over was answered with; undefined for one that failed. */
function answersIn(run: Run): Map<string, unknown> {
  const answers = new Map<string, unknown>();
  for (const event of run.events) {
    if (event.type !== 'WorkflowExecutionUpdateCompleted') continue;
    if (answers.has(event.updateId)) throw wrong(run, `${event.updateId} is over twice`);
    answers.set(event.updateId, event.result === null ? undefined : defaultPayloadConverter.fromPayload(event.result));
  }
  return answers;
}

function numberOf(updateId: string): number {
  return Number(updateId.slice(updateIdOf(0).length - 1));
}
