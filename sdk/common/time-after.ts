/** The latest time there is, in milliseconds since the epoch: a later one would not fit a record. */
const LATEST_TIME = 2 ** 52 - 1;

/** The time that lies `ms` behind another, or the latest there is: a client may ask for more milliseconds than are left. */
export function timeAfter(time: number, ms: number): number {
  return Math.min(time + ms, LATEST_TIME);
}
