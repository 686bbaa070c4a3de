import {
  allHandlersFinished,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
} from 'millrace/workflow';
import type * as activities from './activities.js';

const { greetingIn } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' });

export const languages = defineQuery<string[]>('languages');
export const language = defineQuery<string>('language');
export const setLanguage = defineUpdate<string, [string]>('setLanguage');
export const learnLanguage = defineUpdate<string, [string]>('learnLanguage');
export const approve = defineSignal<[{ readonly name: string }]>('approve');

/** Greets in the language it was told last, once somebody approves. */
export async function greetInLanguage(): Promise<string> {
  const greetings = new Map([
    ['english', 'Hello, world'],
    ['finnish', 'Hei, maailma'],
  ]);
  let current = 'english';
  let approver: string | undefined;

  setHandler(languages, () => [...greetings.keys()]);
  setHandler(language, () => current);
  setHandler(
    setLanguage,
    (next) => {
      const before = current;
      current = next;
      return before;
    },
    {
      validator: (next) => {
        if (!greetings.has(next)) throw new Error(`${next} is not known`);
      },
    },
  );
  setHandler(learnLanguage, async (next) => {
    greetings.set(next, await greetingIn(next));
    current = next;
    return current;
  });
  setHandler(approve, ({ name }) => {
    approver = name;
  });

  await condition(() => approver !== undefined);
  // Updates that are under way are let finish.
  await condition(allHandlersFinished);
  return `${greetings.get(current)} (approved by ${approver})`;
}
