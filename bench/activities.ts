/** Returns a greeting. */
export async function greet(name: string): Promise<string> {
  return `Hello, ${name}!`;
}

/** The time, in milliseconds with fractions, since the worker's process started. */
export async function next(): Promise<number> {
  return performance.now();
}
