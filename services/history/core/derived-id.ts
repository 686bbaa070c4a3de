import { encode } from '../../../sdk/common/encoding.js';
import { sha1 } from './sha1.js';

/** The name space of derived ids: a UUID of its own, as RFC 9562 asks for. */
const NAMESPACE = Uint8Array.of(0x6d, 0x69, 0x6c, 0x6c, 0x72, 0x61, 0x43, 0x65, 0x91, 0x2a, 0, 0, 0, 0, 0, 1);

/**
 * The id of something that a run's event brings about, such as the run of a child: a UUID (RFC 9562, version 5) that is
 * the same however often it is worked out, so that what is sent twice is known by it. `purpose` tells apart what one
 * event brings about.
 */
export function derivedId(runId: string, eventId: number, purpose: string): string {
  const name = encode(`${runId}/${eventId}/${purpose}`);
  const named = new Uint8Array(NAMESPACE.length + name.length);
  named.set(NAMESPACE);
  named.set(name, NAMESPACE.length);
  const bytes = sha1(named).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Whether an id may be one of these. Whoever makes ids at random makes none of this version. */
export function mayBeDerived(id: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id);
}
