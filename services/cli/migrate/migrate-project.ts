// Turns a project for Temporal into one for Millrace: all of it is read and rewritten in memory before the first file is
// changed, so that a project that can't be read is left as it is.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { migrateManifest } from './migrate-manifest.js';
import { type MigratedFile, migrateSource, type Problem } from './migrate-source.js';
import { projectFiles } from './project-files.js';
import { replaceFile } from './replace-file.js';

export interface MigrateOptions {
  /** Changes nothing. */
  readonly dryRun: boolean;
}

export interface MigrationReport {
  /** Files that were changed, or would be, with the number of changes. */
  readonly changed: ReadonlyArray<{ readonly path: string; readonly changes: number }>;
  readonly problems: ReadonlyArray<Problem & { readonly path: string }>;
  /** How many files were looked at. */
  readonly files: number;
}

/** Rejects for a folder that can't be read, and for a file that can't be written: those before it are changed, whole. */
export async function migrateProject(root: string, { dryRun }: MigrateOptions): Promise<MigrationReport> {
  const paths = await projectFiles(root);
  const migrated: Array<MigratedFile & { readonly path: string }> = [];
  for (const path of paths)
    migrated.push({ path, ...(await migrateFile(path, await readFile(join(root, path), 'utf8'))) });
  const changed = migrated.filter(({ changes }) => changes > 0);
  if (!dryRun) for (const { path, text } of changed) await replaceFile(join(root, path), text);
  return {
    changed: changed.map(({ path, changes }) => ({ path, changes })),
    problems: migrated.flatMap(({ path, problems }) => problems.map((problem) => ({ path, ...problem }))),
    files: paths.length,
  };
}

async function migrateFile(path: string, text: string): Promise<MigratedFile> {
  if (basename(path) !== 'package.json') return migrateSource(path, text);
  try {
    return migrateManifest(text);
  } catch (error) {
    return { text, changes: 0, problems: [{ line: 1, message: `left as it is: ${(error as Error).message}` }] };
  }
}
