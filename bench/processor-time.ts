import { readFileSync } from 'node:fs';

/** Processor time by process name, in milliseconds. */
export type ProcessorTime = Readonly<Record<string, number>>;

/** Kernel clock ticks a second, as every Linux on common hardware has it (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** Processor time that each process has taken so far; empty where the system has no /proc. */
export function processorTime(pids: Readonly<Record<string, number | undefined>>): ProcessorTime {
  const times: Record<string, number> = {};
  for (const [name, pid] of Object.entries(pids)) {
    const ms = pid === undefined ? undefined : timeOf(pid);
    if (ms !== undefined) times[name] = ms;
  }
  return times;
}

/** What was taken between two readings, of the processes that were there at both. */
export function timeBetween(before: ProcessorTime, after: ProcessorTime): ProcessorTime {
  const taken = Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)] as const);
  // A process that was replaced has taken less than the one before it.
  return Object.fromEntries(taken.filter(([, ms]) => ms >= 0));
}

function timeOf(pid: number): number | undefined {
  try {
    // The command's name, in brackets, may hold spaces: the fields are counted after it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}
