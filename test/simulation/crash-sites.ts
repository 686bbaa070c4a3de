// Where processes can die: each place of services/ and sdk/ that asks the log for something, is handed records or is woken
// by a timer. Every seed adds the places it has seen, and those at which it killed somebody.
import type { ProcessKind } from './simulated-process.js';

interface Site {
  reached: number;
  killedBefore: number;
  killedAfter: number;
}

export class CrashSites {
  readonly #sites = new Map<string, Site>();

  reached(process: ProcessKind, site: string): void {
    this.#of(`${process}: ${site}`).reached += 1;
  }

  killed(process: ProcessKind, site: string, when: 'before' | 'after'): void {
    const found = this.#of(`${process}: ${site}`);
    if (when === 'before') found.killedBefore += 1;
    else found.killedAfter += 1;
  }

  /** Takes in what another simulation has found. */
  add(other: CrashSites): void {
    for (const [name, { reached, killedBefore, killedAfter }] of other.#sites) {
      const site = this.#of(name);
      site.reached += reached;
      site.killedBefore += killedBefore;
      site.killedAfter += killedAfter;
    }
  }

  /** Places at which somebody of the kind was killed, before or after, of all that were reached. */
  coverage(process: ProcessKind): { readonly covered: number; readonly total: number; readonly missing: string[] } {
    let covered = 0;
    let total = 0;
    const missing: string[] = [];
    for (const [name, { killedBefore, killedAfter }] of this.#sites) {
      if (!name.startsWith(`${process}: `)) continue;
      total += 1;
      if (killedBefore + killedAfter > 0) covered += 1;
      else missing.push(name);
    }
    return { covered, total, missing: missing.sort() };
  }

  /** A line for each place. */
  lines(): string[] {
    return [...this.#sites]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([name, { reached, killedBefore, killedAfter }]) =>
          `${name}: reached ${reached}, killed ${killedBefore} before and ${killedAfter} after`,
      );
  }

  #of(name: string): Site {
    let site = this.#sites.get(name);
    if (site === undefined) {
      site = { reached: 0, killedBefore: 0, killedAfter: 0 };
      this.#sites.set(name, site);
    }
    return site;
  }
}

/** The nearest function of services/ or sdk/ on the stack, besides the clock's own. */
export function callerOf(): string {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = 12;
  Error.prepareStackTrace = (_error, sites) => sites;
  const sites = new Error().stack as unknown as NodeJS.CallSite[];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  for (const site of sites) {
    const file = /\/(services|sdk)\/.*?([^/]+)\.[jt]s$/.exec(site.getFileName() ?? '');
    if (file === null || file[2] === 'clock') continue;
    return `${file[2]}.${(site.getFunctionName() ?? 'callback').replace(/^.*[.#]/, '')}`;
  }
  return 'unknown';
}
