import type { Logger as PlatformLogger } from '../../services/platform/logger.js';
import { createMeter, type MetricMeter, type MetricSink } from '../common/metrics.js';
import { Runtime, workerMeter } from './runtime.js';
import { SandboxThread, type StartSandbox } from './sandbox/sandbox-thread.js';
import { forwardingLogger } from './telemetry/forwarding-logger.js';

/** What a worker takes from the process that it runs in, besides what its connection brings. */
export interface WorkerHost {
  readonly startSandbox: StartSandbox;
  /** Calls back when the worker is to shut down, until the function returned is called. */
  readonly onShutdownSignal: (callback: () => void) => () => void;
  /** In place of the connection's. */
  readonly logger?: PlatformLogger | undefined;
  /** Takes what activities measure. Default: nobody. */
  readonly metricSink?: MetricSink;
  /** What the worker measures itself with. Default: one that measures nothing. */
  readonly meter?: MetricMeter;
  /** Called once the worker has ended. */
  readonly release?: () => Promise<void>;
}

/** A thread for the sandbox, and the Runtime of this process. Rejects when its metrics can't be served. */
export async function processHost(): Promise<WorkerHost> {
  const runtime = Runtime.instance();
  const release = runtime.use();
  try {
    await runtime.metricsUrl;
  } catch (error) {
    await release();
    throw error;
  }
  const { logger } = runtime.options;
  return {
    startSandbox: SandboxThread.start,
    onShutdownSignal: (callback) => runtime.onShutdownSignal(callback),
    logger: logger && forwardingLogger(logger),
    metricSink: runtime.metricSink,
    meter: workerMeter(runtime),
    release,
  };
}

/** The host's way to measure, or one that leads nowhere. */
export function metricsOf({ metricSink = () => undefined, meter = createMeter(() => undefined) }: WorkerHost) {
  return { metricSink, meter };
}
