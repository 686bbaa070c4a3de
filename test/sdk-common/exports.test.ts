// What programs for Temporal import by name, which has to be there whether they use it or not.
import * as activity from 'millrace/activity';
import * as client from 'millrace/client';
import * as common from 'millrace/common';
import * as envconfig from 'millrace/envconfig';
import * as testing from 'millrace/testing';
import * as worker from 'millrace/worker';
import * as workflow from 'millrace/workflow';
import { expect, it } from 'vitest';

const failures =
  'ActivityFailure ApplicationFailure CancelledFailure ChildWorkflowFailure ServerFailure TemporalFailure ' +
  'TerminatedFailure TimeoutFailure';
const errors = 'IllegalStateError NamespaceNotFoundError PayloadConverterError ValueError WorkflowNotFoundError';

it.each<[string, object, string]>([
  [
    'common',
    common,
    `${failures} ${errors} NexusOperationFailure WorkflowExecutionAlreadyStartedError ActivityCancellationType ` +
      'ApplicationFailureCategory BinaryPayloadConverter CompleteAsyncError CompositePayloadConverter ' +
      'DefaultFailureConverter DefaultPayloadConverter ExternalStorage ExternalStorageNotConfiguredError ' +
      'HandlerUnfinishedPolicy InitialVersioningBehavior JsonPayloadConverter METADATA_ENCODING_KEY ' +
      'METADATA_MESSAGE_TYPE_KEY RawValue RetryState SdkComponent SearchAttributeType StorageDriverClaim TimeoutType ' +
      'TypedSearchAttributes UndefinedPayloadConverter VersioningBehavior VersioningIntent WorkflowIdConflictPolicy ' +
      'WorkflowIdReusePolicy arrayFromPayloads compilePriority compileRetryPolicy decodePriority ' +
      'decompileRetryPolicy defaultFailureConverter defaultPayloadConverter defineSearchAttributeKey encodingKeys ' +
      'encodingTypes ensureApplicationFailure ensureTemporalFailure extractWorkflowType fromPayloadsAtIndex ' +
      'mapFromPayloads mapToPayloads noopMetricMeter rootCause toCanonicalString toPayloads',
  ],
  [
    'workflow',
    workflow,
    `${failures} ${errors} ActivityCancellationType CancellationScope DeterminismViolationError Trigger ` +
      'WorkflowError WorkflowIdConflictPolicy WorkflowIdReusePolicy condition continueAsNew defaultPayloadConverter ' +
      'defineQuery defineSignal defineUpdate inWorkflowContext isCancellation log patched proxyActivities rootCause ' +
      'setHandler sleep uuid4 workflowInfo',
  ],
  [
    'client',
    client,
    `${failures} ${errors} AsyncCompletionClient Client Connection WorkflowClient WorkflowContinuedAsNewError ` +
      'WorkflowExecutionAlreadyStartedError WorkflowFailedError defaultPayloadConverter',
  ],
  ['activity', activity, 'ApplicationFailure CancelledFailure CompleteAsyncError Context activityInfo heartbeat sleep'],
  [
    'worker',
    worker,
    'DefaultLogger IllegalStateError NativeConnection Runtime Worker bundleWorkflowCode defaultPayloadConverter',
  ],
  ['testing', testing, 'MockActivityEnvironment TestWorkflowEnvironment defaultActivityInfo'],
  ['envconfig', envconfig, 'loadClientConfig loadClientConfigProfile loadClientConnectConfig toClientOptions'],
])('millrace/%s exports the names of its counterpart [workflow.error-classes]', (_name, library, names) => {
  expect(names.split(' ').filter((name) => !(name in library))).toEqual([]);
});
