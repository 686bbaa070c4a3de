const prices: Readonly<Record<string, number>> = { tea: 3, bread: 4 };

export async function lookUp(item: string): Promise<number> {
  return prices[item] ?? 0;
}
