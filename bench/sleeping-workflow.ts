// The commands that open a workflow and put it to sleep, without a worker: many open workflows are made quickly so.
import { defaultsOf } from '../schemas/generated/defaults.js';
import type { Command } from '../schemas/generated/messages.js';
import { messageOf, workflowCommandOf } from '../schemas/message.js';

/** Starts the workflow, with a run id made of its own. */
export function startSleeper(workflowId: string): Command {
  return messageOf('StartWorkflow', {
    header: headerOf(workflowId, 'start'),
    workflowType: 'sleeper',
    taskQueue: 'sleepers',
    workflowTaskTimeoutMs: 10_000,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
  });
}

/** A worker's answer to its first workflow task: a timer of that many milliseconds. */
export function putToSleep(workflowId: string, sleepMs: number): Command {
  return {
    ...defaultsOf.CompleteWorkflowTask,
    type: 'CompleteWorkflowTask',
    header: headerOf(workflowId, 'sleep'),
    scheduledEventId: 2,
    attempt: 1,
    seenEventId: 2,
    startedAt: Date.now(),
    commands: [workflowCommandOf({ startTimer: { timerId: '1', startToFireTimeoutMs: sleepMs } })],
  };
}

function headerOf(workflowId: string, request: string) {
  const runId = `run-of-${workflowId}`;
  const requestId = `${request}-${workflowId}`;
  return { requestId, workflowId, runId, identity: 'bench', sentAt: Date.now(), replyTo: null };
}
