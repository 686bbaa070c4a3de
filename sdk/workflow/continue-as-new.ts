import type { ContinueAsNewWorkflowExecution } from '../../schemas/generated/messages.js';
import { encodeArguments, encodeValue } from '../common/converter/payloads.js';
import { identifyAcrossRealms } from '../common/cross-realm.js';
import { type Duration, timeoutMs } from '../common/duration.js';
import { encodeSearchAttributes, type SearchAttributes } from '../common/search-attributes.js';
import type { SearchAttributePair, TypedSearchAttributes } from '../common/typed-search-attributes.js';
import type { InitialVersioningBehavior } from '../common/worker-deployments.js';
import type { Workflow } from '../common/workflow-definition.js';
import { currentRun } from './current-run.js';
import { WorkflowError } from './errors.js';
import { type ContinueAsNewInput, outbound } from './interceptors.js';
import type { WorkflowRun } from './run.js';

/** What the next run has otherwise than this one. */
export interface ContinueAsNewOptions {
  /** Default: this run's. */
  readonly workflowType?: string;
  /** Default: this run's. */
  readonly taskQueue?: string;
  /** Limit of the next run. Default: this run's. */
  readonly workflowRunTimeout?: Duration;
  /** Limit of one workflow task. Default: this run's. */
  readonly workflowTaskTimeout?: Duration;
  /** Wait before the next run's first workflow task. Default: none. */
  readonly backoffStartInterval?: Duration;
  /** Memo of the next run, in place of this run's. Default: this run's, as it is by then. */
  readonly memo?: Readonly<Record<string, unknown>>;
  /** Search attributes of the next run, in place of this run's. @deprecated Use typedSearchAttributes. */
  readonly searchAttributes?: SearchAttributes;
  /** Search attributes of the next run, in place of this run's. Default: this run's, as they are by then. */
  readonly typedSearchAttributes?: readonly SearchAttributePair[] | TypedSearchAttributes;
  /** Not supported yet: setting it is an error. */
  readonly initialVersioningBehavior?: InitialVersioningBehavior;
}

/** Thrown by `continueAsNew` to end the run. Code that catches errors should let this one through. */
export class ContinueAsNew extends Error {
  readonly command: ContinueAsNewWorkflowExecution;

  constructor(command: ContinueAsNewWorkflowExecution) {
    super('Workflow continued as new');
    this.command = command;
  }
}
identifyAcrossRealms(ContinueAsNew, 'ContinueAsNew');

/**
 * A function that ends the run and begins the next one of the workflow, with its arguments and the options.
 * Errors: what it throws is a ContinueAsNew; ValueError for options that can't be used; WorkflowError outside of a run.
 */
export function makeContinueAsNewFunc<F extends Workflow>(
  options: ContinueAsNewOptions = {},
): (...args: Parameters<F>) => Promise<never> {
  return async (...args) => {
    const run = currentRun();
    run.assertMayChange();
    const next = outbound('continueAsNew', async (input) => {
      throw new ContinueAsNew(commandOf(run, input));
    });
    const workflowType = options.workflowType ?? run.info.workflowType;
    return next({ args, headers: {}, options: { ...options, workflowType } });
  };
}

/** Ends the run and begins the next one of the workflow with these arguments; all else stays as it is. */
export function continueAsNew<F extends Workflow>(...args: Parameters<F>): Promise<never> {
  return makeContinueAsNewFunc<F>()(...args);
}

function commandOf(run: WorkflowRun, { args, headers, options }: ContinueAsNewInput): ContinueAsNewWorkflowExecution {
  const { workflowType, taskQueue = run.info.taskQueue } = options;
  const { payloadConverter } = run.converters;
  if (options.initialVersioningBehavior !== undefined) {
    throw new WorkflowError('ContinueAsNewOptions.initialVersioningBehavior is not supported yet: leave it out');
  }
  const { searchAttributes, typedSearchAttributes } = options;
  const setsAttributes = searchAttributes !== undefined || typedSearchAttributes !== undefined;
  return {
    workflowType,
    taskQueue,
    input: encodeArguments(payloadConverter, `workflow '${workflowType}'`, args),
    headers,
    workflowRunTimeoutMs: timeoutMs('workflowRunTimeout', options.workflowRunTimeout),
    workflowTaskTimeoutMs: timeoutMs('workflowTaskTimeout', options.workflowTaskTimeout),
    backoffStartIntervalMs: timeoutMs('backoffStartInterval', options.backoffStartInterval),
    memo: options.memo === undefined ? null : encodeMemo(run, options.memo),
    searchAttributes: setsAttributes ? encodeSearchAttributes(searchAttributes, typedSearchAttributes) : null,
    retryPolicy: null,
  };
}

function encodeMemo({ converters }: WorkflowRun, memo: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(memo).map(
    ([name, value]) => [name, encodeValue(converters.payloadConverter, `memo '${name}'`, value)] as const,
  );
  return Object.fromEntries(entries);
}
