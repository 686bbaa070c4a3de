import { expect, test } from 'vitest';
import { rememberTasks } from '../../sdk/worker/recent-tasks.js';
import { keepTasksInHand } from '../../sdk/worker/tasks-in-hand.js';

function recorder() {
  const done: string[] = [];
  return { done, mark: (record: string) => () => void done.push(record) };
}

test('a duplicate of a task in hand is done when the task is accepted, not before', () => {
  const tasks = keepTasksInHand();
  const { done, mark } = recorder();
  expect(tasks.isDuplicate('a', mark('first'))).toBe(false);
  const task = tasks.begin('a', mark('first'));
  expect(tasks.isDuplicate('a', mark('second'))).toBe(true);
  expect(done).toEqual([]);
  task.accept();
  task.accept();
  expect(done).toEqual(['first', 'second']);
});

test('a duplicate of a task that is accepted is done at once, also after its end', () => {
  const tasks = keepTasksInHand();
  const { done, mark } = recorder();
  const task = tasks.begin('a', mark('first'));
  task.accept();
  expect(tasks.isDuplicate('a', mark('second'))).toBe(true);
  task.end();
  expect(tasks.isDuplicate('a', mark('third'))).toBe(true);
  expect(done).toEqual(['first', 'second', 'third']);
});

test('a task that ended without being accepted may come again', () => {
  const tasks = keepTasksInHand();
  const { done, mark } = recorder();
  tasks.begin('a', mark('first')).end();
  expect(tasks.isDuplicate('a', mark('second'))).toBe(false);
  expect(done).toEqual([]);
});

test('a task that was dropped is done with, and taken when it comes again', () => {
  const tasks = keepTasksInHand();
  const { done, mark } = recorder();
  const task = tasks.begin('a', mark('first'));
  task.drop();
  task.end();
  expect(done).toEqual(['first']);
  expect(tasks.isDuplicate('a', mark('second'))).toBe(false);
});

test('what is in hand is settled by acceptance or by its end', async () => {
  const tasks = keepTasksInHand();
  const [accepted, ended] = [tasks.begin('a', () => undefined), tasks.begin('b', () => undefined)];
  let settled = false;
  const all = tasks.settled().then(() => {
    settled = true;
  });
  accepted.accept();
  await Promise.resolve();
  expect(settled).toBe(false);
  ended.end();
  await all;
});

test('only the latest tasks are remembered', () => {
  const recent = rememberTasks(2);
  for (const id of ['a', 'b', 'c']) recent.add(id);
  expect(['a', 'b', 'c'].map((id) => recent.has(id))).toEqual([false, true, true]);
});
