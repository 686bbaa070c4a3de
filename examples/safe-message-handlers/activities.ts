/** Stand for calls to the cluster. */
export async function startNodes(job: string, nodes: readonly number[]): Promise<string> {
  return `${job} starts on ${nodes.join(', ')}`;
}

export async function stopNodes(nodes: readonly number[]): Promise<string> {
  return `stopped ${nodes.join(', ')}`;
}
