import { parseArgs } from 'node:util';
import { migrateProject } from './migrate/migrate-project.js';
import { reportText } from './migrate/report-text.js';

const USAGE = `Usage: millrace migrate <directory> [--dry-run]

  migrate    Rewrites a project for Temporal's TypeScript SDK: imports, require(), mocks and package.json.
             Lists with file and line what has no counterpart. Changes nothing with --dry-run.
`;

/** Where a command writes. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

/** Runs a command line and gives the exit code: 0 when done, also where something is left to do by hand; 1 for an error. */
export async function runCommand(args: string[], { out, error }: Output): Promise<number> {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [command, directory, ...rest] = positionals;
    if (values.help) {
      out(USAGE);
      return 0;
    }
    if (command !== 'migrate' || directory === undefined || rest.length > 0) {
      error(USAGE);
      return 1;
    }
    const dryRun = values['dry-run'];
    out(reportText(await migrateProject(directory, { dryRun }), { dryRun }));
    return 0;
  } catch (reason) {
    error(`millrace: ${reason instanceof Error ? reason.message : String(reason)}\n`);
    return 1;
  }
}
