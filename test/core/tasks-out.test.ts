import { expect, it } from 'vitest';
import { tasksOut } from '../../services/history/core/tasks-out.js';
import { activity, failure, Scenario } from './scenario.js';

const workflowTask = (attempt = 1) => ({ runId: 'r1', activityId: null, attempt });
const attemptOf = (activityId: string, attempt = 1) => ({ runId: 'r1', activityId, attempt });

it('a workflow task is out from its scheduling to its completion, also while it waits for another attempt', () => {
  const s = new Scenario();
  s.start();
  expect(tasksOut(s.run())).toEqual([workflowTask()]);
  const answer = { scheduledEventId: 2, attempt: 1, seenEventId: 2 };
  s.send('FailWorkflowTask', { ...answer, cause: 'BAD_COMMAND', failure: failure('x') }, { replyTo: null });
  expect(tasksOut(s.run())).toEqual([workflowTask(2)]);
  s.advance(60_000);
  s.completeTask([]);
  expect(tasksOut(s.run())).toEqual([]);
});

it('an activity is out but between its attempts', () => {
  const s = new Scenario();
  s.start();
  s.completeTask([activity('a'), activity('b')]);
  expect(tasksOut(s.run())).toEqual([attemptOf('a'), attemptOf('b')]);
  s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('x') });
  expect(tasksOut(s.run())).toEqual([attemptOf('b')]);
  s.advance(1_000);
  expect(tasksOut(s.run())).toEqual([attemptOf('a', 2), attemptOf('b')]);
});

it('a closed run has nothing out', () => {
  const s = new Scenario();
  s.start();
  s.completeTask([activity('a')]);
  s.send('TerminateWorkflow', { reason: '', details: [] });
  expect(tasksOut(s.run())).toEqual([]);
});
