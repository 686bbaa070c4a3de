import type { MigrateOptions, MigrationReport } from './migrate-project.js';

/** The report as a person reads it: what changed, then what is left to do. */
export function reportText({ changed, problems, files }: MigrationReport, { dryRun }: MigrateOptions): string {
  const changes = changed.reduce((sum, file) => sum + file.changes, 0);
  const done = dryRun ? 'would change' : 'changed';
  const lines = [
    ...changed.map((file) => `${file.path}: ${file.changes} ${dryRun ? 'to change' : 'changed'}`),
    ...(problems.length > 0 ? ['', 'Not mapped:'] : []),
    ...problems.map(({ path, line, message }) => `${path}:${line}: ${message}`),
    '',
    `${done} ${changes} names in ${changed.length} of ${files} files; ${problems.length} left to do by hand`,
    ...(changes > 0 && !dryRun ? ["Run 'npm install' next."] : []),
  ];
  return `${lines.join('\n')}\n`;
}
