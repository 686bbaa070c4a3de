import type { Program } from './program.js';

/** The examples by name, each loaded when it is wanted. */
export const examples: ReadonlyMap<string, () => Promise<{ readonly program: Program }>> = new Map([
  ['child-workflows', () => import('./child-workflows/program.js')],
  ['continue-as-new', () => import('./continue-as-new/program.js')],
  ['early-return', () => import('./early-return/program.js')],
  ['local-activities', () => import('./local-activities/program.js')],
  ['message-passing', () => import('./message-passing/program.js')],
  ['mutex', () => import('./mutex/program.js')],
  ['patching', () => import('./patching/program.js')],
  ['polling', () => import('./polling/program.js')],
  ['saga', () => import('./saga/program.js')],
  ['search-attributes', () => import('./search-attributes/program.js')],
  ['sinks', () => import('./sinks/program.js')],
  ['state', () => import('./state/program.js')],
  ['updatable-timer', () => import('./updatable-timer/program.js')],
]);
