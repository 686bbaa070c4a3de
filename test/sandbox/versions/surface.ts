// Workflows that look at what the SDK gives them: scopes, options of activities, facts about the run.
import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  defineSignal,
  inWorkflowContext,
  isCancellation,
  proxyActivities,
  scheduleActivity,
  setHandler,
  sleep,
  workflowInfo,
} from 'millrace/workflow';

const go = defineSignal('go');

/** Resolves with the signal `go`. */
function gone(): Promise<void> {
  let isGone = false;
  setHandler(go, () => {
    isGone = true;
  });
  return condition(() => isGone);
}

interface Activities {
  greet(name: string): Promise<string>;
}

const isInContextOutside = inWorkflowContext();

export async function schedulesByName(): Promise<string> {
  return scheduleActivity<string>('greet', ['Ada', 2], {
    activityId: 'the-greeting',
    taskQueue: 'elsewhere',
    startToCloseTimeout: '1 second',
    scheduleToStartTimeout: '2 seconds',
    scheduleToCloseTimeout: '3 seconds',
    heartbeatTimeout: '4 seconds',
    retry: { maximumAttempts: 5, nonRetryableErrorTypes: ['Fatal'] },
  });
}

export async function forgetsTimeouts(): Promise<string> {
  try {
    proxyActivities({ heartbeatTimeout: 1 } as never);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'it was taken';
}

export async function abandonsActivity(): Promise<string> {
  const { greet } = proxyActivities<Activities>({
    startToCloseTimeout: '1 minute',
    cancellationType: ActivityCancellationType.ABANDON,
  });
  const waiting = gone();
  const scope = new CancellationScope();
  const greeting = scope.run(() => greet('Ada')).catch((error: unknown) => isCancellation(error));
  await waiting;
  scope.cancel();
  const isCancelled = await greeting;
  return `cancelled: ${isCancelled}`;
}

/** A scope from its making to its end. */
export async function usesScope(): Promise<unknown> {
  const root = CancellationScope.current();
  const scope = new CancellationScope({ cancellable: true });
  const seen = await scope.run(async () => {
    const before = CancellationScope.current().consideredCancelled;
    const asked = scope.cancelRequested.catch((error: Error) => error.message);
    const nap = sleep('1 day').catch((error: Error) => `${error.name}: ${error.message}`);
    scope.cancel();
    return { before, asked: await asked, nap: await nap };
  });
  return { ...seen, after: scope.consideredCancelled, isParentRoot: scope.parent === root, root: root.cancellable };
}

/** Which scope is current, in code that waits in two of them at once. */
export async function followsScopes(): Promise<boolean[]> {
  const seen: boolean[] = [];
  const within = (scope: CancellationScope, waitMs: number) =>
    scope.run(async () => {
      seen.push(CancellationScope.current() === scope);
      await sleep(waitMs);
      seen.push(CancellationScope.current() === scope);
      await Promise.resolve().then(() => void seen.push(CancellationScope.current() === scope));
    });
  const root = CancellationScope.current();
  await Promise.all([within(new CancellationScope(), 20), within(new CancellationScope(), 10)]);
  seen.push(CancellationScope.current() === root);
  return seen;
}

export async function tellsContext(): Promise<unknown> {
  const { memo, searchAttributes, typedSearchAttributes, unsafe } = workflowInfo();
  return {
    memo,
    searchAttributes,
    typed: typedSearchAttributes.getAll(),
    isInContext: [isInContextOutside, inWorkflowContext()],
    isReplaying: unsafe.isReplaying,
  };
}

/** What it sees before its wait is seen again where it is replayed. */
export async function tellsReplay(): Promise<unknown> {
  const waiting = gone();
  const look = () => {
    const { isReplaying, isReplayingHistoryEvents, now } = workflowInfo().unsafe;
    return { isReplaying, isReplayingHistoryEvents, realTime: now() };
  };
  const first = look();
  await waiting;
  return [first, look()];
}

export default async function anyOther(...args: unknown[]): Promise<unknown> {
  return [workflowInfo().workflowType, ...args];
}
