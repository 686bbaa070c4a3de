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

/** Where the response has the number of brokers: after size, correlation id and throttle time. */
const BROKER_COUNT_OFFSET = 12;

/**
 * Whether a Kafka at this address (`host:port`) lists a broker. A node that listens isn't yet one that serves: it is
 * listed once the controller lets it.
 */
export function servesBrokers(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`kafka://${address}`);
  return new Promise((resolve) => {
    let response = Buffer.alloc(0);
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      response = Buffer.concat([response, chunk]);
      if (response.length >= BROKER_COUNT_OFFSET + 4) socket.destroy();
    });
    socket.on('close', () => {
      resolve(response.length >= BROKER_COUNT_OFFSET + 4 && response.readInt32BE(BROKER_COUNT_OFFSET) > 0);
    });
  });
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
