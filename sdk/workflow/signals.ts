// Signals of a run, on their way to their handlers.
import { arrayFromPayloads } from '../common/converter/payloads.js';
import { checkName } from '../common/reserved-names.js';
import { HandlerUnfinishedPolicy } from '../common/workflow-definition.js';
import { inbound } from './interceptors.js';
import { failWith } from './outcome.js';
import type { HandlerUnderWay, SetHandler, SignalJob, WorkflowRun } from './run.js';

/** Runs a signal's handler up to its first wait; keeps the signal when there is none yet. */
export function dispatchSignal(run: WorkflowRun, signal: SignalJob): void {
  const handler = handlerOf(run, signal.signalName);
  if (handler === undefined) {
    run.bufferedSignals.push(signal);
    return;
  }
  const { handle, unfinishedPolicy } = handler;
  const underWay: HandlerUnderWay = { kind: 'signal', name: signal.signalName, id: undefined, unfinishedPolicy };
  run.handlersUnderWay.add(underWay);
  run.rootScope
    .run(async () => {
      const { signalName, headers, input } = signal;
      const execute = inbound(run, 'handleSignal', async ({ args }) => void (await handle(...args)));
      await execute({ signalName, headers, args: arrayFromPayloads(run.converters.payloadConverter, input) });
    })
    .catch((error: unknown) => failWith(run, error))
    .finally(() => run.handlersUnderWay.delete(underWay));
}

/** Gives the signals that wait to the handlers that there are by now, in the order of their arrival. */
export function dispatchBufferedSignals(run: WorkflowRun): void {
  const waiting = run.bufferedSignals.splice(0);
  for (const signal of waiting) dispatchSignal(run, signal);
}

function handlerOf(run: WorkflowRun, name: string): Pick<SetHandler, 'handle' | 'unfinishedPolicy'> | undefined {
  const own = run.signalHandlers.get(name);
  const { signal: defaultHandler } = run.defaultHandlers;
  if (own !== undefined || defaultHandler === undefined) return own;
  checkName('signal', name);
  const unfinishedPolicy = HandlerUnfinishedPolicy.WARN_AND_ABANDON;
  return { handle: (...args) => defaultHandler(name, ...args), unfinishedPolicy };
}
