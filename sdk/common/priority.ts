import type { Priority as PriorityRecord } from '../../schemas/generated/messages.js';
import { ValueError } from './errors.js';

/** How a workflow's or an activity's tasks are ordered among those that wait in a queue. What is left out is inherited. */
export interface Priority {
  /** A positive integer; lower goes first. */
  readonly priorityKey?: number;
  /** Tasks of different keys share the queue by weight: a tenant's name, say. At most 64 bytes. */
  readonly fairnessKey?: string;
  /** The key's weight, from 0.001 to 1000. */
  readonly fairnessWeight?: number;
}

const MAX_FAIRNESS_KEY_BYTES = 64;
const FAIRNESS_WEIGHTS = { least: 0.001, most: 1_000 };

/** The priority as our records carry it. Throws a TypeError, a RangeError or a ValueError for what is none. */
export function compilePriority({ priorityKey, fairnessKey, fairnessWeight }: Priority): PriorityRecord {
  if (priorityKey !== undefined) {
    if (!Number.isInteger(priorityKey)) throw new TypeError('priorityKey must be an integer');
    if (priorityKey < 1) throw new RangeError('priorityKey must be a positive integer');
  }
  if (fairnessKey !== undefined && new TextEncoder().encode(fairnessKey).length > MAX_FAIRNESS_KEY_BYTES) {
    throw new ValueError(`fairnessKey must be at most ${MAX_FAIRNESS_KEY_BYTES} bytes long`);
  }
  const { least, most } = FAIRNESS_WEIGHTS;
  if (fairnessWeight !== undefined && !(fairnessWeight >= least && fairnessWeight <= most)) {
    throw new ValueError(`fairnessWeight must be between ${least} and ${most}`);
  }
  return {
    priorityKey: priorityKey ?? null,
    fairnessKey: fairnessKey ?? null,
    fairnessWeight: fairnessWeight ?? null,
  };
}

/** The priority as user code sees it; without fields when there is none. */
export function decodePriority(record: PriorityRecord | null | undefined): Priority {
  const entries = Object.entries(record ?? {}).filter(([, value]) => value !== null);
  return Object.fromEntries(entries);
}
