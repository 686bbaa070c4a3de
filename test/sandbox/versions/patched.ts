// The change is made: runs that have been through here go on the old way.
import { condition, defineSignal, patched, proxyActivities, setHandler } from 'millrace/workflow';

const { charge } = proxyActivities<{ charge(way: string): Promise<string> }>({ startToCloseTimeout: 1_000 });

export async function order(): Promise<string> {
  let gone = false;
  setHandler(defineSignal('go'), () => {
    gone = true;
  });
  const isNew = patched('new-charge');
  await charge(isNew ? 'new' : 'old');
  await condition(() => gone);
  // The first answer holds, though the code here runs for the first time.
  return `${isNew ? 'new' : 'old'}, ${patched('new-charge') ? 'new' : 'old'}`;
}
