export async function factorial(n: bigint): Promise<bigint> {
  return n <= 1n ? 1n : n * (await factorial(n - 1n));
}
