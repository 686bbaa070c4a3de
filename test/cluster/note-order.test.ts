import { describe, expect, it } from 'vitest';
import { payload, Scenario } from '../core/scenario.js';
import type { RunEvent } from '../e2e/promises/namespace-history.js';
import { notesOf } from './note-order.js';

const note = (text: string) => ({ signalName: 'note', input: [payload(JSON.stringify(text))] });
const update = (text: string) => ({
  update: { updateId: text, updateName: 'enter', input: [payload(JSON.stringify(text))], headers: {} },
  waitForStage: 'COMPLETED' as const,
});
const accept = (updateId: string) => ({ acceptUpdate: { updateId } });

describe('the order of notes', () => {
  it('is that in which the code is told of them: a task’s signals, then its updates', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([]);
    s.send('UpdateWorkflow', update('first'));
    const seenEventId = s.run().nextEventId - 1;
    s.send('SignalWorkflow', note('unseen'));
    s.completeTask([accept('first')], { seenEventId });
    s.send('UpdateWorkflow', update('behind'));
    s.completeTask([]);
    s.send('SignalWorkflow', note('before'));
    s.completeTask([accept('behind')]);
    s.send('SignalWorkflow', note('last'));
    expect(notesOf(s.events as RunEvent[])).toEqual(['first', 'unseen', 'before', 'behind', 'last']);
  });
});
