import type { Worker } from 'millrace/worker';
import { harmless } from './through.js';

export type Unused = Worker;

export async function fine(): Promise<number> {
  return harmless;
}
