export async function stamp(text: string): Promise<string> {
  return `${text}, stamped`;
}
