// What payloads go through between the log and the sandbox, which only ever sees them decoded.
import type { Message } from '../../../schemas/generated/messages.js';
import { CODEC_CONCURRENCY } from '../../../services/platform/limits.js';
import { decodePayloads, encodePayloads, type PayloadCodec } from '../../common/converter/payload-codec.js';
import { codecWithContext } from '../../common/converter/serialization-context.js';
import { type PayloadSlot, payloadSlots } from './message-payloads.js';
import type { PayloadScope } from './payload-scope.js';

/** Changes messages in place, all payloads of each but its search attributes and headers. */
export interface PayloadPipeline {
  encode(messages: readonly Message[], scope: PayloadScope): Promise<void>;
  decode(messages: readonly Message[], scope: PayloadScope): Promise<void>;
}

export function payloadPipeline(codecs: readonly PayloadCodec[]): PayloadPipeline {
  return {
    encode: (messages, scope) => transform(messages, scope, codecs, encodePayloads),
    decode: (messages, scope) => transform(messages, scope, codecs, decodePayloads),
  };
}

/** Some at a time: a history may have ten thousand, and a codec may ask a key service for each. */
async function transform(
  messages: readonly Message[],
  scope: PayloadScope,
  codecs: readonly PayloadCodec[],
  run: typeof encodePayloads,
): Promise<void> {
  const waiting = messages.flatMap((message) => payloadSlots(message, scope)).values();
  const worker = async () => {
    for (const slot of waiting) {
      const bound = codecs.map((codec) => codecWithContext(codec, slot.context));
      put(slot, await run(bound, slot.payloads));
    }
  };
  await Promise.all(Array.from({ length: CODEC_CONCURRENCY }, worker));
}

function put(slot: PayloadSlot, payloads: Awaited<ReturnType<typeof encodePayloads>>): void {
  if (payloads.length !== slot.payloads.length) {
    throw new TypeError(`a codec gave back ${payloads.length} payloads for ${slot.payloads.length}`);
  }
  slot.put(payloads);
}
