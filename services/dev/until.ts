import { setTimeout as delay } from 'node:timers/promises';

/**
 * Tries until the attempt gives something other than undefined, and resolves with it; resolves with undefined after
 * `timeoutMs`. What the attempt throws ends the waiting.
 */
export async function until<T>(
  attempt: () => T | undefined | Promise<T | undefined>,
  options: { readonly timeoutMs: number; readonly everyMs?: number },
): Promise<T | undefined> {
  const giveUpAt = performance.now() + options.timeoutMs;
  for (;;) {
    const result = await attempt();
    if (result !== undefined || performance.now() >= giveUpAt) return result;
    await delay(options.everyMs ?? 50);
  }
}
