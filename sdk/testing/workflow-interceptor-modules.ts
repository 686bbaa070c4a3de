import { fileURLToPath } from 'node:url';

/** The tests of this project run its sources. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/**
 * For `WorkerOptions.interceptors.workflowModules` or `bundleWorkflowCode`: an AssertionError in workflow code, of the
 * workflow, a signal's or an update's handler, becomes an ApplicationFailure that is not retried. Without this it fails the
 * workflow task, which is tried again and again.
 */
export const workflowInterceptorModules: string[] = [
  fileURLToPath(new URL(`./assert-to-failure.${extension}`, import.meta.url)),
];
