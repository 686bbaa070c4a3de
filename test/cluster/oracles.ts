// What must hold whatever has happened: looked at from the clients' side and in the history.
import { expect } from 'vitest';
import { readBatchHeaders } from '../../services/history/batch-headers.js';
import { readRange } from '../../services/history/read-range.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import type { Log } from '../../services/platform/log/log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { topicsOf } from '../../services/platform/topics.js';
import { flaws, type RunEvent, readRuns } from '../e2e/promises/namespace-history.js';
import { connectTestLog } from '../kit/kit.js';
import { notesOf } from './note-order.js';
import { type Platform, partitions } from './platform.js';
import { orderFlaws } from './signal-order.js';
import type { Workload } from './workload.js';

/** Ends the workload and holds everything against it that it was promised. */
export async function expectNothingLost(platform: Platform, workload: Workload): Promise<void> {
  const results = await workload.finish();
  const { brokers, registryUrl } = platform.cluster;
  const log = await connectTestLog(brokers);
  const codec = await connectCodec({ registryUrl, logger: silentLogger });
  const runs = await readRuns(log, codec, platform.namespace);
  const byWorkflow = new Map<string, RunEvent[]>();
  for (const events of runs.values()) {
    const workflowId = events[0]?.header.workflowId ?? '';
    // Starts that were never acknowledged may have happened, and their runs be under way.
    if (!workload.calls.has(workflowId) && !workload.beats.has(workflowId)) continue;
    // No event is missing or doubled, each activity has one outcome, and each run one end.
    expect(flaws(events), workflowId).toEqual([]);
    expect(byWorkflow.has(workflowId), `${workflowId} ran twice`).toBe(false);
    byWorkflow.set(workflowId, events);
  }
  for (const [workflowId, calls] of workload.calls) {
    const notes = notesOf(byWorkflow.get(workflowId) ?? []);
    expect(orderFlaws(calls, notes), workflowId).toEqual([]);
    const stamped = notes.map((id) => `${id}, stamped`);
    expect(results.get(workflowId), workflowId).toEqual({ notes, stamped });
    // An update was answered with its place, so that the answer, too, is that of the one order.
    const answered = calls.flatMap(({ id }) => (workload.answers.has(id) ? [[id, workload.answers.get(id)]] : []));
    expect(answered, workflowId).toEqual(answered.map(([id]) => [id, notes.indexOf(String(id)) + 1]));
  }
  for (const [workflowId, result] of workload.beats) {
    expect(await result).toBe(`${workflowId}, stamped`);
    expect(byWorkflow.has(workflowId), workflowId).toBe(true);
  }
  expect(await staleBatches(log, platform.namespace)).toEqual([]);
}

/** H1: batches that an owner wrote after the claim of a later one. The broker refuses them. */
async function staleBatches(log: Log, namespace: string): Promise<string[]> {
  const topic = topicsOf(namespace).history;
  const stale: string[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const source = { topic, partition };
    const { earliest: from, next: to } = await log.offsets(source);
    let latest = 0;
    await readRange({
      ...{ log, source, from, to, signal: new AbortController().signal },
      async onRecords(records) {
        for (const { offset, headers } of records) {
          const ownerEpoch = readBatchHeaders(headers)?.ownerEpoch ?? latest;
          if (ownerEpoch < latest) stale.push(`${topic}[${partition}]@${offset}: owner ${ownerEpoch} after ${latest}`);
          latest = Math.max(latest, ownerEpoch);
        }
      },
    });
  }
  return stale;
}
