// Workflows that do what they shouldn't. `mended-workflows.ts` has some of them put right.
import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  proxyActivities,
  setHandler,
  sleep,
} from 'millrace/workflow';

const activities = proxyActivities<Record<string, (...args: unknown[]) => Promise<unknown>>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: 20, maximumAttempts: 2 },
});

const finish = defineSignal('finish');

/** One more than a payload may have. */
const tooLarge = (): Uint8Array => new Uint8Array(2 * 1024 * 1024 + 1);
const values = { bigint: () => 1n, tooLarge, circular: circularObject } as const;
type Kind = keyof typeof values;

export async function greet(name: string): Promise<string> {
  return `hello ${name}`;
}

/** Calls the activity, and tells how it ended. */
export async function callActivity(name: string, ...args: unknown[]): Promise<unknown> {
  return activities[name]?.(...args);
}

export async function returnsWrong(kind: Kind): Promise<unknown> {
  return values[kind]();
}

export async function passesWrong(kind: Kind): Promise<unknown> {
  return activities.echo?.(values[kind]());
}

export async function failsWithWrongDetails(kind: Kind): Promise<void> {
  throw ApplicationFailure.nonRetryable('the card was refused', 'CardRefused', values[kind]());
}

/** Keeps what it is sent until it is told to finish, and tells how much that was. */
export async function notes(): Promise<number> {
  const kept: unknown[] = [];
  let finished = false;
  setHandler(defineSignal<[unknown]>('note'), (note) => void kept.push(note));
  setHandler(finish, () => {
    finished = true;
  });
  setHandler(defineQuery<number>('count'), () => kept.length);
  setHandler(defineQuery<unknown, [Kind]>('wrong'), (kind) => values[kind]());
  setHandler(defineQuery<unknown, [Kind]>('failsWrong'), (kind) => {
    throw ApplicationFailure.nonRetryable('no answer', 'NoAnswer', values[kind]());
  });
  await condition(() => finished);
  return kept.length;
}

/** Its last step never yields. */
export async function spins(): Promise<string> {
  await activities.echo?.('before');
  for (;;);
}

/** Waits between two activities, so that its code can be changed meanwhile. */
export async function twoSteps(): Promise<unknown[]> {
  let finished = false;
  setHandler(finish, () => {
    finished = true;
  });
  const first = await activities.echo?.('first');
  await condition(() => finished);
  return [first, await activities.echo?.('second')];
}

export async function schedulesWithout(what: 'timeouts' | 'attempts' | 'queue'): Promise<unknown> {
  const options = {
    timeouts: {},
    attempts: { startToCloseTimeout: '1 minute', retry: { maximumAttempts: 0.5 } },
    queue: { startToCloseTimeout: '1 minute', taskQueue: 'q'.repeat(200) },
  } as const;
  await sleep(1);
  return proxyActivities<{ echo(value: unknown): Promise<unknown> }>(options[what]).echo(1);
}

function circularObject(): object {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}
