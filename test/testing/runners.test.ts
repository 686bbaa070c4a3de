// A project's test that uses the environment, run by each of the runners that projects have. It ends by itself: nothing
// of the environment keeps its process alive. The package is the built one, as for any project.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const project = join(import.meta.dirname, 'runner-project');

const bin = (name: string) => join(root, 'node_modules', name);

const runners = {
  'node:test': ['--test', 'reminder.node.js'],
  vitest: [bin('vitest/vitest.mjs'), 'run', '--root', project, '--config', join(project, 'vitest.config.js')],
  mocha: [bin('mocha/bin/mocha.js'), 'reminder.mocha.js'],
  jest: ['--experimental-vm-modules', bin('jest/bin/jest.js'), '--config', join(project, 'jest.config.json')],
};

test.each(Object.entries(runners))(
  "a project's tests use the environment under %s [testing.test-runners]",
  async (_, args) => {
    // What this run of vitest, or CI, tells its own children is not for others.
    const { VITEST, NODE_OPTIONS, NODE_ENV, CI, ...env } = process.env;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: project, env });
    expect(stdout + stderr).toMatch(/1 pass|pass 1/);
  },
  120_000,
);
