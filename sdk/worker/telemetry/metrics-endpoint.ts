import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ValueError } from '../../common/errors.js';

export interface MetricsEndpoint {
  /** Where it listens; rejects when the address can't be bound. */
  readonly url: Promise<string>;
  close(): Promise<void>;
}

/** Answers `GET /metrics` with the text. It keeps no process alive. Throws a ValueError for what is no `host:port`. */
export function openMetricsEndpoint(bindAddress: string, text: () => string): MetricsEndpoint {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(bindAddress) ?? [];
  if (host === undefined || Number(port) > 65_535) {
    throw new ValueError(
      `metrics.prometheus.bindAddress is '${bindAddress}': give a host and a port, as 127.0.0.1:9464`,
    );
  }
  const server = createServer((request, response) => {
    const isMetrics = request.url === '/metrics' && request.method === 'GET';
    response.writeHead(isMetrics ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(isMetrics ? text() : 'GET /metrics\n');
  });
  const url = new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port), host.replace(/^\[|\]$/g, ''), () => {
      resolve(`http://${host}:${(server.address() as AddressInfo).port}/metrics`);
    });
  });
  // Whoever needs it awaits it.
  url.catch(() => undefined);
  server.unref();
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
