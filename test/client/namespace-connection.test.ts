import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import type { Command, HistoryEvent } from '../../schemas/generated/messages.js';
import { NamespaceConnection, type Push } from '../../sdk/client/namespace-connection.js';
import { NamespaceNotFoundError, PayloadTooLargeError } from '../../sdk/common/index.js';
import { systemClock } from '../../services/platform/clock.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { MAX_COMMAND_BYTES } from '../../services/platform/limits.js';
import { silentLogger } from '../../services/platform/logger.js';
import { acceptedBy, progressed, rejectedBy, signaled } from './answers.js';
import { namespace, type ScriptedServices, scriptServices } from './scripted-services.js';

const header = { requestId: 'r', workflowId: 'w', runId: null, identity: 'i', sentAt: 0, replyTo: null };
const cancelling: Command = { ...defaultsOf.RequestCancelWorkflow, type: 'RequestCancelWorkflow', header, reason: '' };

describe('a connection to a namespace', () => {
  let services: ScriptedServices;
  let connection: NamespaceConnection;
  beforeEach(async () => {
    services = await scriptServices();
    connection = await services.connection.namespace(namespace);
  });
  afterEach(() => services.close());

  it('is shared by all who ask the connection for it', async () => {
    expect(await services.connection.namespace(namespace)).toBe(connection);
  });

  it('is refused for a namespace that is not set up, and can be asked for again [client.namespace-not-found]', async () => {
    await expect(services.connection.namespace('nowhere')).rejects.toThrow(NamespaceNotFoundError);
    await expect(services.connection.namespace('nowhere')).rejects.toThrow('start a history service for it');
  });

  it('asks for the answer at its own address', async () => {
    services.answer((command) => acceptedBy(command));
    expect(await connection.request(cancelling)).toMatchObject({ type: 'CommandAccepted', requestId: 'r' });
    expect(services.commands[0]?.header.replyTo).toEqual(connection.replyAddress);
  });

  it('drops the answers of other askers undecoded', async () => {
    const codec = createLocalCodec();
    const decoded: string[] = [];
    const watching = {
      ...codec,
      decodeLearning: async (bytes: Uint8Array) => {
        const message = await codec.decodeLearning(bytes);
        decoded.push(message.type);
        return message;
      },
    };
    const ports = {
      log: services.log,
      codec: watching,
      logger: silentLogger,
      identity: 'i',
      clock: systemClock,
      newId: randomUUID,
    };
    const watched = await NamespaceConnection.open(namespace, ports);
    decoded.length = 0;
    services.answer((command) => {
      const { replyTo } = command.header;
      if (replyTo !== null) void services.send({ ...replyTo, asker: 'another' }, rejectedBy(command, 'TOO_LARGE'));
      return acceptedBy(command);
    });
    expect(await watched.request(cancelling)).toMatchObject({ type: 'CommandAccepted' });
    expect(decoded).toEqual(['CommandAccepted']);
    await watched.close();
  });

  it('goes on after a record on its reply partition that is no message', async () => {
    const { partition, asker } = connection.replyAddress;
    const record = { key: Buffer.from(asker), value: Buffer.from('garbage') };
    await services.log.producer().send({ topic: connection.topics.replies, partition }, [record]);
    services.answer((command) => acceptedBy(command));
    expect(await connection.request(cancelling)).toMatchObject({ type: 'CommandAccepted' });
    expect(services.warnings).toEqual(['a record on the replies topic was dropped']);
  });

  it('hands pushes over until it is told to stop', async () => {
    const pushes: Push[] = [];
    const stop = connection.onPush((push) => pushes.push(push));
    const task = { workflowId: 'w', runId: 'x', scheduledEventId: 5, attempt: 1 };
    const push = { type: 'ActivityCancelRequested', ...task, reason: 'CANCEL_REQUESTED' } as const;
    await services.send(connection.replyAddress, push);
    await services.changeOwner('w');
    await vi.waitFor(() => expect(pushes.map(({ type }) => type)).toEqual([push.type, 'PartitionOwnerChanged']));
    stop();
    await services.send(connection.replyAddress, push);
    services.answer((command) => acceptedBy(command));
    await connection.request(cancelling);
    expect(pushes).toHaveLength(2);
  });

  it('refuses a command over the limit before anything is sent', async () => {
    const input = [{ metadata: {}, data: new Uint8Array(MAX_COMMAND_BYTES) }];
    const command: Command = {
      ...defaultsOf.SignalWorkflow,
      type: 'SignalWorkflow',
      header,
      signalName: 's',
      input,
      headers: {},
    };
    await expect(connection.send(command)).rejects.toThrow(PayloadTooLargeError);
    await expect(connection.request(command)).rejects.toThrow("SignalWorkflow of workflow 'w' takes");
    services.answer((received) => acceptedBy(received));
    await connection.request(cancelling);
    expect(services.commands).toHaveLength(1);
  });

  describe('reading a history', () => {
    const decode = (encoded: readonly Uint8Array[]): number[] =>
      encoded.map((bytes) => {
        const event = connection.codec.decode(bytes) as HistoryEvent;
        return 'header' in event ? event.header.eventId : -1;
      });
    const encode = (eventId: number): Buffer => connection.codec.encode(signaled('w', 'x', eventId));

    it('puts the chunks of an open run together, also when the answer starts over', async () => {
      services.answer(({ header: { requestId } }) => {
        const chunk = { type: 'WorkflowHistoryChunk', requestId, workflowId: 'w', runId: 'x' } as const;
        return [
          { ...chunk, firstEventId: 2, events: [encode(2), encode(3)], last: false },
          { ...chunk, firstEventId: 2, events: [encode(2)], last: false },
          { ...chunk, firstEventId: 4, events: [encode(4)], last: true },
          { ...chunk, firstEventId: 3, events: [encode(3), encode(4)], last: true },
        ];
      });
      expect(decode(await connection.readHistory('w', 'x', 2))).toEqual([2, 3, 4]);
    });

    it("reads a closed run's events where they stand, and nothing else", async () => {
      const offset = await services.appendHistory('w', [signaled('w', 'x', 1), signaled('w', 'other', 1)]);
      await services.appendHistory('v', [signaled('v', 'x', 2)]);
      await services.appendHistory('w', [signaled('w', 'x', 2), progressed('w', 'x'), signaled('w', 'x', 3)]);
      const { next } = await services.log.offsets({
        topic: connection.topics.history,
        partition: services.partitionOf('w'),
      });
      await services.appendHistory('w', [signaled('w', 'x', 4)]);
      services.answer(({ header: { requestId } }) => {
        const run = { requestId, workflowId: 'w', runId: 'x', partition: services.partitionOf('w') };
        return { type: 'WorkflowHistoryRange', ...run, firstOffset: offset, lastOffset: next - 1, lastEventId: 3 };
      });
      expect(decode(await connection.readHistory('w', 'x', 1))).toEqual([1, 2, 3]);
      expect(decode(await connection.readHistory('w', 'x', 3))).toEqual([3]);
    });

    it('of an unknown workflow rejects with WorkflowNotFoundError', async () => {
      services.answer((command) => rejectedBy(command, 'WORKFLOW_NOT_FOUND'));
      await expect(connection.readHistory('w', null, 1)).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
    });
  });
});
