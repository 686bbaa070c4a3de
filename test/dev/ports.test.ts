import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { freePort, onFreePort } from '../../services/dev/ports.js';

async function listen(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
}

it('the preferred port is taken when it is free, another one when it is not', async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
  await listen(port);
  expect(await freePort(port)).not.toBe(port);
});

it('ports are below those that systems give to outgoing connections', async () => {
  expect(await freePort()).toBeLessThan(32_768);
});

it('a server whose port was taken while it started is started on another', async () => {
  const preferred = await freePort();
  const tried: number[] = [];
  const port = await onFreePort(preferred, async (port) => {
    tried.push(port);
    if (port === preferred) await listen(port); // somebody else was faster
    if (port === preferred) throw new Error('address in use');
    return port;
  });
  expect(tried).toEqual([preferred, port]);
});
