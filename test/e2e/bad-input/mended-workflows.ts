// The workflows of `workflows.ts` after somebody has seen to them.
import { proxyActivities } from 'millrace/workflow';

const { echo } = proxyActivities<{ echo(value: unknown): Promise<unknown> }>({ startToCloseTimeout: '1 minute' });

export { greet } from './workflows.js';

export async function returnsWrong(): Promise<string> {
  return 'mended';
}

export async function passesWrong(): Promise<unknown> {
  return echo('mended');
}

export async function failsWithWrongDetails(): Promise<string> {
  return 'mended';
}

export async function spins(): Promise<unknown> {
  return echo('before');
}

/** Not mended but broken: what it does first is not what its runs have done. */
export async function twoSteps(): Promise<unknown[]> {
  const { audit } = proxyActivities<{ audit(): Promise<unknown> }>({ startToCloseTimeout: '1 minute' });
  return [await audit(), await echo('second')];
}

/** The type that workers of `workflows.ts` lack. */
export async function farewell(name: string): Promise<string> {
  return `goodbye ${name}`;
}
