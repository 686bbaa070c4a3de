import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Samples } from './measurement.js';

const script = fileURLToPath(new URL('./start-environment.js', import.meta.url));

/** Makes a time-skipping environment as the first of its process, `count` times. */
export async function startEnvironments(count: number): Promise<Samples> {
  const samplesMs: number[] = [];
  for (let index = 0; index < count; index++) {
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    samplesMs.push(Number(stdout));
  }
  return { samplesMs, totalMs: samplesMs.reduce((sum, ms) => sum + ms, 0) };
}
