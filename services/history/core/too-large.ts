import { failActivityTask } from './activity-task.js';
import { refused } from './failures.js';
import type { Decision, Input } from './input.js';
import { reject } from './lookup.js';
import type { PartitionState } from './state.js';
import { workflowTaskTooLarge } from './workflow-task.js';

/** Refuses a command whose events would pass the batch limit (H2), by name and so that its sender gets to know. */
export function tooLarge(state: PartitionState, input: Extract<Input, { kind: 'too-large' }>, now: number): Decision {
  const { command, bytes, limitBytes } = input;
  const message = `${command.type} would write ${bytes} bytes; ${limitBytes} is the most: pass large data by reference`;
  switch (command.type) {
    case 'CompleteWorkflowTask':
    case 'FailWorkflowTask':
      return workflowTaskTooLarge(state, command, message, now);
    case 'CompleteActivityTask':
    case 'FailActivityTask':
    case 'CancelActivityTask':
    case 'RecordActivityHeartbeat':
      return failActivityTask(state, { ...command, failure: refused(message) }, now);
    default:
      return reject(command.header, 'TOO_LARGE', message);
  }
}
