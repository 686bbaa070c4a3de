export async function check(amount: number): Promise<string> {
  return `payment of ${amount} is in order`;
}

export async function settle(confirmation: string): Promise<string> {
  return `settled: ${confirmation}`;
}
