import { createServer } from 'node:net';

// Below the range that systems give to outgoing connections (from 32,768 on Linux, from 49,152 elsewhere): a client
// that dials a port of that range while its server is down can be connected to itself, and then holds the port.
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const MAX_TRIES = 100;

/** The preferred port when nothing listens on it, else a free one. Another process may still take it first. */
export async function freePort(preferred?: number | undefined): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port among ${MAX_TRIES} tried from ${FIRST_PORT} up: end what listens on them`);
}

/**
 * Starts a server on the preferred port when it is free, else on another. When the start fails it is tried once more on
 * another port: somebody else may have taken the one that was free.
 */
export async function onFreePort<T>(preferred: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(await freePort(preferred));
  } catch {
    return start(await freePort());
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
