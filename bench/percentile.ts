/** The value that the share `p` (0 to 1) of the samples does not pass. Throws for no samples. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? sorted[0];
  if (value === undefined) throw new RangeError('percentile of no samples');
  return value;
}
