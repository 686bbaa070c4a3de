export async function ping(): Promise<string> {
  return 'pong';
}
