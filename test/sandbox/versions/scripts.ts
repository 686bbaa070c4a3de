// A workflow that does what a script says, and tells in all that it asks for what it has been through.
import {
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  patched,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
} from 'millrace/workflow';

export type Step =
  | readonly ['sleep' | 'activity' | 'local' | 'patch' | 'random' | 'ticks' | 'soon', number]
  /** Its branches run side by side: the first is cancelled when the second has ended. */
  | readonly ['fork', Script, Script];
export type Script = readonly Step[];

type Activities = { work(seen: string): Promise<number> };
const { work } = proxyActivities<Activities>({ startToCloseTimeout: 60_000, retry: { maximumAttempts: 1 } });
const local = proxyLocalActivities<Activities>({ startToCloseTimeout: 60_000, retry: { maximumAttempts: 1 } });

export async function follows(script: Script): Promise<string> {
  const seen: unknown[] = [];
  let ticks = 0;
  setHandler(defineSignal('tick'), async () => {
    ticks += 1;
    seen.push(`tick ${ticks}`, await local.work(seen.join()));
  });
  setHandler(
    defineUpdate<string, [number]>('more'),
    async (most) => {
      seen.push(`more ${Math.random()}`);
      await sleep(most);
      return seen.join();
    },
    {
      validator: (most) => {
        if (Math.random() < 2 && most % 2 === 1) throw new Error('odd');
      },
    },
  );
  setHandler(defineQuery('seen'), () => [Math.random(), patched('asked'), ...seen].join());

  const doStep = async ([kind, ...of]: Step): Promise<unknown> => {
    const [number] = of as [number];
    switch (kind) {
      case 'sleep':
        return sleep(number);
      case 'activity':
        return work(seen.join()).catch(String);
      case 'local':
        return local.work(seen.join()).catch(String);
      case 'patch':
        return patched(`patch ${number}`);
      case 'random':
        return Math.random();
      case 'ticks':
        return condition(() => ticks >= number, 1_000);
      case 'soon':
        return condition(() => ticks + Math.random() > number, 100);
      case 'fork': {
        const [first, second] = of as unknown as [Script, Script];
        const scope = new CancellationScope();
        const forked = scope.run(() => doAll(first)).catch(String);
        await doAll(second);
        scope.cancel();
        return forked;
      }
    }
  };
  const doAll = async (steps: Script): Promise<void> => {
    for (const step of steps) seen.push(`${step[0]} ${await doStep(step)}`);
  };
  await doAll(script);
  return seen.join();
}
