import type { Feature } from '../feature.js';

export const determinismFeatures: readonly Feature[] = [
  {
    id: 'determinism.date',
    section: '3.1',
    feature: 'Date and Date.now() are the time of the workflow task',
  },
  {
    id: 'determinism.random',
    section: '3.1',
    feature: 'Math.random is seeded by the run',
  },
  {
    id: 'determinism.timers',
    section: '3.1',
    feature: 'setTimeout and clearTimeout are durable timers',
  },
  {
    id: 'determinism.console',
    section: '3.1',
    feature: 'console is silent on replay',
  },
  {
    id: 'determinism.forbidden-globals',
    section: '3.1',
    feature: 'WeakRef and FinalizationRegistry throw DeterminismViolationError',
  },
  {
    id: 'determinism.web-apis',
    section: '3.1',
    feature: 'URL, TextEncoder, AbortController, structuredClone and the like are there, deterministic',
  },
  {
    id: 'determinism.absent-globals',
    section: '3.1',
    feature: 'what is absent (fetch, setInterval, Buffer …) says what to do instead',
  },
  {
    id: 'determinism.isolation',
    section: '3.1',
    feature: 'runs share no module state and no global object; what they share is frozen',
  },
  {
    id: 'determinism.forbidden-imports',
    section: '3.1',
    feature: 'a module of the host fails the bundle with the chain of imports that leads to it',
  },
  {
    id: 'determinism.endless-loop',
    section: '3.1',
    feature: 'code that never yields fails its task, and hurts no other run',
  },
  {
    id: 'determinism.unhandled-rejection',
    section: '3.1',
    feature: 'an unhandled rejection fails the task of its run',
  },
  {
    id: 'determinism.error-policy',
    section: '3.1',
    feature: 'a TemporalFailure fails the workflow, any other error the workflow task',
  },
  {
    id: 'determinism.task-retry',
    section: '3.1',
    feature: 'a failed workflow task is tried again until the code is mended',
  },
  {
    id: 'determinism.activation-order',
    section: '3.2',
    feature: 'patches first, then signals and updates, then all else',
  },
  {
    id: 'determinism.start-order',
    section: '3.2',
    feature: "signals that come with the start run before the workflow's code",
  },
  {
    id: 'determinism.conditions-between-jobs',
    section: '3.2',
    feature: 'conditions are looked at after each job',
  },
  {
    id: 'determinism.query-activations',
    section: '3.2',
    feature: 'queries see a replaying run and unblock nothing',
  },
  {
    id: 'determinism.validators-on-replay',
    section: '3.2',
    feature: "validators don't run on replay",
  },
  {
    id: 'determinism.terminal-command',
    section: '3.2',
    feature: 'what comes after the closing command is left out',
  },
  {
    id: 'determinism.unhandled-command',
    section: '3.2',
    feature: 'a signal that comes while the run closes is not lost',
  },
  {
    id: 'determinism.command-mismatch',
    section: '3.3',
    feature: 'a command of another kind, id or type fails the task with TMPRL1100, showing both',
  },
  {
    id: 'determinism.missing-command',
    section: '3.3',
    feature: 'a command that is missing or too many is told',
  },
  {
    id: 'determinism.patch-markers',
    section: '3.3',
    feature: 'a patch marker without its call fails the task; a deprecated one may be missing',
  },
  {
    id: 'determinism.eviction',
    section: '3.3',
    feature: 'evicted runs are replayed',
  },
  {
    id: 'determinism.replay-same',
    section: '3.3',
    feature: 'a replayed run goes on as the live one does',
  },
];
