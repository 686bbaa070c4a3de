// Workflows that change their memo and search attributes, draw random numbers, and say which errors are meant.
import {
  condition,
  defineQuery,
  defineSignal,
  getRandomStream,
  proxyActivities,
  setHandler,
  setWorkflowOptions,
  sleep,
  upsertMemo,
  upsertSearchAttributes,
  uuid4,
  workflowInfo,
  workflowRandom,
} from 'millrace/workflow';

const next = defineSignal('next');

async function oneByOne(...steps: Array<() => void>): Promise<unknown[]> {
  let due = 0;
  setHandler(next, () => {
    due += 1;
  });
  const seen: unknown[] = [];
  for (const [index, step] of steps.entries()) {
    await condition(() => due > index);
    step();
    const { memo, searchAttributes, typedSearchAttributes } = workflowInfo();
    seen.push({ memo, searchAttributes, typed: typedSearchAttributes.getAll() });
  }
  return seen;
}

export async function changesMemo(): Promise<unknown[]> {
  return oneByOne(
    () => upsertMemo({ note: { deep: 1 }, other: 'x' }),
    () => upsertMemo({ note: null, third: undefined }),
  );
}

export async function changesAttributes(): Promise<unknown[]> {
  return oneByOne(
    () => upsertSearchAttributes({ City: ['Oslo', 'Bergen'], Count: [3] }),
    () =>
      upsertSearchAttributes([
        { key: { name: 'Count', type: 'INT' }, value: 4 },
        { key: { name: 'City', type: 'KEYWORD_LIST' }, value: null },
        { key: { name: 'At', type: 'DATETIME' }, value: new Date(0) },
      ]),
    () => upsertSearchAttributes({ Count: [] }),
  );
}

export async function drawsFromStreams(extra: boolean): Promise<unknown> {
  const mine = getRandomStream('mine');
  const first = mine.random();
  if (extra) {
    workflowRandom.random();
    getRandomStream('other').uuid4();
  }
  const bytes = [...mine.fill(new Uint8Array(4))];
  setHandler(defineQuery('same'), () => getRandomStream('mine') === mine);
  return { first, bytes, id: mine.uuid4(), own: uuid4() };
}

class MeantError extends Error {}

export async function failsAsMeant(asTypeError: boolean): Promise<never> {
  if (asTypeError) throw new TypeError('a mistake');
  throw new MeantError('over');
}
setWorkflowOptions(() => ({ failureExceptionTypes: [MeantError] }), failsAsMeant);

const { charge } = proxyActivities<{ charge(amount: number): Promise<void> }>({
  startToCloseTimeout: '10 s',
  retry: { initialInterval: '2 s', maximumAttempts: 5 },
  summary: 'charges',
  priority: { priorityKey: 2, fairnessKey: 'tenant' },
});

export async function saysWhatItDoes(): Promise<void> {
  void sleep('1 hour', { summary: 'a nap' });
  void charge(1);
  void charge.executeWithOptions({ retry: { maximumAttempts: 1 }, summary: 'charges once' }, [2]);
  await condition(() => false);
}
