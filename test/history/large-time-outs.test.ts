import { expect, it } from 'vitest';
import type { Command } from '../../schemas/generated/messages.js';
import { type Draft, messageOf, type WorkflowCommandDraft, workflowCommandOf } from '../../schemas/message.js';
import { activity, startBody } from '../core/scenario.js';
import { openLoop } from './lone-loop.js';
import { eventually } from './world.js';

const large = { metadata: {}, data: Buffer.alloc(3_000_000) };

/** A loop, and what sends it commands for workflow `w`, of which run `r1` is begun. */
async function begun(start: object, commands: readonly WorkflowCommandDraft[]) {
  const lone = await openLoop({ retentionMs: 1e9 });
  let offset = 0;
  const send = async <K extends Command['type']>(type: K, body: object) => {
    const header = { requestId: `${offset}`, workflowId: 'w', runId: 'r1', identity: '', sentAt: 0, replyTo: null };
    const command = messageOf(type, { header, ...body } as unknown as Draft<K>) as Command;
    await lone.loop.take([{ offset: offset++, command }]);
  };
  await send('StartWorkflow', { ...startBody, ...start });
  const answer = { scheduledEventId: 2, attempt: 1, seenEventId: 2, startedAt: 0 };
  await send('CompleteWorkflowTask', { ...answer, commands: commands.map(workflowCommandOf) });
  const run = () => lone.projection.state.runs.get('r1');
  return { ...lone, send, run };
}

it('H2: time-outs whose events together would not fit a batch come one after another', async () => {
  const ids = ['1', '2', '3', '4'];
  const { send, run, clock, loop, ended } = await begun(
    {},
    ids.map((id) => activity(id)),
  );
  for (const [index] of ids.entries()) {
    await send('RecordActivityHeartbeat', { scheduledEventId: 5 + index, attempt: 1, details: [large] });
  }
  expect(run()?.activities.size).toBe(4);
  clock.advance(10_000);
  await eventually(() => [...(run()?.activities.values() ?? [])].every(({ attempt }) => attempt === 2));
  await loop.stop();
  await ended;
});

it('H2: a run times out also where the next one would not fit a batch', async () => {
  const onceMore = { initialIntervalMs: 0, backoffCoefficient: 1, maximumIntervalMs: 0, maximumAttempts: 2 };
  const retryPolicy = { ...onceMore, nonRetryableErrorTypes: [] };
  const upsert = { modifyWorkflowProperties: { upsertedMemo: { a: large }, removed: [] } };
  const more = { modifyWorkflowProperties: { upsertedMemo: { b: large }, removed: [] } };
  const start = { input: [large], workflowRunTimeoutMs: 60_000, retryPolicy };
  const { send, run, clock, loop, ended } = await begun(start, [upsert]);
  await send('SignalWorkflow', { signalName: 's', input: [], headers: {} });
  const scheduledEventId = run()?.workflowTask?.scheduledEventId;
  const answer = { scheduledEventId, attempt: 1, seenEventId: scheduledEventId, startedAt: 0 };
  await send('CompleteWorkflowTask', { ...answer, commands: [workflowCommandOf(more)] });
  expect(Object.keys(run()?.memo ?? {})).toEqual(['a', 'b']);
  clock.advance(60_000);
  await eventually(() => run()?.status === 'TIMED_OUT');
  await loop.stop();
  await ended;
});
