// Workflows of the sandbox's tests.
import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  isCancellation,
  log,
  proxyActivities,
  setHandler,
  sleep,
  Trigger,
  uuid4,
  workflowInfo,
} from 'millrace/workflow';

interface Activities {
  greet(name: string): Promise<string>;
  count(): Promise<number>;
}

const { greet, count } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' });
const patient = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

export const nameSignal = defineSignal<[string]>('name');
export const goSignal = defineSignal('go');
export const stateQuery = defineQuery<string[]>('state');

export async function hello(name: string): Promise<string> {
  return `${await greet(name)}!`;
}

export async function napThenAnswer(ms: number): Promise<string> {
  const before = Date.now();
  await sleep(ms);
  return `slept ${Date.now() - before}`;
}

export async function waitForGo(timeout?: string | number): Promise<string> {
  let gone = false;
  setHandler(goSignal, () => {
    gone = true;
  });
  if (timeout === undefined) {
    await condition(() => gone);
    return 'gone';
  }
  return (await condition(() => gone, timeout as number)) ? 'gone' : 'timed out';
}

export async function collectNames(): Promise<string[]> {
  const names: string[] = ['main'];
  setHandler(nameSignal, (name) => void names.push(name));
  names.push('set');
  await condition(() => names.includes('end'));
  return names;
}

export async function asksItself(): Promise<void> {
  const seen: string[] = [];
  setHandler(stateQuery, () => seen);
  setHandler(defineQuery<Promise<void>>('async'), async () => {});
  setHandler(defineQuery<void>('greedy'), () => void sleep(1));
  setHandler(defineQuery<string, [string, number]>('echo'), (text, times) => text.repeat(times));
  setHandler(nameSignal, (name) => void seen.push(name));
  await condition(() => seen.includes('end'));
}

export async function cancelledMidway(): Promise<string> {
  try {
    await sleep('1 hour');
    return 'slept';
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => greet('cleanup'));
    throw error;
  }
}

export async function startsAndTakesBack(): Promise<string> {
  const scope = new CancellationScope();
  const slept = scope.run(() => sleep(1_000)).catch((error: unknown) => isCancellation(error));
  const greeted = scope.run(() => greet('nobody')).catch((error: unknown) => isCancellation(error));
  scope.cancel();
  return JSON.stringify([await slept, await greeted]);
}

export async function givesUpOnActivity(): Promise<string> {
  const scope = new CancellationScope();
  const greeted = scope.run(() => greet('slow'));
  setHandler(goSignal, () => scope.cancel());
  try {
    return await greeted;
  } catch (error) {
    return error instanceof ActivityFailure && isCancellation(error) ? 'cancelled' : 'failed';
  }
}

export async function waitsForCancelledActivity(): Promise<string> {
  const scope = new CancellationScope();
  const greeted = scope.run(() => patient.greet('slow'));
  setHandler(goSignal, () => scope.cancel());
  return greeted.catch((error: unknown) => (isCancellation(error) ? 'cancelled' : 'failed'));
}

export async function withTimeout(): Promise<string> {
  try {
    return await CancellationScope.withTimeout('10s', () => greet('slow'));
  } catch (error) {
    return isCancellation(error) ? 'timed out' : 'failed';
  }
}

export async function waitsOnTrigger(): Promise<string> {
  const trigger = new Trigger<string>();
  setHandler(nameSignal, (name) => trigger.resolve(name));
  return await trigger;
}

export async function setTimeoutOrder(): Promise<string[]> {
  const fired: string[] = [];
  const cancelled = setTimeout(() => fired.push('never'), 10);
  setTimeout((text: string) => fired.push(text), 50, 'late');
  setTimeout(() => fired.push('early'), 20);
  clearTimeout(cancelled);
  await condition(() => fired.length === 2);
  return fired;
}

export async function failsOnPurpose(): Promise<void> {
  throw ApplicationFailure.create({ message: 'out of stock', type: 'OutOfStock', nonRetryable: true, details: [7] });
}

