// What makes a simulation a function of its seed: nobody tells the time, waits or rolls dice behind its back.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** What stands outside of every simulation: processes, threads, disks, the command line, Kafka, the registry, and the clock itself. */
const outside =
  /^services\/(cli|dev|platform\/log\/kafka)\/|^sdk\/external-storage\/file-system-driver\.ts$|^services\/platform\/(clock|codec\/registry)\.ts$|\/main\.ts$|^sdk\/worker\/sandbox\/(thread|watchdog)\.ts$/;

/** The workflow code's own clock and chance are the sandbox's, which takes them from its run. */
const ofTheSandbox = /^sdk\/workflow\//;

/** The default of an option is none: a simulation sets it. */
const forbidden =
  /\bDate\.now\(|new Date\(\)|\bMath\.random\(|\bset(Timeout|Interval)\(|AbortSignal\.timeout\(|node:timers|(?<!= )\brandom(UUID|Int)\(/;

it('clients, workers and history services wait and tell the time by their clock, and make ids by what they are given', () => {
  const files = ['services', 'sdk'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );
  const strays = files
    .filter((file) => !outside.test(file) && !ofTheSandbox.test(file))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .map((line, index) => ({ place: `${file}:${index + 1}`, line: line.trim() })),
    )
    .filter(({ line }) => !/^(\/?\*|\/\/)/.test(line) && forbidden.test(line));
  expect(strays).toEqual([]);
});
