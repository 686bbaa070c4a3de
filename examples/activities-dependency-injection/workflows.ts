import { proxyActivities } from 'millrace/workflow';
import type { createActivities } from './activities.js';

const { translate } = proxyActivities<ReturnType<typeof createActivities>>({ startToCloseTimeout: '10 seconds' });

export async function translateAll(words: readonly string[]): Promise<string> {
  return (await Promise.all(words.map((word) => translate(word)))).join(' ');
}
