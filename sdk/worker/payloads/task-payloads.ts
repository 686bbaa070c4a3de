// Decodes the payloads of the tasks and histories that go to the sandbox, and encodes those of its answers.
import type { HistoryEvent, Message } from '../../../schemas/generated/messages.js';
import type { Codec } from '../../../services/platform/codec/codec.js';
import { CodecError } from '../../../services/platform/codec/errors.js';
import { WorkflowExecutorError } from '../sandbox/errors.js';
import type { FetchHistory, QueryOutcome, WorkflowTaskOutcome } from '../workflow-executor.js';
import { ActivityIds } from './activity-ids.js';
import type { PayloadPipeline } from './payload-pipeline.js';
import type { PayloadScope } from './payload-scope.js';

export interface TaskPayloadsOptions {
  readonly pipeline: PayloadPipeline;
  readonly codec: Codec;
  readonly namespace: string;
  readonly fetchHistory: FetchHistory;
}

export class TaskPayloads {
  readonly #options: TaskPayloadsOptions;
  readonly #activityIds: ActivityIds;

  constructor(options: TaskPayloadsOptions) {
    this.#options = options;
    this.#activityIds = new ActivityIds((workflowId, runId, firstEventId) =>
      this.#fetchEvents(workflowId, runId, firstEventId),
    );
  }

  /** The record of a task with its payloads decoded. */
  async decodeTask(bytes: Uint8Array): Promise<Uint8Array> {
    const { codec, pipeline } = this.#options;
    const task = this.#read(bytes);
    if (task.type !== 'WorkflowTask' && task.type !== 'QueryTask') return bytes;
    if (task.type === 'QueryTask') {
      await pipeline.decode([task], this.#scope(task.workflowId, task.runId));
      return codec.encode(task);
    }
    const [events] = await Promise.all([
      this.decodeHistory(task.workflowId, task.runId, task.events),
      pipeline.decode([task], this.#scope(task.workflowId, task.runId)),
    ]);
    return codec.encode({ ...task, events });
  }

  /** The records of a run's events with their payloads decoded. */
  async decodeHistory(workflowId: string, runId: string, records: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const { codec, pipeline } = this.#options;
    const events = records.map((record) => this.#read(record) as HistoryEvent);
    await this.#activityIds.learn(workflowId, runId, events);
    await pipeline.decode(events, this.#scope(workflowId, runId));
    return events.map((event) => codec.encode(event));
  }

  /** An answer of the sandbox's with its payloads encoded. */
  async encodeOutcome<T extends WorkflowTaskOutcome | QueryOutcome>(outcome: T): Promise<T> {
    const { codec, pipeline } = this.#options;
    const answer = codec.decode(outcome.kind === 'query' ? outcome.reply : outcome.command);
    await pipeline.encode([answer], this.#scope(outcome.workflowId, outcome.runId));
    const bytes = codec.encode(answer);
    return outcome.kind === 'query' ? { ...outcome, reply: bytes } : { ...outcome, command: bytes };
  }

  #scope(workflowId: string, runId: string): PayloadScope {
    const activityIdOf = (scheduledEventId: number) => this.#activityIds.of(runId, scheduledEventId);
    return { namespace: this.#options.namespace, workflowId, activityIdOf };
  }

  async #fetchEvents(workflowId: string, runId: string, firstEventId: number): Promise<HistoryEvent[]> {
    const records = await this.#options.fetchHistory(workflowId, runId, firstEventId);
    return records.map((record) => this.#read(record) as HistoryEvent);
  }

  #read(bytes: Uint8Array): Message {
    try {
      return this.#options.codec.decode(bytes);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      throw new WorkflowExecutorError('TASK_UNREADABLE', error.message, { cause: error });
    }
  }
}
