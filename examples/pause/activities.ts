export async function ship(order: string): Promise<string> {
  return `${order} is shipped`;
}
