import type { WorkflowRun } from './run.js';

/** Names of error classes by workflow type; those under `*` are for all types. */
export type FailureErrorTypes = Readonly<Record<string, readonly string[]>>;

let errorTypes: FailureErrorTypes = {};

/** Sets which errors the worker's options name. */
export function installFailureErrorTypes(installed: FailureErrorTypes): void {
  errorTypes = installed;
}

/** Whether the worker's options name the error's class for the run's type. `Error` stands for every error. */
export function isNamed({ info }: WorkflowRun, error: Error): boolean {
  return namesFailure(errorTypes, info.workflowType, error.constructor.name);
}

/** Whether the names for a workflow type have an error's. */
export function namesFailure(types: FailureErrorTypes, workflowType: string, errorName: string): boolean {
  const own = Object.hasOwn(types, workflowType) ? (types[workflowType] ?? []) : [];
  const names = [...(types['*'] ?? []), ...own];
  return names.includes(errorName) || names.includes('Error');
}
