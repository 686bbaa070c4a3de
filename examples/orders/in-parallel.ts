/** Runs the function over all items, `limit` at a time; the results are in the items' order. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  run: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  async function takeTurns(): Promise<void> {
    for (const [index, item] of waiting) results[index] = await run(item);
  }
  await Promise.all(Array.from({ length: limit }, takeTurns));
  return results;
}
