import type { Payload } from '../../schemas/generated/messages.js';
import { defaultPayloadConverter } from './converter/payload-converter.js';
import { mapFromPayloads, mapToPayloads } from './converter/payloads.js';

/** A value of a search attribute. */
export type SearchAttributeValue = string | number | boolean | Date;

/** What runs can be found by. They are JSON always, and no codec touches them, so that they can be indexed. */
export type SearchAttributes = Readonly<Record<string, readonly SearchAttributeValue[]>>;

export function encodeSearchAttributes(attributes: SearchAttributes): Record<string, Payload> {
  return mapToPayloads(defaultPayloadConverter, attributes);
}

/** Dates come back as the ISO strings that they were encoded as. */
export function decodeSearchAttributes(payloads: Readonly<Record<string, Payload>>): SearchAttributes {
  return mapFromPayloads<string, SearchAttributeValue[]>(defaultPayloadConverter, payloads) ?? {};
}
