// What each job does to a run: it settles a promise, or runs a handler up to its first wait.
import type { Job, JobTypes } from './activation.js';
import { bindConverters } from './converters.js';
import { notReached } from './external-workflows.js';
import { makeInterceptors } from './interceptors.js';
import { resolveLocalActivity } from './local-activities.js';
import type { WorkflowRun } from './run.js';
import { dispatchSignal } from './signals.js';
import { dispatchUpdate } from './updates.js';
import { startInfoOf } from './workflow-info.js';

type JobHandlers = { readonly [K in keyof JobTypes]: (run: WorkflowRun, job: JobTypes[K]) => void };

const handlers: JobHandlers = {
  initializeWorkflow(run, { started }) {
    bindConverters(run, started.header.workflowId);
    run.started = startInfoOf(started, run.converters);
    run.searchAttributes = started.searchAttributes;
    run.input = started.input;
    run.startHeaders = started.headers;
    run.interceptors = makeInterceptors(run.interceptorModules);
  },

  notifyHasPatch(run, { patchId }) {
    run.recordedPatches.add(patchId);
  },

  updateRandomSeed(run, { seed }) {
    run.reseed(seed);
  },

  signalWorkflow(run, signal) {
    dispatchSignal(run, signal);
  },

  doUpdate(run, update) {
    dispatchUpdate(run, update);
  },

  cancelWorkflow(run) {
    run.rootScope.cancel();
  },

  // A timer or activity that is not pending was cancelled while its end was on the way.
  fireTimer(run, { seq }) {
    const fired = run.timers.get(seq);
    run.timers.delete(seq);
    fired?.();
  },

  completeActivity(run, { seq, result }) {
    const activity = run.activities.get(seq);
    run.activities.delete(seq);
    activity?.complete(result);
  },

  resolveLocalActivity,

  failActivity(run, { seq, failure }) {
    const activity = run.activities.get(seq);
    run.activities.delete(seq);
    activity?.fail(failure);
  },

  // A child that is not pending was let go while its outcome was on the way.
  startChildWorkflow(run, job) {
    run.children.get(job.seq)?.start(job);
  },

  failChildWorkflowStart(run, job) {
    run.children.get(job.seq)?.failStart(job);
  },

  completeChildWorkflow(run, { seq, result }) {
    run.children.get(seq)?.complete(result);
  },

  failChildWorkflow(run, { seq, failure }) {
    run.children.get(seq)?.fail(failure);
  },

  resolveSignal(run, { seq, failedCause }) {
    const pending = run.signals.get(seq);
    run.signals.delete(seq);
    if (failedCause === null) pending?.resolve();
    else pending?.reject(notReached('signal', failedCause));
  },

  resolveCancellation(run, { seq, failedCause }) {
    const pending = run.cancellations.get(seq);
    run.cancellations.delete(seq);
    if (failedCause === null) pending?.resolve();
    else pending?.reject(notReached('cancel', failedCause));
  },
};

export function applyJob(run: WorkflowRun, job: Job): void {
  applyAs(run, job.type, job);
}

function applyAs<K extends keyof JobTypes>(run: WorkflowRun, type: K, job: JobTypes[K]): void {
  handlers[type](run, job);
}
