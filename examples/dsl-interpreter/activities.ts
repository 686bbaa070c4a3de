export async function fetchPrice(item: string): Promise<string> {
  return `price of ${item}`;
}

export async function fetchStock(item: string): Promise<string> {
  return `stock of ${item}`;
}

export async function report(...found: string[]): Promise<string> {
  return `report: ${found.join(', ')}`;
}
