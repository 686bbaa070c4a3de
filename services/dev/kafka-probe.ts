import { connect } from 'node:net';

const TIMEOUT_MS = 2_000;

/** Metadata request, version 6, that asks for the brokers and for no topic. */
const request = Buffer.concat([
  int32(4 + 6 + 5), // size of what follows
  Buffer.from([0, 3, 0, 6]), // api key and version
  int32(1), // correlation id
  Buffer.from([0xff, 0xff]), // no client id
  int32(0), // no topics
  Buffer.from([0]), // make none
]);

/**
 * The id of the cluster that answers at this address (`host:port`), or undefined when none does or it lists no broker
 * yet: a node that listens serves once the controller lets it.
 */
export function servingCluster(address: string): Promise<string | undefined> {
  const { hostname, port } = new URL(`kafka://${address}`);
  return new Promise((resolve) => {
    let response = Buffer.alloc(0);
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      response = Buffer.concat([response, chunk]);
      if (response.length >= 4 && response.length >= 4 + response.readInt32BE(0)) socket.destroy();
    });
    socket.on('close', () => resolve(clusterIdOf(response)));
  });
}

/** Size, correlation id, throttle time, brokers (id, host, port, rack), cluster id, and more that isn't wanted here. */
function clusterIdOf(response: Buffer): string | undefined {
  if (response.length < 16) return undefined;
  const brokers = response.readInt32BE(12);
  let offset = 16;

  function nullableString(): string {
    const length = Math.max(0, response.readInt16BE(offset));
    offset += 2 + length;
    return response.toString('utf8', offset - length, offset);
  }

  for (let broker = 0; broker < brokers; broker++) {
    offset += 4;
    nullableString();
    offset += 4;
    nullableString();
  }
  return brokers > 0 ? nullableString() : undefined;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
