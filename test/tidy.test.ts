// The style that a machine can hold: what the core may import and use, how long files get, how they are named.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders = ['services', 'sdk', 'test', 'bench', 'examples'];

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  // At the start of a line: messages to the user speak of imports too.
  return [...text.matchAll(/^(?:import|export)[^'"`]* from '([^']+)'|^import '([^']+)'/gm)].flatMap(
    ([, from, alone]) => from ?? alone ?? [],
  );
}

const all = folders.flatMap(sourceFiles);

describe('tidy', () => {
  it('cores import only themselves, generated types, sdk/common, and the pure limits and topic names', () => {
    const allowed =
      /^(services\/\w+\/core\/|schemas\/(generated\/|message\.js$)|sdk\/common\/|services\/platform\/(limits|topics)\.js$)/;
    const strays = all
      .filter((file) => /^services\/\w+\/core\//.test(file))
      .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
      .filter(({ file, target }) => !target.startsWith('.') || !allowed.test(join(file, '..', target)));
    expect(strays).toEqual([]);
  });

  it('cores know no clock, no chance, no process and no promise', () => {
    const impure = /\b(Date\b|Math\.random|setTimeout|setInterval|process\.|async |await |Promise|crypto\b|console\.)/;
    const found = all
      .filter((file) => /^services\/\w+\/core\//.test(file))
      .filter((file) => impure.test(readFileSync(join(root, file), 'utf8').replace(/\/\/.*$|\/?\*.*$/gm, '')));
    expect(found).toEqual([]);
  });

  it('the parts that enter the sandbox import nothing outside of it', () => {
    const allowed = /^(sdk\/(workflow|common)\/|schemas\/(generated\/|message\.js$)|services\/platform\/limits\.js$)/;
    const strays = all
      .filter((file) => /^sdk\/(workflow|common)\//.test(file))
      .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
      .filter(
        ({ file, target }) => !(target.startsWith('.') ? allowed.test(join(file, '..', target)) : target === 'ms'),
      );
    expect(strays).toEqual([]);
  });

  it('only the log folder knows a Kafka client', () => {
    const strays = all
      .filter((file) => /^(services|sdk)\//.test(file) && !file.startsWith('services/platform/log/kafka/'))
      .filter((file) =>
        importsOf(file).some((target) => target === 'kafkajs' || target.startsWith('@platformatic/kafka')),
      );
    expect(strays).toEqual([]);
  });

  it('no file is longer than 500 lines', () => {
    const long = all.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 501);
    expect(long).toEqual([]);
  });

  it('files are kebab-case and named for what they hold', () => {
    const vague = /(^|\/)(utils?|helpers?|types|interfaces|manager|impl|misc)\.ts$/;
    expect(all.filter((file) => vague.test(file) || !/^[a-z0-9./-]+$/.test(file))).toEqual([]);
  });

  it('the core has at least as many lines of tests as of code', () => {
    const lines = (files: string[]) =>
      files.reduce((sum, file) => sum + readFileSync(join(root, file), 'utf8').split('\n').length, 0);
    const golden = readdirSync(join(root, 'test/core/golden')).map((name) => join('test/core/golden', name));
    const core = sourceFiles('services/history/core');
    expect(lines([...sourceFiles('test/core'), ...golden])).toBeGreaterThanOrEqual(lines(core));
  });
});
