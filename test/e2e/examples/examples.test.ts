// Every example, from beginning to end on a real Kafka, says what it should.
import { Connection } from 'millrace/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { examples } from '../../../examples/examples.js';
import { type HistoryService, startHistoryService } from '../../../services/history/service.js';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { connectTestLog, newNamespace } from '../../kit/kit.js';
import { expected } from './expected.js';

const namespace = newNamespace();
let service: HistoryService;
let connection: Connection;

beforeAll(async () => {
  const log = await connectTestLog();
  const registryUrl = inject('registryUrl');
  const codec = await connectCodec({ registryUrl, logger: silentLogger });
  service = await startHistoryService({ log, codec, namespace, identity: 'history', logger: silentLogger });
  const brokers = inject('brokers');
  connection = await Connection.connect({ brokers, schemaRegistry: registryUrl, logger: silentLogger });
});
afterAll(async () => {
  await connection.close();
  await service.stop();
});

test.each([...examples])('%s', async (name, load) => {
  const lines: string[] = [];
  const { program } = await load();
  await program({ connection, namespace, taskQueue: name, id: name, say: (line) => void lines.push(line) });
  expect(lines).toEqual(expected[name]);
});
