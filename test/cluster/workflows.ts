import { condition, defineSignal, defineUpdate, proxyActivities, setHandler } from 'millrace/workflow';

interface Activities {
  stamp(text: string): Promise<string>;
}

const { stamp } = proxyActivities<Activities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '500ms', backoffCoefficient: 1 },
});

export const note = defineSignal<[text: string]>('note');
/** Notes a text as the signal does, and answers with how many notes there are then. */
export const enter = defineUpdate<number, [text: string]>('enter');
export const finish = defineSignal('finish');

export interface DiaryPages {
  /** In the order in which the workflow was told. */
  readonly notes: readonly string[];
  /** What the activity made of each. */
  readonly stamped: readonly string[];
}

/** Notes what it is told and has it stamped, a few at a time, until it is to finish. */
export async function diary(): Promise<DiaryPages> {
  const notes: string[] = [];
  const stamped: string[] = [];
  let finished = false;
  setHandler(note, (text) => {
    notes.push(text);
  });
  setHandler(enter, (text) => notes.push(text));
  setHandler(finish, () => {
    finished = true;
  });
  while (!finished || stamped.length < notes.length) {
    await condition(() => finished || stamped.length < notes.length);
    stamped.push(...(await Promise.all(notes.slice(stamped.length).map(stamp))));
  }
  return { notes, stamped };
}

/** One step, for whoever wants to know whether things go on. */
export async function heartbeat(text: string): Promise<string> {
  return stamp(text);
}
