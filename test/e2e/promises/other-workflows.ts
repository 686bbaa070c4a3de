/** A workflow that nobody starts: a worker with this module alone lacks those of workflows.ts. */
export async function other(): Promise<void> {}
