// Nothing is left of the change.
import { condition, defineSignal, proxyActivities, setHandler } from 'millrace/workflow';

const { charge } = proxyActivities<{ charge(way: string): Promise<string> }>({ startToCloseTimeout: 1_000 });

export async function order(): Promise<string> {
  let gone = false;
  setHandler(defineSignal('go'), () => {
    gone = true;
  });
  await charge('new');
  await condition(() => gone);
  return 'new';
}
