import type { Message } from '../../../schemas/generated/messages.js';

/** Encodes and decodes the messages on Millrace's topics: Avro behind the Confluent prefix (0, schema id). */
export interface Codec {
  /** Encodes a message with the writer schema registered for its type. Throws `MESSAGE_INVALID`. */
  encode(message: Message): Buffer;
  /**
   * Decodes a record's value. Never asks the registry. `type` is the record's short name, an own property; records are
   * plain objects, and bytes are Buffers that share no memory with the value given.
   * Throws `NOT_A_MESSAGE` for bytes that no Millrace writer made, `UNKNOWN_SCHEMA` for a schema id not learned yet,
   * `UNKNOWN_TYPE` for a message of a newer Millrace; its fact `skippable` says whether readers may pass it over.
   */
  decode(bytes: Uint8Array): Message;
  /**
   * As `decode`, but fetches a schema id not learned yet from the registry, for good. Rejects with
   * `REGISTRY_UNAVAILABLE` when that fails: try again later.
   */
  decodeLearning(bytes: Uint8Array): Promise<Message>;
  /** Schema id and JSON of everything known, from which another thread can make an equal codec. */
  snapshot(): CodecSnapshot;
}

export interface CodecSnapshot {
  readonly schemas: ReadonlyArray<{ readonly id: number; readonly schema: string; readonly write: boolean }>;
}
