export { NativeConnection } from '../client/connection.js';
export { type BundleOptions, bundleWorkflowCode, type WorkflowBundle, WorkflowBundleError } from './bundler.js';
export {
  CombinedWorkerRunError,
  GracefulShutdownPeriodExpiredError,
  PromiseCompletionTimeoutError,
} from './errors.js';
export { type RunUntilOptions, Worker, type WorkerState } from './worker.js';
export type { WorkerOptions, WorkflowBundleOption } from './worker-options.js';
