import type { Program } from './program.js';

/** The examples by name, each loaded when it is wanted. */
export const examples: ReadonlyMap<string, () => Promise<{ readonly program: Program }>> = new Map([
  ['activities-cancellation-heartbeating', () => import('./activities-cancellation-heartbeating/program.js')],
  ['activities-dependency-injection', () => import('./activities-dependency-injection/program.js')],
  ['async-completion', () => import('./async-completion/program.js')],
  ['batch-sliding-window', () => import('./batch-sliding-window/program.js')],
  ['child-workflows', () => import('./child-workflows/program.js')],
  ['continue-as-new', () => import('./continue-as-new/program.js')],
  ['cron', () => import('./cron/program.js')],
  ['dsl-interpreter', () => import('./dsl-interpreter/program.js')],
  ['early-return', () => import('./early-return/program.js')],
  ['local-activities', () => import('./local-activities/program.js')],
  ['message-passing', () => import('./message-passing/program.js')],
  ['mutex', () => import('./mutex/program.js')],
  ['patching', () => import('./patching/program.js')],
  ['polling', () => import('./polling/program.js')],
  ['saga', () => import('./saga/program.js')],
  ['search-attributes', () => import('./search-attributes/program.js')],
  ['sinks', () => import('./sinks/program.js')],
  ['sleep-for-days', () => import('./sleep-for-days/program.js')],
  ['state', () => import('./state/program.js')],
  ['timer-reminder', () => import('./timer-reminder/program.js')],
  ['updatable-timer', () => import('./updatable-timer/program.js')],
]);
