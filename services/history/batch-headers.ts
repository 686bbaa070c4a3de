import type { RecordHeaders } from '../platform/log/log.js';
import { invariant } from './core/invariant.js';

// The headers on the last record of each batch on `history` (H3), in decimal ASCII.
const OWNER_EPOCH = 'mr-owner-epoch';
const BATCH = 'mr-batch';
const COMMANDS_OFFSET = 'mr-commands-offset';
const OUTBOX = 'mr-outbox';

/** What a batch says of its partition. */
export interface BatchAccount {
  /** The partition's own count of batches, which survives mirroring to another cluster. */
  readonly batch: number;
  /** Last offset of `commands` that this batch and those before it account for; -1 when none is. */
  readonly commandsOffset: number;
  /** The batch up to which all effects had been delivered when this one was written (H5). */
  readonly outbox: number;
}

export interface BatchHeaders {
  readonly ownerEpoch: number;
  /** Undefined for an owner's claim, which is written before the owner has counted its batches. */
  readonly account: BatchAccount | undefined;
}

export function writeBatchHeaders({ ownerEpoch, account }: BatchHeaders): RecordHeaders {
  const epoch = { [OWNER_EPOCH]: decimal(ownerEpoch) };
  if (account === undefined) return epoch;
  return {
    ...epoch,
    [BATCH]: decimal(account.batch),
    [COMMANDS_OFFSET]: decimal(account.commandsOffset),
    [OUTBOX]: decimal(account.outbox),
  };
}

/** The headers of a batch's last record, or undefined for the records before it. */
export function readBatchHeaders(headers: RecordHeaders): BatchHeaders | undefined {
  const ownerEpoch = headers[OWNER_EPOCH];
  if (ownerEpoch === undefined) return undefined;
  if (headers[BATCH] === undefined) return { ownerEpoch: integer(OWNER_EPOCH, ownerEpoch), account: undefined };
  return {
    ownerEpoch: integer(OWNER_EPOCH, ownerEpoch),
    account: {
      batch: integer(BATCH, headers[BATCH]),
      commandsOffset: integer(COMMANDS_OFFSET, headers[COMMANDS_OFFSET]),
      outbox: integer(OUTBOX, headers[OUTBOX]),
    },
  };
}

function decimal(value: number): Buffer {
  return Buffer.from(String(value), 'latin1');
}

function integer(name: string, value: Buffer | undefined): number {
  const text = value?.toString('latin1') ?? '';
  invariant(/^-?\d{1,15}$/.test(text), `header ${name} of a history batch is '${text}', not a number`);
  return Number(text);
}
