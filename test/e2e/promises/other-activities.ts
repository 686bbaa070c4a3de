/** An activity that nobody schedules: a worker with this module alone lacks those of activities.ts. */
export async function unwanted(): Promise<void> {}
