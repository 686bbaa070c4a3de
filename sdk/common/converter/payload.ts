import type { Payload as PayloadRecord } from '../../../schemas/generated/messages.js';

/** One encoded value, as converters and codecs take and give it. Temporal's shape: what is left out is empty. */
export interface Payload {
  metadata?: { [key: string]: Uint8Array } | null | undefined;
  data?: Uint8Array | null | undefined;
}

/** The payload as our records carry it. */
export function payloadRecord({ metadata, data }: Payload): PayloadRecord {
  return { metadata: metadata ?? {}, data: data ?? new Uint8Array(0) };
}
