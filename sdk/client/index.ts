// The public index of millrace/client.

export {
  NamespaceNotFoundError,
  ValueError,
  WorkflowNotFoundError,
} from '../common/errors.js';
export {
  ActivityFailure,
  type ActivityFunction,
  type ActivityInterface,
  ApplicationFailure,
  type BaseWorkflowHandle,
  CancelledFailure,
  ChildWorkflowFailure,
  type CommonWorkflowOptions,
  CompleteAsyncError,
  type DataConverter,
  defaultPayloadConverter,
  extractWorkflowType,
  HandlerUnfinishedPolicy,
  type Headers,
  type HistoryAndWorkflowId,
  IllegalStateError,
  type Next,
  NexusOperationFailure,
  type Payload,
  PayloadConverterError,
  type ProtoFailure,
  type QueryDefinition,
  type RetryPolicy,
  RetryState,
  type SearchAttributes,
  type SearchAttributeValue,
  ServerFailure,
  type SignalDefinition,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
  TimeoutType,
  type UntypedActivities,
  type UpdateDefinition,
  type WithWorkflowArgs,
  type Workflow,
  type WorkflowExecution,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type WorkflowQueryType,
  type WorkflowResultType,
  type WorkflowReturnType,
  type WorkflowSignalType,
  type WorkflowUpdateType,
  type WorkflowUpdateValidatorType,
} from '../common/index.js';
export { type History, historyFromJSON, historyToJSON } from '../common/lib/proto-utils.js';
export {
  ActivityCancelledError,
  ActivityCompletionError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
} from './activity-errors.js';
export {
  AsyncCompletionClient,
  type AsyncCompletionClientOptions,
  type FullActivityId,
} from './async-completion-client.js';
export { Client, type ClientOptions } from './client.js';
export { Connection, type ConnectionOptions } from './connection.js';
export {
  QueryNotRegisteredError,
  QueryRejectedError,
  ServiceError,
  type ServiceErrorCode,
  WorkflowContinuedAsNewError,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from './errors.js';
export type {
  ClientInterceptors,
  CompiledWorkflowOptions,
  WorkflowCancelInput,
  WorkflowClientInterceptor,
  WorkflowDescribeInput,
  WorkflowQueryInput,
  WorkflowSignalInput,
  WorkflowSignalWithStartInput,
  WorkflowStartInput,
  WorkflowStartOutput,
  WorkflowStartUpdateInput,
  WorkflowStartUpdateOutput,
  WorkflowStartUpdateWithStartInput,
  WorkflowStartUpdateWithStartOutput,
  WorkflowTerminateInput,
} from './interceptors.js';
export type { ClientPlugin, ConnectionPlugin } from './plugins.js';
export {
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  isServerErrorResponse,
} from './service-error-kinds.js';
export type { TLSConfig } from './tls.js';
export {
  WithStartWorkflowOperation,
  type WorkflowHandleWithSignaledRunId,
  type WorkflowSignalWithStartOptions,
} from './with-start.js';
export { WorkflowClient, type WorkflowClientOptions } from './workflow-client.js';
export type { WorkflowExecutionDescription, WorkflowExecutionStatusName } from './workflow-description.js';
export type {
  GetWorkflowHandleOptions,
  WorkflowHandle,
  WorkflowHandleWithFirstExecutionRunId,
  WorkflowResultOptions,
} from './workflow-handle.js';
export type { FetchedHistory } from './workflow-history.js';
export { QueryRejectCondition } from './workflow-query.js';
export type { ResetOptions, ResetPoint } from './workflow-reset.js';
export type { WorkflowOptions, WorkflowStartOptions } from './workflow-start.js';
export {
  type UpdateOutcome,
  type WorkflowUpdateHandle,
  type WorkflowUpdateOptions,
  WorkflowUpdateStage,
} from './workflow-update.js';
