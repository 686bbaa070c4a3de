import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import type { Command } from '../../schemas/generated/messages.js';
import { type CommandSender, createCommandSender } from '../../sdk/client/command-sender.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { MAX_COMMAND_BYTES } from '../../services/platform/limits.js';
import type { NewRecord } from '../../services/platform/log/log.js';

const codec = createLocalCodec();

function command(workflowId: string, requestId: string, bytes = 0): Command {
  const header = { requestId, workflowId, runId: null, identity: 'i', sentAt: 0, replyTo: null };
  const input = [{ metadata: {}, data: new Uint8Array(bytes) }];
  return { ...defaultsOf.SignalWorkflow, type: 'SignalWorkflow', header, signalName: 's', input, headers: {} };
}

/** A sender over a producer that notes the request ids of each batch. */
function setUp(outcome: () => Promise<number> = async () => 0): { sender: CommandSender; batches: string[][] } {
  const batches: string[][] = [];
  const idOf = ({ value }: NewRecord): string => (codec.decode(value ?? Buffer.alloc(0)) as Command).header.requestId;
  const producer = {
    send: (_target: unknown, records: readonly NewRecord[]) => {
      batches.push(records.map(idOf));
      return outcome();
    },
    close: async () => {},
  };
  return { sender: createCommandSender({ producer, codec, topic: 't', partitions: 1 }), batches };
}

describe('the command sender', () => {
  it('sends the commands of one turn as one batch, in order, and those of the next as another', async () => {
    const { sender, batches } = setUp();
    await Promise.all([sender.send(command('w', '1')), sender.send(command('v', '2'))]);
    await sender.send(command('w', '3'));
    expect(batches).toEqual([['1', '2'], ['3']]);
  });

  it('begins another batch when one is full, and keeps the order', async () => {
    const { sender, batches } = setUp();
    const half = MAX_COMMAND_BYTES / 2;
    await Promise.all(['1', '2', '3'].map((id) => sender.send(command('w', id, half))));
    expect(batches).toEqual([['1'], ['2'], ['3']]);
  });

  it('tells every sender of a batch that it failed', async () => {
    const { sender } = setUp(() => Promise.reject(new Error('away')));
    const outcomes = await Promise.allSettled([sender.send(command('w', '1')), sender.send(command('w', '2'))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('keeps a command over the limit from spoiling the batch', async () => {
    const { sender, batches } = setUp();
    const large = sender.send(command('w', '1', MAX_COMMAND_BYTES));
    const small = sender.send(command('w', '2'));
    await expect(large).rejects.toMatchObject({ name: 'PayloadTooLargeError', limitBytes: MAX_COMMAND_BYTES });
    await small;
    expect(batches).toEqual([['2']]);
  });
});
