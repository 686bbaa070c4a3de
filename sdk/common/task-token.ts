import { decode, encode } from './encoding.js';
import { ValueError } from './errors.js';

/** The attempt of an activity that a task token stands for. */
export interface TaskTokenParts {
  readonly workflowId: string;
  readonly runId: string;
  readonly scheduledEventId: number;
  readonly attempt: number;
}

/** The bytes that name an attempt; opaque to those who pass them on. */
export function taskTokenOf({ workflowId, runId, scheduledEventId, attempt }: TaskTokenParts): Uint8Array {
  return encode(JSON.stringify([workflowId, runId, scheduledEventId, attempt]));
}

/** Undoes `taskTokenOf`. Throws a ValueError for bytes that are no token. */
export function parseTaskToken(token: Uint8Array): TaskTokenParts {
  const parts = partsOf(token);
  if (Array.isArray(parts)) {
    const [workflowId, runId, scheduledEventId, attempt] = parts as unknown[];
    if (
      typeof workflowId === 'string' &&
      typeof runId === 'string' &&
      typeof scheduledEventId === 'number' &&
      typeof attempt === 'number'
    ) {
      return { workflowId, runId, scheduledEventId, attempt };
    }
  }
  throw new ValueError('this is no task token: pass on the bytes of `activityInfo().taskToken` as they are');
}

function partsOf(token: Uint8Array): unknown {
  try {
    return JSON.parse(decode(token));
  } catch {
    return undefined;
  }
}
