import type { Command, NamespaceConfigured, ReplyAddress } from '../../schemas/generated/messages.js';
import type { Codec } from '../platform/codec/codec.js';
import { HISTORY_CHUNK_BYTES, MAX_TASK_EVENT_BYTES } from '../platform/limits.js';
import type { NewRecord, RecordHeaders } from '../platform/log/log.js';
import { murmur2, partitionOf } from '../platform/partitioner.js';
import type { Effect } from './core/input.js';
import { invariant } from './core/invariant.js';
import { type RunLog, type RunRecords, sliceEvents } from './run-log.js';
import type { TaskTopic, TaskTopics } from './task-topics.js';

/** A record on its way out of the partition. */
export interface Outbound {
  readonly topic: TaskTopic | 'replies' | 'commands';
  /** The partition; of a task, modulo the topic's partitions. */
  readonly spread: number;
  /** The record, or how to make it once everything decided before it is acknowledged. */
  readonly record: NewRecord | (() => NewRecord);
}

export interface PackingOptions {
  readonly codec: Codec;
  readonly configuration: Pick<NamespaceConfigured, 'partitions'>;
  readonly partition: number;
  readonly taskTopics: TaskTopics;
  readonly runLog: RunLog;
}

type PackedEffect = Exclude<Effect, { kind: 'await-close' | 'await-update' }>;

/** Whether the effect becomes records: a wait doesn't, and is not durable. */
export function isPacked(effect: Effect): effect is PackedEffect {
  return effect.kind !== 'await-close' && effect.kind !== 'await-update';
}

/**
 * Turns an effect into records, appended to `into`. This happens when the effect is decided and not when it leaves: it
 * stands on the events up to its own, and later ones may yet fail to be appended. It also uses the wait for the broker.
 */
export function pack(effect: PackedEffect, options: PackingOptions, into: Outbound[]): void {
  const { codec, taskTopics } = options;
  switch (effect.kind) {
    case 'dispatch-workflow-task':
      into.push(workflowTask(effect, options));
      return;
    case 'dispatch-activity-task': {
      const { task } = effect;
      into.push({
        topic: taskTopics.of(task.taskQueue, 'activity'),
        // An activity's attempts go to partitions in turn, and so do the activities that a workflow schedules in a row.
        spread: hash(task.workflowId) + task.scheduledEventId + task.attempt - 1,
        record: {
          key: utf8(task.workflowId),
          value: codec.encode({ type: 'ActivityTask', ...task }),
          headers: taskId(task),
        },
      });
      return;
    }
    case 'dispatch-query': {
      const { task } = effect;
      into.push({
        topic: taskTopics.of(task.taskQueue, 'workflow'),
        spread: hash(task.workflowId),
        record: { key: utf8(task.workflowId), value: codec.encode({ type: 'QueryTask', ...task }) },
      });
      return;
    }
    case 'command':
      into.push(commandOut(effect.command, options));
      return;
    case 'reply':
      into.push(reply(effect.to, codec.encode(effect.reply)));
      return;
    case 'send-history':
      packHistory(effect, options, into);
      return;
  }
}

/** A reply to one asker. */
export function reply(to: ReplyAddress, value: Buffer): Outbound {
  return { topic: 'replies', spread: to.partition, record: { key: utf8(to.asker), value } };
}

function commandOut(command: Command, { codec, configuration }: PackingOptions): Outbound {
  const { workflowId } = command.header;
  const record = { key: utf8(workflowId), value: codec.encode(command) };
  return { topic: 'commands', spread: partitionOf(workflowId, configuration.partitions), record };
}

function workflowTask(
  { kind: _, ...task }: Extract<Effect, { kind: 'dispatch-workflow-task' }>,
  { codec, taskTopics, runLog }: PackingOptions,
): Outbound {
  const run = runLog.get(task.runId);
  invariant(run !== undefined, `a workflow task of run ${task.runId}, which is not known`);
  const events = sliceEvents(run, task.firstEventId, task.seenEventId, MAX_TASK_EVENT_BYTES) ?? [];
  return {
    topic: taskTopics.of(task.taskQueue, 'workflow'),
    // Attempts after the first move on to other partitions, and so to other workers.
    spread: hash(task.workflowId) + task.attempt - 1,
    record: {
      key: run.key,
      value: codec.encode({ type: 'WorkflowTask', ...task, events }),
      headers: taskId(task),
    },
  };
}

function packHistory(
  effect: Extract<Effect, { kind: 'send-history' }>,
  { codec, partition, runLog }: PackingOptions,
  into: Outbound[],
): void {
  const run = runLog.get(effect.runId);
  invariant(run !== undefined, `the history of run ${effect.runId}, which is not known`);
  const { requestId, to } = effect;
  const { workflowId, runId } = run;
  if (run.events === undefined) {
    // Its last records may be in a batch that is not acknowledged yet: only then is their place known.
    const record = () => ({ key: utf8(to.asker), value: codec.encode(historyRange(requestId, partition, run)) });
    into.push({ topic: 'replies', spread: to.partition, record });
    return;
  }
  let firstEventId = Math.max(effect.firstEventId, 1);
  const chunks = chunksOf(run.events.slice(firstEventId - 1));
  chunks.forEach((events, index) => {
    const last = index === chunks.length - 1;
    const chunk = { type: 'WorkflowHistoryChunk', requestId, workflowId, runId, firstEventId, events, last } as const;
    into.push(reply(to, codec.encode(chunk)));
    firstEventId += events.length;
  });
}

function historyRange(requestId: string, partition: number, run: RunRecords) {
  const { workflowId, runId, firstOffset, lastOffset, lastEventId } = run;
  return {
    type: 'WorkflowHistoryRange',
    requestId,
    workflowId,
    runId,
    partition,
    firstOffset,
    lastOffset,
    lastEventId,
  } as const;
}

/** Cuts events into chunks of about the size aimed at; one chunk without events when there are none. */
function chunksOf(events: readonly Buffer[]): Buffer[][] {
  let chunk: Buffer[] = [];
  let bytes = 0;
  const chunks = [chunk];
  for (const event of events) {
    if (chunk.length > 0 && bytes + event.length > HISTORY_CHUNK_BYTES) {
      chunk = [];
      bytes = 0;
      chunks.push(chunk);
    }
    chunk.push(event);
    bytes += event.length;
  }
  return chunks;
}

/** Tells one attempt of a task from every other, so that whoever gets it twice can drop it. */
function taskId(task: {
  readonly runId: string;
  readonly scheduledEventId: number;
  readonly attempt: number;
}): RecordHeaders {
  return { 'mr-id': Buffer.from(`${task.runId}/${task.scheduledEventId}/${task.attempt}`, 'utf8') };
}

function hash(workflowId: string): number {
  return murmur2(workflowId) & 0x7fffffff;
}

function utf8(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
