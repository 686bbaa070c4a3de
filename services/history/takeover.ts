import type { NamespaceConfigured } from '../../schemas/generated/messages.js';
import type { Clock } from '../platform/clock.js';
import type { Codec } from '../platform/codec/codec.js';
import type { FencedAppender, Log, NewRecord } from '../platform/log/log.js';
import type { Topics } from '../platform/topics.js';
import { writeBatchHeaders } from './batch-headers.js';
import { HistoryFold } from './history-fold.js';
import { readRange } from './read-range.js';

export interface TakeoverOptions {
  readonly log: Log;
  readonly codec: Codec;
  readonly topics: Topics;
  readonly configuration: NamespaceConfigured;
  readonly partition: number;
  readonly identity: string;
  readonly clock: Clock;
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

export type FoldOptions = Pick<TakeoverOptions, 'log' | 'codec' | 'topics' | 'configuration' | 'partition'>;

/** A fold at the beginning of what is kept of the partition's history. */
export async function openFold({ log, codec, topics, configuration, partition }: FoldOptions): Promise<HistoryFold> {
  const fold = new HistoryFold({ partition, codec, retentionMs: configuration.closedRetentionMs });
  fold.position = (await log.offsets({ topic: topics.history, partition })).earliest;
  return fold;
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

  await readTo((await log.offsets(source)).next);
  const appender = await log.fencedAppender({ ...source, transactionalId: `${topics.namespace}.history-${partition}` });
  try {
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
    await appender.close();
    throw error;
  }
}

function claim({ codec, partition, identity, clock }: TakeoverOptions, ownerEpoch: number): NewRecord {
  const event = { type: 'PartitionOwnerClaimed', partition, ownerEpoch, identity, claimedAt: clock.now() } as const;
  return { key: null, value: codec.encode(event), headers: writeBatchHeaders({ ownerEpoch, account: undefined }) };
}
