import type { VersioningBehavior } from '../common/worker-deployments.js';

/** What a workflow's code says of itself. */
export interface WorkflowDefinitionOptions {
  /** How runs move between versions of their workers. Kept for tools: workers of versions are not told apart yet. */
  readonly versioningBehavior?: VersioningBehavior;
  /** Errors of these classes end the workflow as failed, where any other error fails its task only. */
  readonly failureExceptionTypes?: ReadonlyArray<abstract new (...args: never[]) => Error>;
}

export type WorkflowDefinitionOptionsOrGetter = WorkflowDefinitionOptions | (() => WorkflowDefinitionOptions);

/** A workflow that options were set for. */
interface WithOptions {
  workflowDefinitionOptions?: WorkflowDefinitionOptionsOrGetter;
}

/** Sets a workflow's options; a function is asked for them when a run begins. Errors: TypeError for what is no function. */
export function setWorkflowOptions<A extends unknown[]>(
  options: WorkflowDefinitionOptionsOrGetter,
  workflow: (...args: A) => Promise<unknown>,
): void {
  if (typeof workflow !== 'function') throw new TypeError('setWorkflowOptions needs the workflow that they are for');
  (workflow as WithOptions).workflowDefinitionOptions = options;
}

/** The options that were set for a workflow. */
export function optionsOfWorkflow(workflow: object): WorkflowDefinitionOptions {
  const options = (workflow as WithOptions).workflowDefinitionOptions;
  return (typeof options === 'function' ? options() : options) ?? {};
}
