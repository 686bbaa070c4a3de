// The public index of millrace/common. Nothing in this folder needs more than a JavaScript realm with TextEncoder and
// TextDecoder, since all of it may run inside the sandbox.
export type { Failure, Failure as ProtoFailure } from '../../schemas/generated/messages.js';
export type { ActivityCancellationDetails } from './activity-cancellation-details.js';
export { ActivityCancellationType, type ActivityOptions } from './activity-options.js';
export { CompleteAsyncError } from './complete-async-error.js';
export {
  type DataConverter,
  defaultDataConverter,
  type LoadedDataConverter,
} from './converter/data-converter.js';
export {
  DefaultFailureConverter,
  type DefaultFailureConverterOptions,
  defaultFailureConverter,
  type FailureConverter,
} from './converter/failure-converter.js';
export type { Payload } from './converter/payload.js';
export type { PayloadCodec } from './converter/payload-codec.js';
export {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  DefaultPayloadConverter,
  defaultPayloadConverter,
  JsonPayloadConverter,
  type PayloadConverter,
  type PayloadConverterWithEncoding,
  RawValue,
  UndefinedPayloadConverter,
} from './converter/payload-converter.js';
export {
  arrayFromPayloads,
  fromPayloadsAtIndex,
  mapFromPayloads,
  mapToPayloads,
  toPayload,
  toPayloads,
} from './converter/payloads.js';
export type {
  ActivitySerializationContext,
  SerializationContext,
  WorkflowSerializationContext,
} from './converter/serialization-context.js';
export { type Duration, msOptionalToNumber, msToNumber } from './duration.js';
export {
  decode,
  decode as str,
  type EncodingType,
  encode,
  encode as u8,
  encodingKeys,
  encodingTypes,
  METADATA_ENCODING_KEY,
  METADATA_MESSAGE_TYPE_KEY,
} from './encoding.js';
export {
  errorMessage,
  IllegalStateError,
  NamespaceNotFoundError,
  PayloadConverterError,
  PayloadTooLargeError,
  ValueError,
  WorkflowNotFoundError,
} from './errors.js';
export {
  ApplicationFailure,
  ApplicationFailureCategory,
  type ApplicationFailureOptions,
  ensureApplicationFailure,
  ensureTemporalFailure,
  rootCause,
} from './failure/application-failure.js';
export {
  ActivityFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  NexusOperationFailure,
  RetryState,
  ServerFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
  TimeoutType,
  WorkflowExecutionAlreadyStartedError,
} from './failure/failure.js';
export type { Headers } from './headers.js';
export { composeInterceptors, type Next } from './interceptors.js';
export { type Logger, type LogLevel, type LogMetadata, SdkComponent } from './logger.js';
export {
  type Metric,
  type MetricCounter,
  type MetricGauge,
  type MetricHistogram,
  type MetricKind,
  type MetricMeter,
  type MetricTags,
  type MetricUpDownCounter,
  type NumericMetricValueType,
  noopMetricMeter,
} from './metrics.js';
export { compilePriority, decodePriority, type Priority } from './priority.js';
export { compileRetryPolicy, decompileRetryPolicy, type RetryPolicy } from './retry-policy.js';
export type { SearchAttributes, SearchAttributeValue, SearchAttributeValueOrReadonly } from './search-attributes.js';
export {
  ExternalStorageDriverNotFoundError,
  ExternalStorageDriverOperationFailedError,
  ExternalStorageNotConfiguredError,
} from './storage/errors.js';
export {
  DEFAULT_PAYLOAD_SIZE_THRESHOLD,
  ExternalStorage,
  type ExternalStorageOptions,
  type StorageDriver,
  StorageDriverClaim,
  type StorageDriverRetrieveContext,
  type StorageDriverSelector,
  type StorageDriverStoreContext,
} from './storage/external-storage.js';
export { SuggestContinueAsNewReason } from './suggest-continue-as-new-reason.js';
export {
  defineSearchAttributeKey,
  type SearchAttributeKey,
  type SearchAttributePair,
  SearchAttributeType,
  type SearchAttributeUpdatePair,
  TypedSearchAttributes,
} from './typed-search-attributes.js';
export {
  type AutoUpgradeVersioningOverride,
  InitialVersioningBehavior,
  type PinnedVersioningOverride,
  toCanonicalString,
  VersioningBehavior,
  VersioningIntent,
  type VersioningOverride,
  type WorkerDeploymentVersion,
} from './worker-deployments.js';
export {
  type ActivityFunction,
  type ActivityInterface,
  type BaseWorkflowHandle,
  extractWorkflowType,
  HandlerUnfinishedPolicy,
  type HistoryAndWorkflowId,
  type QueryDefinition,
  type SignalDefinition,
  type UntypedActivities,
  type UpdateDefinition,
  type WithWorkflowArgs,
  type Workflow,
  type WorkflowExecution,
  type WorkflowQueryType,
  type WorkflowResultType,
  type WorkflowReturnType,
  type WorkflowSignalType,
  type WorkflowUpdateType,
  type WorkflowUpdateValidatorType,
} from './workflow-definition.js';
export {
  type CommonWorkflowOptions,
  type WorkflowDurationOptions,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from './workflow-options.js';
