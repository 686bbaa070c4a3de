import { randomUUID } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RegistryProxy {
  readonly url: string;
  /** Requests passed on since the start, as `METHOD path`. */
  readonly requests: readonly string[];
  /** Ends the proxy: to those who use it, the registry is down. */
  stop(): Promise<void>;
}

/**
 * A registry of one's own on the shared one: every subject gets a prefix, so that a test may register what would stand
 * in the way of others, and the registry can go down for it alone.
 */
export async function startRegistryProxy(registryUrl: string, port = 0): Promise<RegistryProxy> {
  const target = new URL(registryUrl);
  const prefix = `test-${randomUUID()}.`;
  const requests: string[] = [];
  const server = createServer((incoming, answer) => {
    const path = (incoming.url ?? '').replace(/^\/(subjects|config)\/(?=.)/, `/$1/${prefix}`);
    requests.push(`${incoming.method} ${incoming.url}`);
    const outgoing = request(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        headers: incoming.headers,
        path: target.pathname.replace(/\/$/, '') + path,
      },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
