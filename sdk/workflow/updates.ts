// Updates of a run: refused by their validator or for want of a handler, or accepted and carried out. What was accepted
// stands in the history and is carried out again on replay; of what was refused nothing is left.
import { arrayFromPayloads, encodeValue } from '../common/converter/payloads.js';
import { ApplicationFailure, ensureTemporalFailure } from '../common/failure/application-failure.js';
import { checkName } from '../common/reserved-names.js';
import { HandlerUnfinishedPolicy } from '../common/workflow-definition.js';
import { AsyncLocalStorage } from './async-context.js';
import { inbound, type UpdateInput } from './interceptors.js';
import { failWith, isMeant } from './outcome.js';
import type { Handler, HandlerUnderWay, SetHandler, UpdateJob, WorkflowRun } from './run.js';

/** An update, to its handler. */
export interface UpdateInfo {
  readonly id: string;
  readonly name: string;
}

const handledUpdate = new AsyncLocalStorage<UpdateInfo>();

/** The update whose handler, or validator, is running; undefined outside of one. */
export function currentUpdateInfo(): UpdateInfo | undefined {
  return handledUpdate.getStore();
}

/** Validates an update and runs its handler up to its first wait; keeps the update when there is no handler yet. */
export function dispatchUpdate(run: WorkflowRun, update: UpdateJob): void {
  const handler = handlerOf(run, update.updateName);
  if (handler === undefined) {
    run.bufferedUpdates.push(update);
    return;
  }
  const info = { id: update.updateId, name: update.updateName };
  run.rootScope
    .run(() => handledUpdate.run(info, () => validateAndRun(run, update, handler)))
    .catch((error: unknown) => run.failTask(error));
}

/** Gives the updates that wait to the handlers that there are by now, in the order of their arrival. */
export function dispatchBufferedUpdates(run: WorkflowRun): void {
  const waiting = run.bufferedUpdates.splice(0);
  for (const update of waiting) dispatchUpdate(run, update);
}

/** Refuses the updates that still have no handler when all code has run. */
export function rejectBufferedUpdates(run: WorkflowRun): void {
  for (const update of run.bufferedUpdates.splice(0)) {
    reject(run, update, ApplicationFailure.nonRetryable(`No registered handler for update: ${update.updateName}`));
  }
}

async function validateAndRun(run: WorkflowRun, update: UpdateJob, handler: SetHandler): Promise<void> {
  let input: UpdateInput;
  try {
    const { validator } = handler;
    if (update.runValidator && validator !== undefined) validate(run, validator, inputOf(run, update));
    // Decoded anew, so that the handler doesn't see what the validator did to them.
    input = inputOf(run, update);
  } catch (error) {
    reject(run, update, error);
    return;
  }
  const { updateId, updateName } = update;
  run.command('acceptUpdate', { updateId }, run.nextSeq('update'));
  const { unfinishedPolicy } = handler;
  const underWay: HandlerUnderWay = { kind: 'update', name: updateName, id: updateId, unfinishedPolicy };
  run.handlersUnderWay.add(underWay);
  try {
    const execute = inbound(run, 'handleUpdate', async ({ args }) => handler.handle(...args));
    complete(run, update, await execute(input));
  } catch (error) {
    // Any other error is a mistake of the code, and the update's outcome is still to come.
    if (isMeant(run, error)) fail(run, update, error);
    else failWith(run, error);
  } finally {
    run.handlersUnderWay.delete(underWay);
  }
}

function validate(run: WorkflowRun, validator: Handler, input: UpdateInput): void {
  // What it returns doesn't count, as in Temporal: only what it throws at once refuses the update.
  const execute = inbound(run, 'validateUpdate', ({ args }) => void validator(...args));
  run.readOnly('validator', () => execute(input));
}

function inputOf(run: WorkflowRun, { updateId, updateName, headers, input }: UpdateJob): UpdateInput {
  return { updateId, name: updateName, headers, args: arrayFromPayloads(run.converters.payloadConverter, input) };
}

function complete(run: WorkflowRun, { updateId, updateName }: UpdateJob, value: unknown): void {
  const result = encodeValue(run.converters.payloadConverter, `the result of update '${updateName}'`, value);
  run.command('completeUpdate', { updateId, result, failure: null }, run.nextSeq('update'));
}

function fail(run: WorkflowRun, { updateId }: UpdateJob, error: unknown): void {
  const failure = failureOf(run, ensureTemporalFailure(error));
  run.command('completeUpdate', { updateId, result: null, failure }, run.nextSeq('update'));
}

function reject(run: WorkflowRun, { updateId }: UpdateJob, error: unknown): void {
  run.command(
    'rejectUpdate',
    { updateId, failure: failureOf(run, ensureTemporalFailure(error)) },
    run.nextSeq('update'),
  );
}

function failureOf({ converters }: WorkflowRun, error: unknown) {
  return converters.failureConverter.errorToFailure(error, converters.payloadConverter);
}

function handlerOf(run: WorkflowRun, name: string): SetHandler | undefined {
  const own = run.updateHandlers.get(name);
  const { update: defaultHandler } = run.defaultHandlers;
  if (own !== undefined || defaultHandler === undefined) return own;
  checkName('update', name);
  return {
    handle: (...args) => defaultHandler(name, ...args),
    validator: undefined,
    description: undefined,
    unfinishedPolicy: HandlerUnfinishedPolicy.WARN_AND_ABANDON,
  };
}
