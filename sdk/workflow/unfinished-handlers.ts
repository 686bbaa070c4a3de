import { HandlerUnfinishedPolicy } from '../common/workflow-definition.js';
import { currentRun } from './current-run.js';
import type { HandlerUnderWay, WorkflowRun } from './run.js';

/** Whether no handler of a signal or an update is under way: to be waited for, as in `condition(allHandlersFinished)`. */
export function allHandlersFinished(): boolean {
  return currentRun().handlersUnderWay.size === 0;
}

/** What to warn of when the run ends now: handlers that are cut off, unless their policy is to abandon them. */
export function unfinishedHandlers(run: WorkflowRun): string[] {
  const cutOff = [...run.handlersUnderWay].filter(
    ({ unfinishedPolicy }) => unfinishedPolicy === HandlerUnfinishedPolicy.WARN_AND_ABANDON,
  );
  return (['update', 'signal'] as const).flatMap((kind) => {
    const ofKind = cutOff.filter((handler) => handler.kind === kind);
    return ofKind.length === 0 ? [] : [warningOf(kind, ofKind)];
  });
}

function warningOf(kind: HandlerUnderWay['kind'], handlers: readonly HandlerUnderWay[]): string {
  const article = kind === 'update' ? 'an' : 'a';
  const loss = kind === 'update' ? ', and whoever asked for the update is told that the workflow has completed' : '';
  return (
    `[TMPRL1102] Workflow finished while ${article} ${kind} handler was still running. ` +
    `What the handler was doing is cut off${loss}. Wait for all handlers before the workflow ends with ` +
    '`await condition(allHandlersFinished)`, or, where being cut off does no harm, turn this warning off with ' +
    `\`setHandler(definition, handler, { unfinishedPolicy: HandlerUnfinishedPolicy.ABANDON })\`. ` +
    `The following ${kind}s were unfinished: ${JSON.stringify(handlers.map(({ name, id }) => ({ name, id })))}`
  );
}
