import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isSource } from './migrate-source.js';

/** Folders of what others wrote or tools made. */
const passedOver = ['node_modules', 'dist', 'coverage'];

/** The sources and manifests of a project, relative to it, in order. What is ignored by name, or linked, is passed over. */
export async function projectFiles(root: string): Promise<string[]> {
  const ignored = new Set([...passedOver, ...(await ignoredNames(root))]);
  const files: string[] = [];
  const folders = [root];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || ignored.has(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && (entry.name === 'package.json' || isSource(path))) files.push(relative(root, path));
    }
  }
  return files.sort();
}

/** Plain names of the project's .gitignore; its patterns are left to git. */
async function ignoredNames(root: string): Promise<string[]> {
  const text = await readFile(join(root, '.gitignore'), 'utf8').catch(() => '');
  return text.split(/\r?\n/).flatMap((line) => /^\/?([\w-]+)\/?$/.exec(line.trim())?.[1] ?? []);
}
