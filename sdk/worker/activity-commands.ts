import type { ActivityTask, Command, Failure, Payload, ReplyAddress } from '../../schemas/generated/messages.js';
import type { Clock } from '../../services/platform/clock.js';
import { taskIdOf } from './task-id.js';

/** Who speaks, and where a cancel request for the attempt is to be pushed. */
export interface AttemptWorker {
  readonly identity: string;
  readonly replyAddress: ReplyAddress;
  readonly clock: Clock;
}

/** The commands that tell history of one attempt. */
export interface ActivityCommands {
  claim(startedAt: number): Command;
  heartbeat(details: readonly Payload[]): Command;
  complete(result: Payload | null): Command;
  fail(failure: Failure): Command;
  cancel(details: readonly Payload[]): Command;
}

/** Request ids derive from the attempt, so that two workers that were given the same one say the same. */
export function commandsOf(task: ActivityTask, worker: AttemptWorker): ActivityCommands {
  const { scheduledEventId, attempt } = task;
  let heartbeats = 0;
  const about = (request: string, replyTo: ReplyAddress | null = null) => ({
    header: {
      requestId: `${taskIdOf(task)}/${request}`,
      workflowId: task.workflowId,
      runId: task.runId,
      identity: worker.identity,
      sentAt: worker.clock.now(),
      replyTo,
    },
    scheduledEventId,
    attempt,
  });
  return {
    claim: (startedAt) => ({ type: 'ClaimActivityTask', ...about('claim', worker.replyAddress), startedAt }),
    heartbeat(details) {
      heartbeats += 1;
      return { type: 'RecordActivityHeartbeat', ...about(`heartbeat-${heartbeats}`, worker.replyAddress), details };
    },
    complete: (result) => ({ type: 'CompleteActivityTask', ...about('outcome'), result }),
    fail: (failure) => ({ type: 'FailActivityTask', ...about('outcome'), failure }),
    cancel: (details) => ({ type: 'CancelActivityTask', ...about('outcome'), details }),
  };
}
