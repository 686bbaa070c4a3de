export async function render(pages: number): Promise<string> {
  return 'a page of text\n'.repeat(pages);
}
