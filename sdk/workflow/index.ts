// The public index of millrace/workflow. All of it runs in the sandbox.

export {
  ActivityCancellationType,
  type ActivityOptions,
  type LocalActivityOptions,
} from '../common/activity-options.js';
export {
  ChildWorkflowCancellationType,
  type ChildWorkflowOptions,
  ParentClosePolicy,
} from '../common/child-workflow-options.js';
export { defaultPayloadConverter, type PayloadConverter } from '../common/converter/payload-converter.js';
export type { Duration } from '../common/duration.js';
export { ApplicationFailure, rootCause } from '../common/failure/application-failure.js';
export {
  ActivityFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  RetryState,
  ServerFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
  TimeoutType,
  WorkflowExecutionAlreadyStartedError,
} from '../common/failure/failure.js';
export {
  type BaseWorkflowHandle,
  type CommonWorkflowOptions,
  type Headers,
  type HistoryAndWorkflowId,
  IllegalStateError,
  NamespaceNotFoundError,
  type Next,
  NexusOperationFailure,
  type Payload,
  PayloadConverterError,
  type Priority,
  type SearchAttributeValueOrReadonly,
  ValueError,
  type WithWorkflowArgs,
  type WorkflowDurationOptions,
  type WorkflowExecution,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '../common/index.js';
export type { RetryPolicy } from '../common/retry-policy.js';
export type { SearchAttributes, SearchAttributeValue } from '../common/search-attributes.js';
export {
  type ActivityFunction,
  type ActivityInterface,
  HandlerUnfinishedPolicy,
  type QueryDefinition,
  type SignalDefinition,
  type UntypedActivities,
  type UpdateDefinition,
  type Workflow,
  type WorkflowQueryType,
  type WorkflowResultType,
  type WorkflowReturnType,
  type WorkflowSignalType,
  type WorkflowUpdateType,
  type WorkflowUpdateValidatorType,
} from '../common/workflow-definition.js';
export { type ActivityProxy, proxyActivities, scheduleActivity } from './activities.js';
export { AsyncLocalStorage } from './async-context.js';
export { enhancedStackTraceQuery, stackTraceQuery, workflowMetadataQuery } from './built-in-queries.js';
export { CancellationScope, type CancellationScopeOptions } from './cancellation-scope.js';
export {
  type ChildWorkflowHandle,
  executeChild,
  startChild,
} from './child-workflows.js';
export { condition } from './condition.js';
export {
  ContinueAsNew,
  type ContinueAsNewOptions,
  continueAsNew,
  makeContinueAsNewFunc,
} from './continue-as-new.js';
export { getCurrentDetails, setCurrentDetails } from './current-details.js';
export { inWorkflowContext } from './current-run.js';
export { DeterminismViolationError, isCancellation, WorkflowError } from './errors.js';
export { type ExternalWorkflowHandle, getExternalWorkflowHandle } from './external-workflows.js';
export {
  defineQuery,
  defineSignal,
  defineUpdate,
  type HandlerOf,
  type QueryHandlerOptions,
  type SignalHandlerOptions,
  setDefaultQueryHandler,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
  type UpdateHandlerOptions,
} from './handlers.js';
export type {
  ActivateInput,
  ActivityInput,
  ConcludeActivationInput,
  ConcludeActivationOutput,
  ContinueAsNewInput,
  GetLogAttributesInput,
  GetMetricTagsInput,
  LocalActivityInput,
  QueryInput,
  SignalInput,
  SignalWorkflowInput,
  StartChildWorkflowExecutionInput,
  TimerInput,
  UpdateInput,
  WorkflowExecuteInput,
  WorkflowInboundCallsInterceptor,
  WorkflowInterceptors,
  WorkflowInterceptorsFactory,
  WorkflowInternalsInterceptor,
  WorkflowOutboundCallsInterceptor,
} from './interceptors.js';
export { proxyLocalActivities, scheduleLocalActivity } from './local-activities.js';
export { log } from './log.js';
export { upsertMemo } from './memo.js';
export { metricMeter } from './metrics.js';
export { deprecatePatch, patched } from './patches.js';
export { getRandomStream, uuid4, type WorkflowRandomStream, workflowRandom } from './random.js';
export { upsertSearchAttributes } from './search-attributes.js';
export { proxySinks, type Sink, type SinkFunction, type Sinks } from './sinks.js';
export type { EnhancedStackTrace, FileLocation, FileSlice } from './stack-trace.js';
export { sleep, type TimerOptions } from './timers.js';
export { Trigger } from './trigger.js';
export { allHandlersFinished } from './unfinished-handlers.js';
export { currentUpdateInfo, type UpdateInfo } from './updates.js';
export {
  type ParentWorkflowInfo,
  type RootWorkflowInfo,
  SuggestContinueAsNewReason,
  type UnsafeWorkflowInfo,
  type WorkflowInfo,
  workflowInfo,
} from './workflow-info.js';
export {
  setWorkflowOptions,
  type WorkflowDefinitionOptions,
  type WorkflowDefinitionOptionsOrGetter,
} from './workflow-options.js';
