import {
  condition,
  continueAsNew,
  defineSignal,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  setHandler,
  startChild,
  workflowInfo,
} from 'millrace/workflow';

export const recordDone = defineSignal<[record: number]>('recordDone');

interface Batch {
  readonly records: number;
  /** How many records are worked on at once. */
  readonly window: number;
  /** How many a run begins before it continues as new. */
  readonly perRun: number;
  /** What the runs before have left. */
  readonly next?: number;
  readonly inHand?: readonly number[];
}

/**
 * Works on all records, a few at once, with a child for each. Its history stays short, since it continues as new; the
 * children go on meanwhile, and tell whichever run there is. Returns how many
 * runs it took.
 */
export async function processBatch(batch: Batch, runs = 1): Promise<{ readonly runs: number; readonly done: number }> {
  const { records, window, perRun } = batch;
  const inHand = new Set(batch.inHand);
  setHandler(recordDone, (record) => void inHand.delete(record));

  let next = batch.next ?? 0;
  const end = Math.min(records, next + perRun);
  for (; next < end; next++) {
    await condition(() => inHand.size < window);
    inHand.add(next);
    await startChild(processRecord, {
      workflowId: `${workflowInfo().workflowId}-${next}`,
      args: [next],
      // The next run is told of it, not this one.
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  }
  if (next < records) return continueAsNew<typeof processBatch>({ ...batch, next, inHand: [...inHand] }, runs + 1);
  await condition(() => inHand.size === 0);
  return { runs, done: records };
}

export async function processRecord(record: number): Promise<void> {
  const { parent } = workflowInfo();
  if (parent === undefined) return;
  // Without a run id: the batch may have continued as new.
  await getExternalWorkflowHandle(parent.workflowId).signal(recordDone, record);
}
