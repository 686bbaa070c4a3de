import { connect, createServer, type Socket } from 'node:net';
import { freePort } from '../../../services/dev/ports.js';

/** An address where nobody listens until it is opened; what connects then is passed on to another one. */
export interface LateServer {
  readonly address: string;
  open(): Promise<void>;
  close(): Promise<void>;
}

export async function reserveAddress(target: string): Promise<LateServer> {
  const [host = '', targetPort = ''] = target.split(':');
  const port = await freePort();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const onward = connect({ host, port: Number(targetPort) });
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        onward.destroy();
      });
    }
    client.pipe(onward).pipe(client);
  });
  return {
    address: `127.0.0.1:${port}`,
    open: () => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
