// No run goes the old way any more.
import { condition, defineSignal, deprecatePatch, proxyActivities, setHandler } from 'millrace/workflow';

const { charge } = proxyActivities<{ charge(way: string): Promise<string> }>({ startToCloseTimeout: 1_000 });

export async function order(): Promise<string> {
  let gone = false;
  setHandler(defineSignal('go'), () => {
    gone = true;
  });
  deprecatePatch('new-charge');
  await charge('new');
  await condition(() => gone);
  return 'new';
}
