// The rules of the history service: `decide(state, input, now)` says what happens, as events, and touches nothing.
// No clock, no randomness, no I/O: the loop (../owner.ts) brings inputs in and carries decisions out.
import type { Command, CommandTypes } from '../../../schemas/generated/messages.js';
import {
  cancelActivityTask,
  claimActivityTask,
  completeActivityTask,
  failActivityTask,
  recordActivityHeartbeat,
} from './activity-task.js';
import { awaitWorkflowResult, describeWorkflow, getWorkflowHistory, queryWorkflow } from './ask.js';
import { recordChildClosed, recordChildStarted, recordChildStartFailed, startAny } from './child-workflows.js';
import { timerDue, timerDueInBrief } from './due.js';
import { recordExternalCancelRequested, recordExternalSignaled } from './external-workflows.js';
import type { Decision, Input } from './input.js';
import { pauseWorkflow, unpauseWorkflow } from './pause-workflow.js';
import { resetWorkflow } from './reset-workflow.js';
import { heartbeatActivity, resolveActivity } from './resolve-activity.js';
import { requestCancelWorkflow, signalWorkflow, terminateWorkflow } from './signal-workflow.js';
import type { PartitionState } from './state.js';
import { tooLarge } from './too-large.js';
import { awaitUpdate, updateWorkflow } from './updates.js';
import { completeWorkflowTask, failWorkflowTask } from './workflow-task.js';

type Deciders = {
  readonly [K in keyof CommandTypes]: (state: PartitionState, command: CommandTypes[K], now: number) => Decision;
};

const deciders: Deciders = {
  StartWorkflow: startAny,
  SignalWorkflow: signalWorkflow,
  RequestCancelWorkflow: requestCancelWorkflow,
  TerminateWorkflow: terminateWorkflow,
  DescribeWorkflow: describeWorkflow,
  AwaitWorkflowResult: awaitWorkflowResult,
  GetWorkflowHistory: getWorkflowHistory,
  QueryWorkflow: queryWorkflow,
  CompleteWorkflowTask: completeWorkflowTask,
  FailWorkflowTask: failWorkflowTask,
  ClaimActivityTask: claimActivityTask,
  RecordActivityHeartbeat: recordActivityHeartbeat,
  CompleteActivityTask: completeActivityTask,
  FailActivityTask: failActivityTask,
  CancelActivityTask: cancelActivityTask,
  AwaitUpdate: awaitUpdate,
  PauseWorkflow: pauseWorkflow,
  UnpauseWorkflow: unpauseWorkflow,
  // The loop brings it with the run's history, as an input of its own.
  ResetWorkflow: (state, command, now) => resetWorkflow(state, command, [], now),
  UpdateWorkflow: updateWorkflow,
  RecordChildWorkflowClosed: recordChildClosed,
  RecordChildWorkflowStartFailed: recordChildStartFailed,
  RecordChildWorkflowStarted: recordChildStarted,
  RecordExternalWorkflowCancelRequested: recordExternalCancelRequested,
  RecordExternalWorkflowSignaled: recordExternalSignaled,
  ResolveActivity: resolveActivity,
  HeartbeatActivity: heartbeatActivity,
};

/**
 * What happens on an input, as of `now` (ms since the epoch, never behind `state.lastEventTime`). The state is only read.
 */
export function decide(state: PartitionState, input: Input, now: number): Decision {
  switch (input.kind) {
    case 'command':
      return decideAs(state, input.command.type, input.command, now);
    case 'reset':
      return resetWorkflow(state, input.command, input.history, now);
    case 'timer-due':
      return timerDue(state, input.runId, now);
    case 'timer-due-in-brief':
      return timerDueInBrief(state, input.runId, now);
    case 'too-large':
      return tooLarge(state, input, now);
  }
}

function decideAs<K extends keyof CommandTypes>(
  state: PartitionState,
  type: K,
  command: Command,
  now: number,
): Decision {
  // `type` is the command's own, which the compiler can't carry through the table.
  return (deciders[type] as (state: PartitionState, command: Command, now: number) => Decision)(state, command, now);
}
