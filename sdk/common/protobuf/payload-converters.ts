import type { Payload } from '../../../schemas/generated/messages.js';
import {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  JsonPayloadConverter,
  type PayloadConverterWithEncoding,
  UndefinedPayloadConverter,
} from '../converter/payload-converter.js';
import { decode, encode, encodingTypes, METADATA_ENCODING_KEY, METADATA_MESSAGE_TYPE_KEY } from '../encoding.js';
import { PayloadConverterError, ValueError } from '../errors.js';
import { fromProto3Json, toProto3Json } from './proto3-json.js';
import { fullNameOf, isProtobufMessage, isProtobufRoot, type ProtobufRoot, type ProtobufType } from './reflection.js';

/** Encodes protobufjs messages in the protobuf format. */
export class ProtobufBinaryPayloadConverter implements PayloadConverterWithEncoding {
  readonly encodingType: string = encodingTypes.METADATA_ENCODING_PROTOBUF;
  readonly #root: ProtobufRoot | undefined;

  /** `root` is what `patchProtobufRoot` gives; without it messages are encoded only. Throws a TypeError if it is none. */
  constructor(root?: unknown) {
    this.#root = checkRoot(root);
  }

  toPayload(value: unknown): Payload | undefined {
    if (!isProtobufMessage(value)) return undefined;
    return payloadOf(this.encodingType, value.$type, value.$type.encode(value).finish());
  }

  fromPayload<T>(payload: Payload): T {
    return typeOf(payload, this.#root).decode(payload.data) as T;
  }
}

/** Encodes protobufjs messages as JSON. */
export class ProtobufJsonPayloadConverter implements PayloadConverterWithEncoding {
  readonly encodingType: string = encodingTypes.METADATA_ENCODING_PROTOBUF_JSON;
  readonly #root: ProtobufRoot | undefined;

  /** As of ProtobufBinaryPayloadConverter. */
  constructor(root?: unknown) {
    this.#root = checkRoot(root);
  }

  toPayload(value: unknown): Payload | undefined {
    if (!isProtobufMessage(value)) return undefined;
    return payloadOf(this.encodingType, value.$type, encode(JSON.stringify(toProto3Json(value))));
  }

  fromPayload<T>(payload: Payload): T {
    return fromProto3Json(typeOf(payload, this.#root), JSON.parse(decode(payload.data))) as T;
  }
}

export interface DefaultPayloadConverterWithProtobufsOptions {
  /** What `patchProtobufRoot` gives. */
  readonly protobufRoot: Record<string, unknown>;
}

/** The default converter, which takes protobufjs messages too: as JSON, and read in either form. */
export class DefaultPayloadConverterWithProtobufs extends CompositePayloadConverter {
  constructor({ protobufRoot }: DefaultPayloadConverterWithProtobufsOptions) {
    super(
      new UndefinedPayloadConverter(),
      new BinaryPayloadConverter(),
      new ProtobufJsonPayloadConverter(protobufRoot),
      new ProtobufBinaryPayloadConverter(protobufRoot),
      new JsonPayloadConverter(),
    );
  }
}

function checkRoot(root: unknown): ProtobufRoot | undefined {
  if (root === undefined || root === null) return undefined;
  if (!isProtobufRoot(root)) throw new TypeError('root must be an instance of a protobufjs Root');
  return root;
}

function payloadOf(encoding: string, type: ProtobufType, data: Uint8Array): Payload {
  const metadata = { [METADATA_ENCODING_KEY]: encode(encoding), [METADATA_MESSAGE_TYPE_KEY]: encode(fullNameOf(type)) };
  return { metadata, data };
}

/** The type of the message in a payload. */
function typeOf({ metadata }: Payload, root: ProtobufRoot | undefined): ProtobufType {
  const typeName = metadata[METADATA_MESSAGE_TYPE_KEY];
  if (typeName === undefined)
    throw new ValueError(`Got protobuf payload without metadata.${METADATA_MESSAGE_TYPE_KEY}`);
  if (root === undefined) {
    throw new PayloadConverterError('Unable to deserialize protobuf message without `root` being provided');
  }
  const name = decode(typeName);
  try {
    return root.lookupType(name);
  } catch (error) {
    throw new PayloadConverterError(
      `Got a \`${name}\` protobuf message but cannot find corresponding message class in \`root\``,
      error,
    );
  }
}