export async function failsByMistake(): Promise<void> {
  const order = JSON.parse('{}') as { customer: { name: string } };
  log.info(order.customer.name);
}

export async function failsWithActivity(): Promise<string> {
  try {
    return await greet('x');
  } catch (error) {
    if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) throw error;
    return `${error.message}: ${error.activityType} ${error.retryState} ${error.cause.type} ${error.cause.message}`;
  }
}

export async function forgetsRejection(): Promise<void> {
  void Promise.reject(new Error('nobody listens'));
  await sleep(1_000);
}

export async function neverYields(): Promise<void> {
  for (;;);
}

export async function runsOutOfStack(): Promise<number> {
  const deeper = (depth: number): number => deeper(depth + 1) + 1;
  return deeper(0);
}

let starts = 0;

export async function countsInModule(): Promise<number> {
  starts += 1;
  await sleep(1);
  starts += 1;
  return starts;
}

export async function usesGlobals(own: string): Promise<unknown> {
  const shared = globalThis as unknown as Record<string, unknown>;
  const before = shared.mark ?? null;
  shared.mark = own;
  await sleep(1);
  return { before, after: shared.mark, free: new Function('return mark')() };
}

export async function changesBuiltIns(): Promise<string[]> {
  const attempts: Array<() => unknown> = [
    () => Object.assign(Array.prototype, { mine: true }),
    () => Object.assign(Math, { random: () => 4 }),
    () => Object.assign(globalThis, { Date: null }),
    () => Object.assign(Object.prototype, { toString: null }),
    () => Object.assign(ApplicationFailure, { create: null }),
    () => Object.assign(URL.prototype, { mine: true }),
  ];
  return attempts.map((attempt) => {
    try {
      attempt();
      return 'changed';
    } catch (error) {
      return (error as Error).name;
    }
  });
}

class OwnError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OwnError';
  }
}

export async function overridesInherited(): Promise<unknown> {
  const error = new OwnError('mine');
  const object: Record<string, unknown> = {};
  object.toString = () => 'own text';
  return { name: error.name, text: String(error), object: `${object}`, keys: Object.keys(object) };
}

export async function isDeterministic(): Promise<unknown> {
  const first = { now: Date.now(), date: new Date().toISOString(), random: Math.random(), uuid: uuid4() };
  await count();
  return { ...first, later: Date.now(), random2: Math.random(), crypto: crypto.randomUUID(), perf: performance.now() };
}

export async function usesWebApis(): Promise<unknown> {
  const controller = new AbortController();
  let aborted = '';
  controller.signal.addEventListener('abort', () => {
    aborted = String((controller.signal.reason as Error).name);
  });
  controller.abort();
  const original = { when: new Date(5), map: new Map([['a', [1n]]]), bytes: new Uint8Array([1, 2]) };
  const copy = structuredClone(original);
  return {
    url: new URL('/b?c=1', 'https://a.test').searchParams.get('c'),
    text: new TextDecoder().decode(new TextEncoder().encode('grüße')),
    isOwnRealm: new TextEncoder().encode('x') instanceof Uint8Array,
    base64: atob(btoa('abc')),
    aborted,
    copied: copy.when.getTime() === 5 && copy.map.get('a')?.[0] === 1n && copy.bytes[1] === 2 && copy !== original,
    random: crypto.getRandomValues(new Uint8Array(4)).length,
    weakRef: nameOfError(() => new WeakRef({})),
    fetch: typeof fetch,
  };
}

export async function callsFetch(): Promise<void> {
  await fetch('https://example.test');
}

export async function tellsAboutItself(): Promise<unknown> {
  const { workflowId, runId, workflowType, taskQueue, namespace, attempt, historyLength, startTime } = workflowInfo();
  return { workflowId, runId, workflowType, taskQueue, namespace, attempt, historyLength, start: startTime.getTime() };
}

export async function logsAround(): Promise<void> {
  log.info('before', { step: 1 });
  await count();
  log.info('after', { step: 2 });
}

