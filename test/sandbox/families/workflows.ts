// Workflows that start, signal and cancel each other, for the sandbox's tests.
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  condition,
  defineQuery,
  defineSignal,
  executeChild,
  getExternalWorkflowHandle,
  isCancellation,
  type ParentClosePolicy,
  setHandler,
  sleep,
  startChild,
  WorkflowExecutionAlreadyStartedError,
  workflowInfo,
} from 'millrace/workflow';

export const goSignal = defineSignal<[string]>('go');
export const seenQuery = defineQuery<unknown>('seen');

/** Waits for a signal, and returns what it says. */
export async function waitForWord(): Promise<string> {
  let word: string | undefined;
  setHandler(goSignal, (said) => {
    word = said;
  });
  await condition(() => word !== undefined);
  return `heard ${word}`;
}

export async function echo(word: string): Promise<string> {
  return `${word}!`;
}

export async function whoAmI(): Promise<unknown> {
  const { parent, root, workflowType, taskQueue } = workflowInfo();
  return { parent, root, workflowType, taskQueue };
}

export async function grandparent(): Promise<unknown> {
  return executeChild(parentOfWho, { workflowId: 'middle' });
}

export async function parentOfWho(): Promise<unknown> {
  return executeChild(whoAmI, { workflowId: 'leaf' });
}

export async function failing(): Promise<void> {
  throw ApplicationFailure.nonRetryable('no luck', 'Unlucky', 'detail');
}

export async function neverEnds(): Promise<void> {
  await condition(() => false);
}

export async function cleansUp(): Promise<void> {
  try {
    await condition(() => false);
  } catch (error) {
    await CancellationScope.nonCancellable(() => sleep(1_000));
    throw error;
  }
}

export async function executesEcho(word: string): Promise<string> {
  return executeChild(echo, { args: [word], workflowId: 'child' });
}

export async function waitsForWordOfChild(): Promise<string> {
  return executeChild(waitForWord, { workflowId: 'child' });
}

export async function startsByName(): Promise<unknown> {
  const child = await startChild<typeof waitForWord>('waitForWord');
  await child.signal(goSignal, 'hello');
  return { workflowId: child.workflowId, first: child.firstExecutionRunId, result: await child.result() };
}

/** What the code sees of a child that doesn't complete. */
export async function seesFailure(type: 'failing' | 'neverEnds', workflowRunTimeout?: number): Promise<unknown> {
  try {
    await executeChild(type, { workflowId: 'child', ...(workflowRunTimeout ? { workflowRunTimeout } : {}) });
    return 'completed';
  } catch (error) {
    return describe(error);
  }
}

export async function passesFailureOn(): Promise<void> {
  await executeChild(failing, { workflowId: 'child' });
}

export async function startsTaken(): Promise<unknown> {
  try {
    await startChild(echo, { args: ['x'], workflowId: 'taken' });
    return 'started';
  } catch (error) {
    const already = error instanceof WorkflowExecutionAlreadyStartedError;
    return { already, ...(already ? { workflowId: error.workflowId, workflowType: error.workflowType } : {}) };
  }
}

/** Starts a child in a scope, cancels that when it is told to, and says what came of it. */
export async function cancelsChild(
  childType: 'neverEnds' | 'cleansUp' | 'waitForWord',
  cancellationType: ChildWorkflowCancellationType,
  when: 'before' | 'later',
): Promise<unknown> {
  let cancel = false;
  setHandler(defineSignal('cancel'), () => {
    cancel = true;
  });
  const scope = new CancellationScope();
  const outcome = scope
    .run(() => executeChild(childType, { workflowId: 'child', cancellationType }))
    .then(
      (result) => ({ result }),
      (error: unknown) => ({ ...describe(error), isCancellation: isCancellation(error) }),
    );
  if (when === 'before') scope.cancel();
  else await condition(() => cancel).then(() => scope.cancel());
  return await outcome;
}

export async function startsInCancelledScope(): Promise<unknown> {
  const scope = new CancellationScope();
  scope.cancel();
  return scope
    .run(() => startChild(echo, { args: ['x'] }))
    .then(
      () => 'started',
      (error) => error instanceof CancelledFailure,
    );
}

export async function withPolicy(parentClosePolicy: ParentClosePolicy): Promise<void> {
  await startChild(neverEnds, { workflowId: 'child', parentClosePolicy });
}

export async function signalsOther(workflowId: string): Promise<unknown> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(goSignal, 'from afar');
    return 'signalled';
  } catch (error) {
    return describe(error);
  }
}

export async function cancelsOther(workflowId: string): Promise<unknown> {
  try {
    await getExternalWorkflowHandle(workflowId).cancel();
    return 'cancelled';
  } catch (error) {
    return describe(error);
  }
}

export async function takesSignalBack(workflowId: string): Promise<unknown> {
  const scope = new CancellationScope();
  const sent = scope.run(() => getExternalWorkflowHandle(workflowId).signal(goSignal, 'x')).catch(describe);
  scope.cancel();
  return await sent;
}

/** A parent that is cancelled itself. */
export async function patientParent(): Promise<unknown> {
  return await executeChild(cleansUp, {
    workflowId: 'child',
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
}

export async function childWithOptions(): Promise<void> {
  await startChild(neverEnds, {
    workflowId: 'child',
    taskQueue: 'elsewhere',
    workflowExecutionTimeout: '1 hour',
    workflowRunTimeout: '30 minutes',
    workflowTaskTimeout: '5 seconds',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    retry: { maximumAttempts: 2 },
    memo: { note: 'kept' },
    searchAttributes: { CustomerId: ['c-1'] },
    parentClosePolicy: 'ABANDON',
    priority: { priorityKey: 2 },
    staticSummary: 'a child',
  });
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { thrown: String(error) };
  const { message, cause } = error;
  const of = (found: unknown) => (found instanceof Error ? { name: found.name, message: found.message } : undefined);
  if (!(error instanceof ChildWorkflowFailure)) return { ...of(error), type: (error as ApplicationFailure).type };
  const { execution, workflowType, retryState, namespace } = error;
  const details = cause instanceof ApplicationFailure ? { type: cause.type, details: cause.details } : {};
  const runId = execution.runId === undefined ? undefined : 'a run';
  return {
    message,
    workflowId: execution.workflowId,
    runId,
    workflowType,
    retryState,
    namespace,
    cause: { ...of(cause), ...details },
  };
}
