// What an attempt's end comes to: a value or an error, and what had asked it to stop, become data for history.

import type { Failure, Payload } from '../../schemas/generated/messages.js';
import type { ActivityCancellationDetails } from '../activity/cancellation.js';
import { CompleteAsyncError } from '../common/complete-async-error.js';
import type { LoadedDataConverter } from '../common/converter/data-converter.js';
import { encodeFailure, encodePayloads } from '../common/converter/payload-codec.js';
import { checkPayloadSize, encodeValue } from '../common/converter/payloads.js';
import { PayloadTooLargeError } from '../common/errors.js';
import {
  ApplicationFailure,
  ensureApplicationFailure,
  ensureTemporalFailure,
} from '../common/failure/application-failure.js';
import { CancelledFailure } from '../common/failure/failure.js';
import { mapStacks } from './stack-sources.js';

export type ActivityOutcome =
  | { readonly kind: 'completed'; readonly result: Payload | null }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled'; readonly details: readonly Payload[] }
  /** History has closed the attempt, or will by its own timer: there is nothing to tell. */
  | { readonly kind: 'moot' }
  /** Somebody else will tell how it ends. */
  | { readonly kind: 'async' };

/** Encodes what an activity returned. A result over the limit would be over it again: no retry. */
export async function encodeResult(
  converter: LoadedDataConverter,
  activityType: string,
  result: unknown,
): Promise<Payload | null> {
  const what = `result of activity '${activityType}'`;
  try {
    const plain = encodeValue(converter.payloadConverter, what, result, converter.maxValueBytes);
    const [encoded = null] = await encodePayloads(converter.payloadCodecs, [plain]);
    if (encoded) checkPayloadSize(what, encoded);
    return encoded;
  } catch (error) {
    if (error instanceof PayloadTooLargeError) throw ApplicationFailure.nonRetryable(error.message, error.name);
    throw error;
  }
}

/** The outcome of an attempt that threw, given what had asked it to stop by then. */
export async function outcomeOfError(
  converter: LoadedDataConverter,
  error: unknown,
  stop: ActivityCancellationDetails | undefined,
): Promise<ActivityOutcome> {
  if (stop && isCancellation(error)) {
    if (stop.cancelRequested) {
      const { canceledInfo } = await encodeError(converter, error);
      return { kind: 'cancelled', details: canceledInfo?.details ?? [] };
    }
    if (stop.timedOut || stop.notFound || stop.reset) return { kind: 'moot' };
    if (stop.paused) return failed(converter, ApplicationFailure.retryable('Activity paused', 'ActivityPause'));
    if (stop.workerShutdown) {
      const message = 'Worker is shutting down and this activity did not complete in time';
      return failed(converter, ApplicationFailure.retryable(message, 'WorkerShutdown'));
    }
  }
  if (error instanceof CompleteAsyncError) return { kind: 'async' };
  return failed(converter, error);
}

async function failed(converter: LoadedDataConverter, error: unknown): Promise<ActivityOutcome> {
  return { kind: 'failed', failure: await encodeError(converter, error) };
}

/** Encodes an error. One whose details can't be encoded is told without them, and with the reason for that. */
export async function encodeError(converter: LoadedDataConverter, error: unknown): Promise<Failure> {
  mapStacks(error);
  const { failureConverter, payloadConverter, payloadCodecs } = converter;
  const encode = (failure: Error) =>
    encodeFailure(payloadCodecs, failureConverter.errorToFailure(failure, payloadConverter));
  try {
    return await encode(ensureTemporalFailure(error));
  } catch (reason) {
    // Its type and whether it may be retried still count.
    const { message, type, nonRetryable } = ensureApplicationFailure(error);
    const said = `${message} (without what can't be recorded: ${(reason as Error).message})`;
    return encode(ApplicationFailure.create({ message: said, type, nonRetryable }));
  }
}

/** What `Context` rejects with, or what platform functions make of its signal. */
export function isCancellation(error: unknown): boolean {
  return error instanceof CancelledFailure || (error instanceof Error && error.name === 'AbortError');
}
