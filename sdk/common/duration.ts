import ms, { type StringValue } from 'ms';
import { ValueError } from './errors.js';

/** A number of milliseconds, or a string that the package `ms` reads, such as `'30 seconds'`. */
export type Duration = StringValue | number;

/** Milliseconds of a duration. Throws a TypeError for a string that is none. */
export function msToNumber(duration: Duration): number {
  if (typeof duration === 'number') return duration;
  // An empty string makes `ms` throw, an unreadable one makes it return undefined.
  const millis = typeof duration === 'string' && duration.length > 0 ? ms(duration) : undefined;
  if (millis === undefined || Number.isNaN(millis)) throw new TypeError(`Invalid duration string: '${duration}'`);
  return millis;
}

/** As `msToNumber`, passing undefined on. */
export function msOptionalToNumber(duration: Duration | null | undefined): number | undefined {
  return duration == null ? undefined : msToNumber(duration);
}

/**
 * Whole milliseconds of a time-out as our records carry it; null when it isn't set. 0 means none, as in Temporal.
 * Throws a ValueError that names the option when it's negative or not finite.
 */
export function timeoutMs(option: string, duration: Duration | null | undefined): number | null {
  const millis = msOptionalToNumber(duration);
  if (millis === undefined || millis === 0) return null;
  if (!Number.isFinite(millis) || millis < 0)
    throw new ValueError(`${option} must be a positive duration, not ${duration}`);
  return Math.ceil(millis);
}
