import { messageSchemas } from '../../../schemas/generated/messages.js';
import { codecFromSnapshot } from './avro-codec.js';
import type { Codec } from './codec.js';

/** A codec with made-up schema ids, for logs that never leave the process. It needs no registry. */
export function createLocalCodec(): Codec {
  const schemas = Object.values(messageSchemas).map((schema, index) => ({ id: index + 1, schema, write: true }));
  return codecFromSnapshot({ schemas });
}
