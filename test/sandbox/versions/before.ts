// The code before its change: a nap, and then an activity.
import { condition, defineSignal, proxyActivities, setHandler } from 'millrace/workflow';

const { charge } = proxyActivities<{ charge(way: string): Promise<string> }>({ startToCloseTimeout: 1_000 });

export async function order(): Promise<string> {
  let gone = false;
  setHandler(defineSignal('go'), () => {
    gone = true;
  });
  await charge('old');
  await condition(() => gone);
  return 'old';
}
