// Promise: history is an open stream. A plain Kafka consumer with only the registry reads it, typed and in order.
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { Kafka, logLevel } from 'kafkajs';
import { expect, inject, it } from 'vitest';
import { eventually } from '../../kit/kit.js';
import { spawnHistoryService } from '../../kit/processes.js';
import { connectClient, provisioned, startWorker } from './surroundings.js';
import type { hello } from './workflows.js';

interface PlainEvent {
  readonly type: string;
  readonly header: { readonly eventId: number; readonly sequence: number };
}

it('a kafkajs consumer with the registry prints every event of a workflow', async () => {
  const namespace = await provisioned();
  await spawnHistoryService({ namespace });
  await startWorker(namespace);
  const client = await connectClient(namespace);
  const handle = await client.workflow.start<typeof hello>('hello', { workflowId: 'w', taskQueue: 'q', args: ['Ada'] });
  await handle.result();
  const { events: expected } = await handle.fetchHistory();

  const registry = new SchemaRegistry({ host: inject('registryUrl') });
  const consumer = new Kafka({ brokers: inject('brokers'), logLevel: logLevel.NOTHING }).consumer({
    groupId: `${namespace}.anyone`,
  });
  await consumer.connect();
  await consumer.subscribe({ topic: `${namespace}.history`, fromBeginning: true });
  const read: PlainEvent[] = [];
  await consumer.run({
    eachMessage: async ({ message: { key, value } }) => {
      if (value === null || key?.toString() !== 'w') return;
      const schema = await registry.getSchema(value.readInt32BE(1));
      read.push({ type: (schema as unknown as { name: string }).name, ...(await registry.decode(value)) });
    },
  });
  await eventually(() => expect(read).toHaveLength(expected.length));
  await consumer.disconnect();

  expect(read.map(({ type, header }) => `${header.sequence} ${header.eventId} ${type}`)).toEqual([
    '1 1 millrace.history.WorkflowExecutionStarted',
    '2 2 millrace.history.WorkflowTaskScheduled',
    '3 3 millrace.history.WorkflowTaskStarted',
    '4 4 millrace.history.WorkflowTaskCompleted',
    '5 5 millrace.history.ActivityTaskScheduled',
    '6 6 millrace.history.ActivityTaskStarted',
    '7 7 millrace.history.ActivityTaskCompleted',
    '8 8 millrace.history.WorkflowTaskScheduled',
    '9 9 millrace.history.WorkflowTaskStarted',
    '10 10 millrace.history.WorkflowTaskCompleted',
    '11 11 millrace.history.WorkflowExecutionCompleted',
  ]);
  expect(read.map(withoutType)).toEqual(expected.map(withoutType));
});

function withoutType({ type: _, ...fields }: { readonly type: string }): object {
  return fields;
}
