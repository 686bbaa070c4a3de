import { expect, it } from 'vitest';
import { startChild } from '../../services/dev/child-process.js';

const start = (script: string) => startChild({ command: 'sh', args: ['-c', script], env: process.env });

it('tells how the child ended', async () => {
  const [fine, failed, killed] = await Promise.all([start('exit 0'), start('exit 3'), start('kill -KILL $$')]);
  expect(await fine.exited).toEqual({ code: 0, signal: null });
  expect(await failed.exited).toEqual({ code: 3, signal: null });
  expect(await killed.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

it('a command that does not exist ends with 127 and its name among the last lines', async () => {
  const child = await startChild({ command: 'no-such-command', env: process.env });
  expect(await child.exited).toEqual({ code: 127, signal: null });
  expect(child.lastLines()).toContain('no-such-command');
});

it('hands over each line with its stream', async () => {
  const lines: string[] = [];
  const child = await startChild({
    command: 'sh',
    args: ['-c', 'echo one; echo two >&2'],
    env: process.env,
    onLine: (line, stream) => lines.push(`${stream} ${line}`),
  });
  await child.exited;
  expect(lines.sort()).toEqual(['stderr two', 'stdout one']);
});

it('a signal reaches the child itself', async () => {
  const child = await start('exec sleep 600');
  process.kill(child.pid, 0);
  child.kill('SIGKILL');
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(() => process.kill(child.pid, 0)).toThrow('ESRCH');
  child.kill('SIGKILL'); // too late, and harmless
});

it('stop insists on a child that does not listen', async () => {
  let deaf = () => {};
  const isDeaf = new Promise<void>((resolve) => {
    deaf = resolve;
  });
  const child = await startChild({
    command: 'sh',
    args: ['-c', "trap '' TERM; echo deaf; while :; do sleep 0.05; done"],
    env: process.env,
    onLine: () => deaf(),
  });
  await isDeaf;
  expect(await child.stop(200)).toEqual({ code: null, signal: 'SIGKILL' });
});
