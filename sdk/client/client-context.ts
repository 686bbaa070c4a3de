import type { CommandHeader, Payload } from '../../schemas/generated/messages.js';
import type { Clock } from '../../services/platform/clock.js';
import { MAX_ID_LENGTH } from '../../services/platform/limits.js';
import type { LoadedDataConverter } from '../common/converter/data-converter.js';
import { encodePayloads } from '../common/converter/payload-codec.js';
import { checkPayloadSize, encodeArguments } from '../common/converter/payloads.js';
import { withSerializationContext } from '../common/converter/serialization-context.js';
import type { NamespaceConnection } from './namespace-connection.js';

/** What every call of a client needs. */
export interface ClientContext {
  connect(): Promise<NamespaceConnection>;
  readonly namespace: string;
  readonly identity: string;
  /** The time that workflows live in. */
  readonly clock: Clock;
  /** Makes ids that nobody else makes. */
  readonly newId: () => string;
  readonly dataConverter: LoadedDataConverter;
  /** How long questions (describe, query) wait for their answer, in milliseconds. */
  readonly requestTimeoutMs: number;
}

/** The workflow, and the run that is meant; without a run the current one. */
export interface Target {
  readonly workflowId: string;
  readonly runId?: string | undefined;
}

/** A context whose converters and codecs are told that they have a workflow's values in hand. */
export function forWorkflow(context: ClientContext, workflowId: string): ClientContext {
  const { dataConverter, namespace } = context;
  const bound = withSerializationContext(dataConverter, { type: 'workflow', namespace, workflowId });
  return { ...context, dataConverter: bound };
}

/** The header of a new request. */
export function newHeader(context: ClientContext, { workflowId, runId }: Target): CommandHeader {
  checkId('workflowId', workflowId);
  return {
    requestId: context.newId(),
    workflowId,
    runId: runId ?? null,
    identity: context.identity,
    sentAt: context.clock.now(),
    replyTo: null,
  };
}

/** Throws a TypeError for an id or a name that is none, or is longer than the services take. */
export function checkId(what: string, id: unknown): void {
  if (typeof id !== 'string' || id === '') throw new TypeError(`${what} must be a string that isn't empty`);
  if (id.length > MAX_ID_LENGTH) throw new TypeError(`${what} has ${id.length} characters, more than ${MAX_ID_LENGTH}`);
}

/** Encodes a call's arguments, codecs included. Errors: PayloadConverterError, PayloadTooLargeError. */
export async function encodeInput(context: ClientContext, call: string, args: readonly unknown[]): Promise<Payload[]> {
  const { payloadConverter, payloadCodecs, maxValueBytes } = context.dataConverter;
  const plain = encodeArguments(payloadConverter, call, args, maxValueBytes);
  const payloads = await encodePayloads(payloadCodecs, plain);
  for (const [index, payload] of payloads.entries()) checkPayloadSize(`argument ${index} of ${call}`, payload);
  return payloads;
}
