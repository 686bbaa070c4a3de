import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Message } from '../../schemas/generated/messages.js';
import { Client, Connection } from '../../sdk/client/index.js';
import { Worker } from '../../sdk/worker/index.js';
import { startHistoryService } from '../../services/history/service.js';
import { codecFromSnapshot } from '../../services/platform/codec/avro-codec.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { compileSchema } from '../../services/platform/codec/message-types.js';
import { PREFIX_BYTES } from '../../services/platform/codec/reading.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { provisionNamespace } from '../../services/platform/namespace.js';

const OLD_SHAPE_ID = 9_999;
const EVENT = 'millrace.history.WorkflowExecutionStarted';

/** The codec of a service that writes one event in the shape of the first release. */
function codecOfOldService(today: Codec): Codec {
  const path = fileURLToPath(new URL(`../../schemas/released/${EVENT}/1.avsc`, import.meta.url));
  const schema = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
  const oldType = compileSchema(schema);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(OLD_SHAPE_ID, 1);
  const reading = codecFromSnapshot({
    schemas: [...today.snapshot().schemas, { id: OLD_SHAPE_ID, schema, write: false }],
  });
  const encode = (message: Message) =>
    message.type === 'WorkflowExecutionStarted'
      ? Buffer.concat([prefix, oldType.toBuffer(message)])
      : today.encode(message);
  return {
    encode,
    decode: (bytes) => reading.decode(bytes),
    decodeLearning: async (bytes) => reading.decode(bytes),
    snapshot: () => reading.snapshot(),
  };
}

test.each([false, true])(
  'a worker reads what a service of another version has written, in tasks and in histories that it fetches; on a second worker: %s',
  async (onSecondWorker) => {
    const broker = createMemoryBroker();
    const today = createLocalCodec();
    const old = codecOfOldService(today);
    const learning: Codec = {
      encode: (message) => today.encode(message),
      decode: (bytes) => today.decode(bytes),
      decodeLearning: async (bytes) => old.decode(bytes),
      snapshot: () => today.snapshot(),
    };
    const log = broker.connect();
    await provisionNamespace({ log, codec: old, namespace: 'default', partitions: 1, taskPartitions: 1 });
    const namespace = 'default';
    const service = await startHistoryService({ log, codec: old, namespace, identity: 'h', logger: silentLogger });
    const connections = [1, 2, 3].map(() =>
      Connection.over({ log: broker.connect(), codec: learning, logger: silentLogger }),
    );
    const workflowsPath = fileURLToPath(new URL('../sandbox/versions/before.ts', import.meta.url));
    const createWorker = (connection: Connection | undefined) =>
      Worker.create({
        taskQueue: 'q',
        workflowsPath,
        activities: { charge: async () => 'charged' },
        ...(connection && { connection }),
      });
    try {
      const client = new Client({ connection: connections[0] as Connection });
      const handle = await client.workflow.start('order', { workflowId: 'w', taskQueue: 'q' });
      const first = await createWorker(connections[1]);
      if (onSecondWorker) {
        // Its query is answered by the first worker; the second has to fetch the whole history.
        await first.runUntil(handle.query('__temporal_workflow_metadata'));
        await handle.signal('go');
        expect(await (await createWorker(connections[2])).runUntil(handle.result())).toBe('old');
      } else {
        await handle.signal('go');
        expect(await first.runUntil(handle.result())).toBe('old');
      }
    } finally {
      await Promise.all(connections.map((connection) => connection.close()));
      await service.stop();
    }
  },
);