export async function manySteps(steps: number): Promise<number> {
  let sum = 0;
  for (let step = 0; step < steps; step++) sum += await count();
  return sum;
}

function nameOfError(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as Error).name;
  }
}

export async function scopeTree(): Promise<unknown> {
  const outer = new CancellationScope();
  const inner = new CancellationScope({ cancellable: true, parent: outer });
  const shield = new CancellationScope({ cancellable: false, parent: outer });
  const underShield = new CancellationScope({ cancellable: true, parent: shield });
  const current = await outer.run(async () => {
    await Promise.resolve();
    return CancellationScope.current() === outer;
  });
  outer.cancel();
  const asked = await shield.cancelRequested.catch((error: Error) => error.message);
  return {
    outer: outer.consideredCancelled,
    inner: inner.consideredCancelled,
    shield: shield.consideredCancelled,
    shieldAsked: asked,
    underShield: underShield.consideredCancelled,
    current,
  };
}

export async function bringsTheThreadDown(): Promise<void> {
  const hostFunction = URL.constructor as FunctionConstructor;
  hostFunction('process.exit(3)')();
}

declare const AsyncLocalStorage: typeof import('node:async_hooks').AsyncLocalStorage;

export async function usesAsyncLocalStorage(own: string): Promise<unknown> {
  const storage = new AsyncLocalStorage<string>();
  const seen = await Promise.all([
    storage.run(`${own} 1`, async () => {
      await sleep(1);
      const inner = await storage.run('inner', async () => storage.getStore());
      return [storage.getStore(), inner, storage.exit(() => storage.getStore() ?? 'none')];
    }),
    storage.run(`${own} 2`, async () => {
      await CancellationScope.cancellable(() => sleep(1));
      return storage.getStore();
    }),
  ]);
  const before = storage.getStore() ?? 'none';
  storage.enterWith('entered');
  await Promise.resolve();
  return [...seen, before, storage.getStore()];
}

export async function tellsItsThread(): Promise<number> {
  const hostFunction = URL.constructor as FunctionConstructor;
  const thread = hostFunction("return process.getBuiltinModule('node:worker_threads').threadId")() as number;
  await sleep(thread);
  return thread;
}

export async function takesAllMemory(): Promise<number> {
  const hoard: number[][] = [];
  for (;;) hoard.push(Array.from({ length: 100_000 }, (_, index) => index + 0.5));
}

export * from './chain-workflows.js';
export * from './handler-workflows.js';

export async function disposesAndAborts(): Promise<unknown> {
  const events: string[] = [];
  {
    using resource = { name: 'a', [Symbol.dispose]: () => void events.push('disposed') };
    await using later = { [Symbol.asyncDispose]: async () => void events.push('disposed later') };
    events.push(`uses ${resource.name} ${typeof later}`);
  }
  const first = new AbortController();
  const any = AbortSignal.any([first.signal, AbortSignal.timeout(1_000)]);
  any.addEventListener('abort', () => void events.push('any'));
  first.abort(new Error('first'));
  await Promise.resolve();
  const timeout = AbortSignal.timeout(5);
  await new Promise<void>((resolve) => timeout.addEventListener('abort', () => resolve()));
  const query = new URLSearchParams({ a: '1', b: 'ä' });
  return {
    events,
    reason: String(any.reason),
    timeout: (timeout.reason as Error).name,
    query: query.toString(),
    perf: performance.now() >= 5,
    uuid: crypto.randomUUID().length,
    registry: nameOfError(() => new FinalizationRegistry(() => {})),
    weak: new WeakMap([[query, 1]]).get(query),
  };
}

export async function takesAllBuffers(): Promise<number> {
  const hoard: Uint8Array[] = [];
  // Slowly, and not for ever: a machine that nobody guards must live through it.
  while (hoard.length < 2_000) {
    hoard.push(new Uint8Array(1024 * 1024).fill(hoard.length));
    for (let turn = 0; turn < 2_000_000; turn++);
  }
  return hoard.length;
}
