import {
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  getRandomStream,
  setHandler,
  uuid4,
} from 'millrace/workflow';

export const draw = defineQuery<string[]>('draw');
export const wait = defineQuery<unknown>('wait');
export const drawn = defineUpdate<string>('drawn');
export const next = defineSignal('next');

function draws(): string[] {
  return [String(Math.random()), uuid4(), String(getRandomStream('own').random())];
}

/** Its query and its validator draw random numbers. */
export async function drawsWhileReading(): Promise<string[]> {
  let isNext = false;
  setHandler(draw, draws);
  setHandler(wait, () => condition(() => isNext));
  setHandler(drawn, () => draws().join(), { validator: () => void draws() });
  setHandler(next, () => {
    isNext = true;
  });
  await condition(() => isNext);
  return draws();
}
