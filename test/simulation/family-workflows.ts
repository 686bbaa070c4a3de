// The simulation's workflows that have children. A child's id says whose it is, and by it where it is served.
import {
  ApplicationFailure,
  CancellationScope,
  executeChild,
  isCancellation,
  type ParentClosePolicy,
  proxyActivities,
  sleep,
  startChild,
  workflowInfo,
} from 'millrace/workflow';
import type { SimulatedActivities } from './activities.js';
import { cancellable, deaf, finish, note, notes } from './workflows.js';

const { square } = proxyActivities<SimulatedActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: 200, backoffCoefficient: 2, maximumInterval: 3_000 },
});

const childId = (name: string | number) => `${name} of ${workflowInfo().workflowId}`;

/** Children at the same time: the sum of what they make of their numbers. */
export async function family(numbers: number[]): Promise<number> {
  const children = numbers.map((number, index) =>
    executeChild(squared, { args: [number], workflowId: childId(index) }),
  );
  return (await Promise.all(children)).reduce((sum, one) => sum + one, 0);
}

export async function squared(number: number): Promise<number> {
  return square(number);
}

/** Sends a child so many numbers, and hears from it what they were. */
export async function dictation(count: number): Promise<string> {
  const child = await startChild(notes, { workflowId: childId('notes') });
  for (let number = 0; number < count; number++) await child.signal(note, number);
  await child.signal(finish);
  return (await child.result()).join();
}

/** Ends while its child goes on. */
export async function leaver(parentClosePolicy: ParentClosePolicy, isFatal: boolean): Promise<string> {
  await startChild(cancellable, { args: [1], workflowId: childId('child'), parentClosePolicy });
  if (isFatal) throw ApplicationFailure.nonRetryable('as it was asked to');
  return 'left';
}

/** Cancels its child after a time, and waits for it to have cleaned up. */
export async function strict(afterMs: number): Promise<string> {
  const scope = new CancellationScope();
  const child = scope.run(() => executeChild(cancellable, { args: [1], workflowId: childId('child') }));
  child.catch(() => undefined);
  await sleep(afterMs);
  scope.cancel();
  try {
    await child;
    return 'ended by itself';
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return 'cancelled';
  }
}

/** Waits for a child that never ends. */
export async function waiter(): Promise<void> {
  await executeChild(deaf, { workflowId: childId('child') });
}
