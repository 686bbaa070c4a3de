import { hostname } from 'node:os';

/** Who this process is, to people who read histories: `pid@host`. */
export function defaultIdentity(): string {
  return `${process.pid}@${hostname()}`;
}
