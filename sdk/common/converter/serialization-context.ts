import type { LoadedDataConverter } from './data-converter.js';
import { defaultFailureConverter, type FailureConverter } from './failure-converter.js';
import type { PayloadCodec } from './payload-codec.js';
import { defaultPayloadConverter, type PayloadConverter } from './payload-converter.js';

/** Whose payload is being converted: a workflow's. For a child or an external workflow it is the one that is called. */
export interface WorkflowSerializationContext {
  readonly type: 'workflow';
  readonly namespace: string;
  readonly workflowId: string;
}

/** An activity's: its arguments, result, heartbeat details and failures. */
export interface ActivitySerializationContext {
  readonly type: 'activity';
  readonly namespace: string;
  readonly activityId?: string;
  /** The workflow that scheduled it. */
  readonly workflowId?: string;
  readonly isLocal: boolean;
}

/** What converters and codecs are told about the payload in hand, so that they may use a key for each workflow, say. */
export type SerializationContext = WorkflowSerializationContext | ActivitySerializationContext;

type Converters = Pick<LoadedDataConverter, 'payloadConverter' | 'failureConverter'>;

/** The converters with the context given at each call. The default ones have no use for it and stay as they are. */
export function convertersWithContext(
  { payloadConverter, failureConverter }: Converters,
  context: SerializationContext,
): Converters {
  return {
    payloadConverter:
      payloadConverter === defaultPayloadConverter
        ? payloadConverter
        : payloadConverterWithContext(payloadConverter, context),
    failureConverter:
      failureConverter === defaultFailureConverter
        ? failureConverter
        : failureConverterWithContext(failureConverter, context),
  };
}

/** A data converter of which every part is given the context at each call. */
export function withSerializationContext(
  dataConverter: LoadedDataConverter,
  context: SerializationContext,
): LoadedDataConverter {
  const payloadCodecs = dataConverter.payloadCodecs.map((codec) => codecWithContext(codec, context));
  return { ...dataConverter, ...convertersWithContext(dataConverter, context), payloadCodecs };
}

function payloadConverterWithContext(converter: PayloadConverter, context: SerializationContext): PayloadConverter {
  return {
    toPayload: (value, own = context) => converter.toPayload(value, own),
    fromPayload: (payload, own = context) => converter.fromPayload(payload, own),
  };
}

function failureConverterWithContext(converter: FailureConverter, context: SerializationContext): FailureConverter {
  return {
    errorToFailure: (error, payloads, own = context) => converter.errorToFailure(error, payloads, own),
    failureToError: (failure, payloads, own = context) => converter.failureToError(failure, payloads, own),
  };
}

export function codecWithContext(codec: PayloadCodec, context: SerializationContext): PayloadCodec {
  return {
    encode: (payloads) => codec.encode(payloads, context),
    decode: (payloads) => codec.decode(payloads, context),
  };
}
