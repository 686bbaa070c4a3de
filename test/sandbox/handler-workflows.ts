// Workflows of the tests of signal, query and update handlers.
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  currentUpdateInfo,
  defineQuery,
  defineSignal,
  defineUpdate,
  getCurrentDetails,
  type HandlerUnfinishedPolicy,
  log,
  proxyActivities,
  setCurrentDetails,
  setDefaultQueryHandler,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
  sleep,
  workflowInfo,
} from 'millrace/workflow';

const { count } = proxyActivities<{ count(): Promise<number> }>({ startToCloseTimeout: '1 minute' });

export const addUpdate = defineUpdate<number, [number]>('add');
const endSignal = defineSignal('end');
const noteSignal = defineSignal<[string]>('note');

/** Adds positive numbers; 13 is a mistake, and 99 fails on purpose. */
export async function accumulates(): Promise<number> {
  let sum = 0;
  let ended = false;
  setHandler(
    addUpdate,
    (value) => {
      if (value === 13) throw new Error('a bug');
      if (value === 99) throw ApplicationFailure.create({ message: 'too much', type: 'Full' });
      sum += value;
      return sum;
    },
    {
      validator: (value) => {
        log.info('validating', { value });
        if (value < 0) throw ApplicationFailure.create({ message: 'not positive', type: 'Invalid' });
      },
      description: 'Adds a number',
    },
  );
  setHandler(endSignal, () => {
    ended = true;
  });
  await condition(() => ended && allHandlersFinished());
  return sum;
}

/** Its update takes an activity. */
export async function updatesSlowly(policy?: HandlerUnfinishedPolicy): Promise<string[]> {
  const steps: string[] = [];
  const options = policy === undefined ? {} : { unfinishedPolicy: policy };
  setHandler(
    addUpdate,
    async (value) => {
      steps.push(`begin ${currentUpdateInfo()?.name}`);
      const more = await count();
      steps.push(`end ${currentUpdateInfo()?.id}`);
      return value + more;
    },
    options,
  );
  setHandler(
    noteSignal,
    async (note) => {
      steps.push(note);
      await sleep('1 hour');
    },
    options,
  );
  let ended = false;
  setHandler(endSignal, () => {
    ended = true;
  });
  await condition(() => ended);
  return steps;
}

/** Waits for all handlers before it ends. */
export async function waitsForHandlers(): Promise<string> {
  setHandler(addUpdate, async (value) => value + (await count()));
  await sleep(1);
  await condition(allHandlersFinished);
  return 'finished';
}

/** Validators that do what they must not. */
export async function badValidators(): Promise<void> {
  const greedy = defineUpdate<void>('greedy');
  setHandler(greedy, () => {}, { validator: () => void count().catch(() => {}) });
  const waiting = defineUpdate<void>('async');
  setHandler(waiting, () => {}, { validator: (async () => {}) as unknown as () => void });
  const spoils = defineUpdate<string, [{ name: string }]>('spoils');
  setHandler(spoils, ({ name }) => name, {
    validator: (argument) => {
      argument.name = 'spoilt';
    },
  });
  await sleep('1 day');
}

/** Handles what comes by default handlers, and one signal and update by handlers that are set before them. */
export async function handlesAnything(): Promise<unknown[]> {
  const seen: unknown[] = [];
  await sleep(1);
  setHandler(noteSignal, (note) => void seen.push(['note', note]));
  setHandler(addUpdate, (value) => seen.push(['add', value]));
  setDefaultSignalHandler((name, ...args) => void seen.push(['signal', name, ...args]));
  setDefaultUpdateHandler((name, ...args) => {
    seen.push(['update', name, ...args]);
    return name;
  });
  setDefaultQueryHandler((name, ...args) => [name, ...args]);
  setHandler(endSignal, () => {
    ended = true;
  });
  let ended = false;
  await condition(() => ended);
  return seen;
}

/** What comes with the start waits for its handlers, in the order of arrival. */
export async function ordersHandlers(): Promise<string[]> {
  const seen = ['main'];
  setHandler(addUpdate, (value) => {
    seen.push(`update ${value}`);
    return value;
  });
  seen.push('after update');
  setHandler(noteSignal, (note) => void seen.push(`signal ${note}`));
  seen.push('after signal');
  await condition(() => seen.includes('signal last'));
  return seen;
}

/** Takes a handler off again. */
export async function unsetsHandler(): Promise<string[]> {
  const seen: string[] = [];
  setHandler(noteSignal, (note) => void seen.push(note));
  await condition(() => seen.length > 0);
  setHandler(noteSignal, undefined);
  await sleep(1);
  seen.push('slept');
  setHandler(noteSignal, (note) => void seen.push(`again ${note}`));
  return seen;
}

/** Ends when it is told to, and then goes on: a timer, and a failure. */
export async function endsTwice(): Promise<string> {
  let ended = false;
  setHandler(endSignal, () => {
    ended = true;
  });
  setHandler(noteSignal, async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    sleep('1 day').catch(() => {});
    throw ApplicationFailure.nonRetryable('second');
  });
  await condition(() => ended);
  return 'first';
}

/** Waits in three places. */
export async function waitsHereAndThere(): Promise<void> {
  setCurrentDetails('*waiting*');
  setHandler(defineQuery<string>('details'), () => getCurrentDetails(), { description: 'What it is at' });
  setHandler(noteSignal, () => {}, { description: 'Notes something' });
  setHandler(addUpdate, (value) => value);
  async function waitsForActivity(): Promise<void> {
    await CancellationScope.cancellable(async () => {
      await count();
    });
  }
  await Promise.all([waitsForActivity(), sleep('1 day'), condition(() => false)]);
}

/** Queries that look at what they may. */
export async function asksAboutReplay(): Promise<void> {
  let looked = 0;
  let unblocked = false;
  setHandler(defineQuery<boolean>('replaying'), () => {
    looked += 1;
    return workflowInfo().unsafe.isReplaying;
  });
  setHandler(defineQuery<boolean>('unblocked'), () => unblocked);
  await condition(() => looked > 0);
  unblocked = true;
  await sleep('1 day');
}
