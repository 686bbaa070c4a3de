import type { NamespaceConfigured, SnapshotCompleted } from '../../schemas/generated/messages.js';
import type { Clock } from '../platform/clock.js';
import type { Codec } from '../platform/codec/codec.js';
import { LogError } from '../platform/log/errors.js';
import type { FencedAppender, Log, NewRecord } from '../platform/log/log.js';
import type { Logger } from '../platform/logger.js';
import type { Topics } from '../platform/topics.js';
import { writeBatchHeaders } from './batch-headers.js';
import { invariant } from './core/invariant.js';
import { HistoryFold } from './history-fold.js';
import type { Storage } from './projection.js';
import { readRange } from './read-range.js';
import { findSnapshot, readSnapshot } from './snapshot-records.js';

export interface TakeoverOptions {
  readonly log: Log;
  readonly codec: Codec;
  readonly topics: Topics;
  readonly configuration: NamespaceConfigured;
  readonly partition: number;
  readonly identity: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where runs go that memory has no room for. Default: they stay in memory. */
  readonly storage?: Storage | undefined;
  /** Aborted when the partition is no longer wanted. */
  readonly signal: AbortSignal;
  /** What a standby has folded so far. */
  readonly warm?: HistoryFold | undefined;
  /** Called when the claim of this epoch is in: from then on the last owner is fenced. */
  readonly onClaimed?: ((ownerEpoch: number) => void) | undefined;
}

/** A partition taken over: the right to append to it, and all that its history says. */
export interface Takeover {
  readonly appender: FencedAppender;
  readonly ownerEpoch: number;
  readonly fold: HistoryFold;
}

export type FoldOptions = Omit<TakeoverOptions, 'identity' | 'clock' | 'signal'> & {
  readonly signal?: AbortSignal;
};

/** A fold at the newest snapshot of the partition's history or, without one, at the beginning of what is kept of it. */
export async function openFold(options: FoldOptions): Promise<HistoryFold> {
  const { log, codec, topics, configuration, partition, storage, logger } = options;
  const signal = options.signal ?? new AbortController().signal;
  const history = { topic: topics.history, partition };
  const create = () => new HistoryFold({ partition, codec, storage, retentionMs: configuration.closedRetentionMs });
  const place = { log, codec, source: { topic: topics.snapshots, partition }, signal };
  let fold = create();
  try {
    const snapshot = await findSnapshot(place);
    if (snapshot !== undefined) {
      // Looked up behind the snapshot, since an owner may have appended, and written it, just before.
      checkHistory(snapshot.head, await log.offsets(history));
      fold.beginWith(snapshot.head);
      await readSnapshot(place, snapshot, (bytes, isClosedInOrder) => fold.load(bytes, isClosedInOrder));
      return fold;
    }
  } catch (error) {
    await fold.close();
    if (signal.aborted || (error instanceof LogError && error.retryable)) throw error;
    logger.error('snapshot ignored: all of history is read instead', { partition, error });
    fold = create();
  }
  fold.position = (await log.offsets(history)).earliest;
  return fold;
}

/** A snapshot is of use only where history goes on from it. */
function checkHistory(head: SnapshotCompleted, history: { readonly earliest: number; readonly next: number }): void {
  invariant(
    history.earliest <= head.historyOffset,
    `history begins at ${history.earliest}, after the snapshot's offset ${head.historyOffset}: keep it for longer`,
  );
  invariant(
    head.historyEndOffset <= history.next,
    `history ends at ${history.next}, before the snapshot's offset ${head.historyEndOffset}: the topic was made anew or has lost records`,
  );
}

/**
 * Takes a partition over (H4). History is first read to its end, while the last owner may go on; then this owner's claim
 * is appended, which fences the last one off, and the rest is read up to the claim. Where somebody else has claimed an
 * epoch as high meanwhile, this one claims again. Rejects with the signal's reason when it is aborted.
 */
export async function takeOver(options: TakeoverOptions): Promise<Takeover> {
  const { log, topics, partition, signal } = options;
  const source = { topic: topics.history, partition };
  const fold = options.warm ?? (await openFold(options));
  const readTo = (to: number) =>
    readRange({ log, source, from: fold.position, to, onRecords: (records) => fold.add(records), signal });

  let appender: FencedAppender | undefined;
  try {
    await readTo((await log.offsets(source)).next);
    appender = await log.fencedAppender({ ...source, transactionalId: `${topics.namespace}.history-${partition}` });
    for (;;) {
      signal.throwIfAborted();
      const ownerEpoch = fold.claim.epoch + 1;
      const offset = await appender.append([claim(options, ownerEpoch)]);
      await readTo(offset + 1);
      if (fold.claim.offset !== offset) continue;
      options.onClaimed?.(ownerEpoch);
      return { appender, ownerEpoch, fold };
    }
  } catch (error) {
    await appender?.close();
    await fold.close();
    throw error;
  }
}

function claim({ codec, partition, identity, clock }: TakeoverOptions, ownerEpoch: number): NewRecord {
  const event = { type: 'PartitionOwnerClaimed', partition, ownerEpoch, identity, claimedAt: clock.now() } as const;
  return { key: null, value: codec.encode(event), headers: writeBatchHeaders({ ownerEpoch, account: undefined }) };
}
