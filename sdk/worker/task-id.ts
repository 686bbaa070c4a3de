import type { LogRecord } from '../../services/platform/log/log.js';

/** What tells one attempt of a task from every other. Task records carry it in the header `mr-id`. */
export interface TaskIdentity {
  readonly runId: string;
  readonly scheduledEventId: number;
  readonly attempt: number;
}

export function taskIdOf(task: TaskIdentity): string {
  return `${task.runId}/${task.scheduledEventId}/${task.attempt}`;
}

/** The id a task record carries, or undefined for records without one (queries). */
export function recordedTaskId(record: LogRecord): string | undefined {
  return record.headers['mr-id']?.toString('utf8');
}
