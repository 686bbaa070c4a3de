import {
  CancellationScope,
  condition,
  defineSignal,
  executeChild,
  type ParentClosePolicy,
  setHandler,
  sleep,
  startChild,
} from 'millrace/workflow';

export const goSignal = defineSignal<[string]>('go');

/** Starts a child on a queue of its own, signals it and says what it said. */
export async function parent(childId: string): Promise<string> {
  const child = await startChild(waitForWord, { workflowId: childId, taskQueue: 'children' });
  await child.signal(goSignal, childId);
  return `${await child.result()}, says ${child.workflowId}`;
}

export async function waitForWord(): Promise<string> {
  let word: string | undefined;
  setHandler(goSignal, (said) => {
    word = said;
  });
  await condition(() => word !== undefined);
  return `heard ${word}`;
}

/** Starts children of each policy and waits for them, in vain. */
export async function parentOfAll(prefix: string): Promise<void> {
  const policies: ParentClosePolicy[] = ['TERMINATE', 'ABANDON', 'REQUEST_CANCEL'];
  await Promise.all(
    policies.map((parentClosePolicy) =>
      executeChild(waitForWord, { workflowId: prefix + parentClosePolicy, taskQueue: 'children', parentClosePolicy }),
    ),
  );
}

/** Waits for a child that takes its time to clean up. */
export async function patientParent(childId: string): Promise<void> {
  await executeChild(cleansUp, { workflowId: childId, taskQueue: 'children' });
}

export async function cleansUp(): Promise<void> {
  try {
    await condition(() => false);
  } catch (error) {
    await CancellationScope.nonCancellable(() => sleep(200));
    throw error;
  }
}
