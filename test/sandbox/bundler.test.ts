import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bundleWorkflowCode } from '../../sdk/worker/bundler.js';
import { startExecutor } from './executor.js';
import { completed, kindsOf, resultOf, TestHistory } from './test-history.js';

function entry(name: string): URL {
  return new URL(`./bundles/${name}`, import.meta.url);
}

test('a module of the host fails the bundle with the chain of imports that leads to it [determinism.forbidden-imports]', async () => {
  const bundling = bundleWorkflowCode({ workflowsPath: entry('entry-with-fs.ts') });
  await expect(bundling).rejects.toThrow(
    "workflow code can't use modules of the host, since a replay could not repeat what they do:\n" +
      '  test/sandbox/bundles/entry-with-fs.ts\n' +
      '    imports test/sandbox/bundles/through.ts\n' +
      '    imports node:fs\n' +
      'Do that work in an activity',
  );
});

test("so do Millrace's own packages that are no use in a workflow", async () => {
  const bundling = bundleWorkflowCode({ workflowsPath: entry('entry-with-worker.ts').href });
  await expect(bundling).rejects.toThrow(/entry-with-worker\.ts\n {4}imports millrace\/activity/);
});

test('imports of types, and of what nothing uses, are fine', async () => {
  const { code } = await bundleWorkflowCode({ workflowsPath: fileURLToPath(entry('entry-with-unused.ts')) });
  const { executor } = await startExecutor({ code });
  expect(resultOf(completed(await executor.runTask(new TestHistory('fine').task())))).toBe(1);
  await executor.close();
});

test('workflows may be CommonJS', async () => {
  const { code } = await bundleWorkflowCode({ workflowsPath: entry('entry-in-commonjs.cjs') });
  const { executor } = await startExecutor({ code });
  expect(kindsOf(completed(await executor.runTask(new TestHistory('naps').task())))).toEqual(['startTimer']);
  await executor.close();
});

test('a folder is bundled by its index, with JSON, and with stubs for assert, url and util [worker.bundler-options]', async () => {
  const workflowsPath = fileURLToPath(entry('folder'));
  await expect(bundleWorkflowCode({ workflowsPath })).rejects.toThrow('imports node:os');

  const { code } = await bundleWorkflowCode({ workflowsPath, ignoreModules: ['os'], preloadModules: ['assert'] });
  const { executor } = await startExecutor({ code });
  expect(resultOf(completed(await executor.runTask(new TestHistory('usesStubs').task())))).toEqual({
    thrown: [
      'AssertionError: 1 == 2',
      'AssertionError: Expected values to be loosely deep-equal:\n\n{}\n\nshould loosely deep-equal\n\n{}',
      'AssertionError: Missing expected exception.',
    ],
    bytes: 2,
    host: 'a.b',
    facts: { answer: 42 },
    named: 'typescript by its .js name',
    hostname: 'undefined',
  });
  expect(resultOf(completed(await executor.runTask(new TestHistory('whatever').task())))).toBe('by default');
  await executor.close();
});

test('a webpack hook is not called and said so, and plugins change the options [worker.bundle]', async () => {
  const warned: string[] = [];
  const { code } = await bundleWorkflowCode({
    workflowsPath: 'nowhere',
    webpackConfigHook: () => expect.unreachable(),
    logger: { warn: (message) => warned.push(message) },
    plugins: [
      { name: 'silent' },
      { name: 'path', configureBundler: (options) => ({ ...options, workflowsPath: entry('entry-with-unused.ts') }) },
    ],
  });
  expect(warned).toEqual([expect.stringContaining('webpackConfigHook is not called')]);
  expect(code).toContain('fine');
});

test('a path with nothing there is told without the places of files that the user has not written', async () => {
  await expect(bundleWorkflowCode({ workflowsPath: './nowhere.ts' })).rejects.toThrow(
    'workflows of nowhere.ts can\'t be bundled: Could not resolve "./nowhere.ts"',
  );
});

test('an import that leads nowhere is reported with its place', async () => {
  const bundling = bundleWorkflowCode({ workflowsPath: entry('entry-with-error.mjs') });
  await expect(bundling).rejects.toThrow(
    /entry-with-error\.mjs can't be bundled: .*not-there\.js.*\(test\/sandbox\/bundles\/entry-with-error\.mjs:1:25\)/,
  );
});

test('a bundle that is no script does not start', async () => {
  await expect(startExecutor({ code: 'this is not a bundle' })).rejects.toMatchObject({ code: 'SANDBOX_CRASHED' });
});
