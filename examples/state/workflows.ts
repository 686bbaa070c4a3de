import { CancelledFailure, condition, defineQuery, defineSignal, log, setHandler } from 'millrace/workflow';

export const setValue = defineSignal<[key: string, value: number]>('setValue');
export const getValue = defineQuery<number | undefined, [key: string]>('getValue');

/** Holds values until it is cancelled. */
export async function keepState(): Promise<void> {
  const state = new Map<string, number>();
  setHandler(setValue, (key, value) => void state.set(key, value));
  setHandler(getValue, (key) => state.get(key));
  try {
    await condition(() => false);
  } catch (error) {
    if (error instanceof CancelledFailure) log.info('cancelled', { values: state.size });
    throw error;
  }
}
