import { expect, test } from 'vitest';
import { RunCache } from '../../sdk/worker/sandbox/run-cache.js';
import { beginProgress, type RunProgress } from '../../sdk/worker/sandbox/run-progress.js';
import { WorkflowRun } from '../../sdk/workflow/run.js';

const MB = 1024 * 1024;

function progressOf(runId: string, heapGrowthBytes = 0): RunProgress {
  const run = new WorkflowRun(runId);
  run.heapGrowthBytes = heapGrowthBytes;
  return beginProgress('workflow', runId, run);
}

/** A heap that holds what the test says. */
function fakeHeap() {
  let used = 50 * MB;
  let collected = () => {};
  return {
    usedBytes: () => used,
    onCollected(callback: () => void) {
      collected = callback;
    },
    collect(bytes: number) {
      used = bytes;
      collected();
    },
  };
}

test('what a collection leaves over tells how many runs fit, the least recently used go first [worker.cache]', () => {
  const heap = fakeHeap();
  const cache = new RunCache({ maxBytes: 100 * MB, heap });
  for (let i = 0; i < 100; i++) cache.put(progressOf(`run-${i}`));
  expect(cache.size).toBe(100);
  // 100 runs take 200 MB, so that half of them fit.
  heap.collect(250 * MB);
  expect(cache.size).toBe(50);
  expect(cache.take('run-49')).toBeUndefined();
  expect(cache.take('run-50')).toBeDefined();
  for (let i = 100; i < 200; i++) cache.put(progressOf(`run-${i}`));
  expect(cache.size).toBe(50);
});

test('when less is left over than the weights make, more runs fit', () => {
  const heap = fakeHeap();
  const cache = new RunCache({ maxBytes: 10 * 32 * 1024, heap });
  for (let i = 0; i < 10; i++) cache.put(progressOf(`run-${i}`));
  heap.collect(50 * MB + 5 * 32 * 1024);
  for (let i = 10; i < 30; i++) cache.put(progressOf(`run-${i}`));
  expect(cache.size).toBe(20);
});

test('a run that would push most others out is not kept itself', () => {
  const cache = new RunCache({ maxBytes: 100 * MB });
  for (let i = 0; i < 10; i++) cache.put(progressOf(`run-${i}`));
  cache.put(progressOf('hog', 60 * MB));
  expect(cache.take('hog')).toBeUndefined();
  expect(cache.size).toBe(10);
});

test('what is kept without runs is not counted as theirs', () => {
  const heap = fakeHeap();
  const cache = new RunCache({ maxBytes: 10 * MB, heap });
  heap.collect(500 * MB);
  cache.put(progressOf('run'));
  heap.collect(501 * MB);
  expect(cache.size).toBe(1);
});
