import { CancellationScope, isCancellation, proxyLocalActivities, sleep, workflowInfo } from 'millrace/workflow';

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
    const { name, activityType, retryState, cause } = error as Error & Record<string, unknown>;
    return { name, activityType, retryState, cause: (cause as Error).message };
  }
}

export async function timesOut(): Promise<unknown> {
  const hasty = proxyLocalActivities<Activities>({ startToCloseTimeout: 20, retry: { maximumAttempts: 1 } });
  return hasty.hang().catch((error) => (error as Error & { cause: Error }).cause.message);
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
