import type { Payload } from '../../schemas/generated/messages.js';

/** Context that interceptors pass along with calls, by name. */
export type Headers = Readonly<Record<string, Payload>>;
