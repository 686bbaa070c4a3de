import { Worker, type WorkerOptions } from '../../sdk/worker/index.js';
import type { TaskNamespace } from './task-namespace.js';

export interface RunningWorkers {
  /** Makes a worker of the namespace's queue, with a connection of its own, and runs it. */
  run(namespace: TaskNamespace, options: Partial<WorkerOptions>): Promise<Worker>;
  /** Shuts down those that still run, and waits until all have ended. */
  stop(): Promise<void>;
}

export function keepWorkers(): RunningWorkers {
  const stops: Array<() => Promise<void>> = [];
  return {
    async run(namespace, options) {
      const { taskQueue } = namespace;
      const worker = await Worker.create({ taskQueue, connection: namespace.connect(), ...options });
      const running = worker.run();
      stops.push(async () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await running;
      });
      return worker;
    },
    async stop() {
      await Promise.all(stops.splice(0).map((stop) => stop()));
    },
  };
}

/** A promise that the test settles. */
export function gate<T = void>() {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
