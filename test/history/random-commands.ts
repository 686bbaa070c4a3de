import { defaultsOf } from '../../schemas/generated/defaults.js';
import type { Command } from '../../schemas/generated/messages.js';
import { messageOf, workflowCommandOf } from '../../schemas/message.js';
import type { RunState } from '../../services/history/core/state.js';
import { activity, child, complete, failure, startBody } from '../core/scenario.js';

/** A command that makes sense often enough to get deep into the rules, and often doesn't. */
export function makeCommand(offset: number, run: RunState | undefined, pick: (n: number) => number): Command {
  const header = {
    requestId: `request-${offset}`,
    workflowId: run?.workflowId ?? 'w0',
    runId: run?.runId ?? null,
    identity: 'test',
    sentAt: 0,
    replyTo: { partition: 0, asker: 'asker' },
  };
  const task = run?.workflowTask;
  if (task && pick(3) > 0) {
    const [update] = task.updateIds;
    const commands = [
      ...(update === undefined ? [] : [{ acceptUpdate: { updateId: update } }]),
      ...(update !== undefined && pick(2) === 0
        ? [{ completeUpdate: { updateId: update, result: null, failure: null } }]
        : []),
      activity(`a${offset}`, { startToCloseTimeoutMs: 1 + pick(3_000) }),
      { startTimer: { timerId: `t${offset}`, startToFireTimeoutMs: pick(3_000) } },
      child({ workflowId: `c${pick(5)}`, parentClosePolicy: pick(2) ? 'TERMINATE' : 'REQUEST_CANCEL' }),
      { signalExternalWorkflowExecution: { workflowId: `w${pick(20)}`, runId: null, signalName: 's' } },
      ...(pick(6) === 0 ? [complete] : []),
    ].slice(pick(4));
    const answer = { scheduledEventId: task.scheduledEventId, attempt: task.attempt, startedAt: 0 };
    const seenEventId = (run?.nextEventId ?? 1) - 1;
    const all = commands.map(workflowCommandOf);
    return {
      ...defaultsOf.CompleteWorkflowTask,
      type: 'CompleteWorkflowTask',
      header,
      ...answer,
      seenEventId,
      commands: all,
    };
  }
  const some = [...(run?.activities.values() ?? [])][0];
  const target = { header, scheduledEventId: some?.scheduledEventId ?? 5, attempt: some?.attempt ?? 1 };
  const fresh = { ...header, workflowId: `w${pick(20)}`, runId: `run-${offset}` };
  const { workflowId, runId } = [...(run?.children.values() ?? [])][0] ?? { workflowId: 'c0', runId: 'c' };
  const initiatedEventId = [...(run?.outgoing.keys() ?? [])][0] ?? 5;
  const of = { header, initiatedEventId, childWorkflowId: workflowId, childRunId: runId, childWorkflowType: 'ship' };
  const choices: Command[] = [
    { type: 'StartWorkflow', ...startBody, header: fresh },
    { type: 'StartWorkflow', ...startBody, header: fresh, workflowIdConflictPolicy: 'TERMINATE_EXISTING' },
    { ...defaultsOf.SignalWorkflow, type: 'SignalWorkflow', header, signalName: 's', input: [], headers: {} },
    { type: 'ClaimActivityTask', ...target, startedAt: 0 },
    { type: 'CompleteActivityTask', ...target, result: null },
    { type: 'FailActivityTask', ...target, failure: failure('x') },
    messageOf('UpdateWorkflow', {
      header,
      update: { updateId: `u${offset}`, updateName: 'u', input: [], headers: {} },
      waitForStage: 'COMPLETED',
    }),
    messageOf('AwaitUpdate', { header, updateId: `u${offset - 1}`, waitForStage: 'ACCEPTED' }),
    { type: 'AwaitWorkflowResult', header },
    { type: 'DescribeWorkflow', header },
    { type: 'RecordChildWorkflowStarted', ...of },
    messageOf('RecordChildWorkflowClosed', { ...of, status: 'COMPLETED' }),
    messageOf('RecordExternalWorkflowSignaled', { header, initiatedEventId, targetWorkflowId: workflowId }),
  ];
  return choices[pick(choices.length)] ?? { type: 'DescribeWorkflow', header };
}
