export interface BundleOptions {
  /** The module that exports the workflows: a path or a file URL. */
  readonly workflowsPath: string | URL;
}

export interface WorkflowBundle {
  readonly code: string;
}

export function bundleWorkflowCode(_options: BundleOptions): Promise<WorkflowBundle> {
  return Promise.reject(new Error('not built yet'));
}
