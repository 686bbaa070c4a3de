import { SandboxThread, type StartSandbox } from './sandbox/sandbox-thread.js';
import { onShutdownSignal } from './shutdown-signals.js';

/** What a worker takes from the process that it runs in, besides what its connection brings. */
export interface WorkerHost {
  readonly startSandbox: StartSandbox;
  /** Calls back when the worker is to shut down, until the function returned is called. */
  readonly onShutdownSignal: (callback: () => void) => () => void;
}

/** A thread for the sandbox, and the signals of the operating system. */
export const processHost: WorkerHost = {
  startSandbox: SandboxThread.start,
  onShutdownSignal,
};
