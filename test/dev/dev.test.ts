import { expect, inject, it, onTestFinished } from 'vitest';
import { type GuardedChild, startChild } from '../../services/dev/child-process.js';
import { projectFolder } from '../../services/dev/project-folder.js';
import { until } from '../../services/dev/until.js';
import { newNamespace } from '../kit/kit.js';

async function npmRunDev(namespace: string): Promise<{ child: GuardedChild; printed: string[] }> {
  const printed: string[] = [];
  const child = await startChild({
    command: process.execPath,
    args: ['dist/services/dev/main.js'],
    cwd: projectFolder,
    env: {
      ...process.env,
      KAFKA_BROKERS: inject('brokers').join(','),
      SCHEMA_REGISTRY_URL: inject('registryUrl'),
      MILLRACE_NAMESPACE: namespace,
    },
    onLine: (line) => printed.push(line),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, printed };
}

it('npm run dev serves a namespace, says where, and ends well on Ctrl-C', async () => {
  const namespace = newNamespace();
  const { child, printed } = await npmRunDev(namespace);
  await until(() => printed.includes('Ctrl-C ends it.') || !child.running || undefined, { timeoutMs: 60_000 });
  for (const variable of [
    `KAFKA_BROKERS=${inject('brokers').join(',')}`,
    `SCHEMA_REGISTRY_URL=${inject('registryUrl')}`,
    `MILLRACE_NAMESPACE=${namespace}`,
  ]) {
    expect(printed).toContain(`  export ${variable}`);
  }
  child.kill('SIGINT');
  expect(await child.exited).toEqual({ code: 0, signal: null });
});

it('npm run dev says in one line what stands in its way', async () => {
  const { child, printed } = await npmRunDev('not a name');
  expect(await child.exited).toEqual({ code: 1, signal: null });
  expect(printed.join('\n')).toContain('MILLRACE_NAMESPACE');
});
