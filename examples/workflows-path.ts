import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of a module beside the caller's, whether it is run from its sources or built. */
export function modulePath(name: string, from: string): string {
  const source = fileURLToPath(new URL(`./${name}.ts`, from));
  return existsSync(source) ? source : fileURLToPath(new URL(`./${name}.js`, from));
}
