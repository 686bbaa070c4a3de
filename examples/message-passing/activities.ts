export async function greetingIn(language: string): Promise<string> {
  if (language === 'hindi') return 'नमस्ते दुनिया';
  throw new Error(`there is no dictionary of ${language}`);
}
