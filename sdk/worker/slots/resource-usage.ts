import { cpus, freemem, totalmem } from 'node:os';
import type { Clock } from '../../../services/platform/clock.js';

/** Shares from 0 to 1 of what the process may use. */
export interface Usage {
  readonly memory: number;
  readonly cpu: number;
}

export interface ResourceUsage {
  now(): Usage;
}

/** Usage is measured no oftener than this, in milliseconds: a shorter time says little of the processors. */
const MEASURE_EVERY_MS = 200;

/** The usage of the machine, or of the container that limits the process's memory. */
export function measureResources(clock: Clock): ResourceUsage {
  let measuredAt = clock.now();
  let times = processorTimes();
  let usage: Usage = { memory: memoryUsage(), cpu: 0 };
  return {
    now() {
      if (clock.now() - measuredAt < MEASURE_EVERY_MS) return usage;
      const before = times;
      times = processorTimes();
      measuredAt = clock.now();
      const all = times.all - before.all;
      usage = { memory: memoryUsage(), cpu: all > 0 ? 1 - (times.idle - before.idle) / all : usage.cpu };
      return usage;
    },
  };
}

function memoryUsage(): number {
  const limit = process.constrainedMemory();
  // Without a limit it is 0, or more than there is.
  if (limit > 0 && limit < totalmem()) return Math.min(1, process.memoryUsage.rss() / limit);
  return 1 - freemem() / totalmem();
}

function processorTimes(): { readonly idle: number; readonly all: number } {
  let idle = 0;
  let all = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, all };
}
