import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './kit.js';
import { TcpProxy } from './tcp-proxy.js';

describe('a spoilt network', () => {
  let server: Server;
  let proxy: TcpProxy;
  let client: Socket;
  let atServer: string;
  let atClient: string;

  beforeEach(async () => {
    atServer = '';
    atClient = '';
    // It sends back what it gets, in capitals.
    server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        atServer += bytes;
        socket.write(String(bytes).toUpperCase());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    proxy = await TcpProxy.start({ server: `127.0.0.1:${port}` });
    client = connect(proxy.port, '127.0.0.1');
    client.on('error', () => {});
    client.on('data', (bytes) => {
      atClient += bytes;
    });
    client.write('a');
    await eventually(() => expect(atClient).toBe('A'));
  });

  afterEach(async () => {
    client.destroy();
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('that is cut delivers what was sent meanwhile, in order, once it heals, also from who has gone', async () => {
    proxy.cut('to-server', 'to-client');
    client.write('b');
    client.end('c');
    const other = connect(proxy.port, '127.0.0.1');
    other.write('d');
    await once(other, 'connect');
    expect(atServer).toBe('a');
    proxy.heal();
    await eventually(() => expect([...atServer].sort().join('')).toBe('abcd'));
    expect(atServer.replace('d', '')).toBe('abc');
    other.destroy();
  });

  it('that is half open lets one direction pass, and breaks the connection when it heals', async () => {
    proxy.swallow('to-client');
    client.write('b');
    await eventually(() => expect(atServer).toBe('ab'));
    expect(atClient).toBe('A');
    const closed = new Promise((resolve) => client.once('close', resolve));
    proxy.heal();
    await closed;
    expect(atClient).toBe('A');
  });

  it('that is slow delivers everything, not before its time', async () => {
    const delayMs = 30;
    proxy.delay(delayMs);
    const sentAt = performance.now();
    client.write('b');
    await eventually(() => expect(atClient).toBe('AB'), { everyMs: 1 });
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(2 * delayMs - 1);
  });

  it('that is reset breaks its connections, and takes new ones', async () => {
    const closed = new Promise((resolve) => client.once('close', resolve));
    proxy.reset();
    await closed;
    const next = connect(proxy.port, '127.0.0.1');
    next.write('b');
    await eventually(() => expect(atServer).toBe('ab'));
    next.destroy();
  });
});
