import { through } from './through.js';

export async function reads(): Promise<string> {
  return through();
}
