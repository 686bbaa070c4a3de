import {
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  proxyLocalActivities,
  setHandler,
  sleep,
  workflowInfo,
} from 'millrace/workflow';

interface Activities {
  echo(value: string): Promise<string>;
  flaky(upTo: number): Promise<string>;
  hang(): Promise<string>;
  missing(): Promise<string>;
}

const { echo, flaky, missing } = proxyLocalActivities<Activities>({ startToCloseTimeout: 1_000 });

export async function inTurn(): Promise<string> {
  const one = await echo('a');
  const [two, three] = await Promise.all([echo('b'), echo('c')]);
  await sleep(10);
  return `${one}${two}${three}${await echo('d')}`;
}

export async function retried(): Promise<string> {
  return flaky(3);
}

export async function retriedDurably(): Promise<string> {
  const patient = proxyLocalActivities<Activities>({
    startToCloseTimeout: 1_000,
    localRetryThreshold: 10,
    retry: { initialInterval: '1 hour' },
  });
  return patient.flaky(2);
}

export async function failsLocally(): Promise<unknown> {
  const once = proxyLocalActivities<Activities>({ startToCloseTimeout: 1_000, retry: { maximumAttempts: 1 } });
  try {
    return await once.flaky(2);
  } catch (error) {
    const { name, message, type } = error as Error & Record<string, unknown>;
    return { name, message, type };
  }
}

export async function timesOut(): Promise<unknown> {
  const hasty = proxyLocalActivities<Activities>({ startToCloseTimeout: 20, retry: { maximumAttempts: 1 } });
  return hasty.hang().catch((error: Error) => [error.message, (error.cause as Error).message]);
}

export async function cancelsLocally(cancellationType: 'TRY_CANCEL' | 'WAIT_CANCELLATION_COMPLETED'): Promise<unknown> {
  const { hang } = proxyLocalActivities<Activities>({ startToCloseTimeout: 60_000, cancellationType });
  const scope = new CancellationScope();
  const hanging = scope.run(() => hang());
  await echo('x');
  scope.cancel();
  return hanging.catch((error) => `cancelled: ${isCancellation(error)}`);
}

export async function asksForWhatIsMissing(): Promise<string> {
  return missing();
}

export async function seesTimePass(): Promise<number> {
  const before = Date.now();
  await echo('x');
  return workflowInfo().historyLength > 0 ? Date.now() - before : -1;
}

export async function waitsForOne(value: string): Promise<string> {
  return echo(value);
}

const next = defineSignal('next');

/** Lets a local activity go that doesn't stop, and goes on. */
export async function letsGo(cancellationType: 'TRY_CANCEL' | 'ABANDON'): Promise<number> {
  const { hang } = proxyLocalActivities<Activities>({ startToCloseTimeout: 60_000, cancellationType });
  const scope = new CancellationScope();
  const hanging = scope.run(() => hang()).catch(() => 'let go');
  await echo('a');
  scope.cancel();
  await hanging;
  await echo('b');
  return looksUntilNext();
}

/** How often a condition was looked at until a signal came. */
async function looksUntilNext(): Promise<number> {
  let looks = 0;
  let isNext = false;
  setHandler(next, () => {
    isNext = true;
  });
  const waiting = condition(() => {
    looks += 1;
    return isNext;
  });
  await echo('c');
  await waiting;
  return looks;
}

/** Has a local activity under way when its task fails. */
export async function failsMeanwhile(): Promise<void> {
  const { hang } = proxyLocalActivities<Activities>({ startToCloseTimeout: 60_000 });
  void hang();
  await echo('a');
  throw new TypeError('a mistake');
}
