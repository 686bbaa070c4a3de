// What programs for Temporal import by name, which has to be there whether they use it or not.
import * as activity from 'millrace/activity';
import * as client from 'millrace/client';
import * as common from 'millrace/common';
import * as envconfig from 'millrace/envconfig';
import * as testing from 'millrace/testing';
import * as worker from 'millrace/worker';
import * as workflow from 'millrace/workflow';
import { expect, expectTypeOf, it } from 'vitest';

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
      'mapFromPayloads mapToPayloads noopMetricMeter rootCause toCanonicalString toPayloads ' +
      'SuggestContinueAsNewReason errorMessage msOptionalToNumber msToNumber str u8',
  ],
  [
    'workflow',
    workflow,
    `${failures} ${errors} ActivityCancellationType AsyncLocalStorage CancellationScope DeterminismViolationError Trigger ` +
      'WorkflowError WorkflowIdConflictPolicy WorkflowIdReusePolicy condition continueAsNew defaultPayloadConverter ' +
      'defineQuery defineSignal defineUpdate inWorkflowContext isCancellation log patched proxyActivities rootCause ' +
      'setHandler sleep uuid4 workflowInfo enhancedStackTraceQuery stackTraceQuery workflowMetadataQuery',
  ],
  [
    'client',
    client,
    `${failures} ${errors} AsyncCompletionClient Client Connection WorkflowClient WorkflowContinuedAsNewError ` +
      'WorkflowExecutionAlreadyStartedError WorkflowFailedError defaultPayloadConverter ' +
      'CompleteAsyncError HandlerUnfinishedPolicy extractWorkflowType isServerErrorResponse',
  ],
  ['activity', activity, 'ApplicationFailure CancelledFailure CompleteAsyncError Context activityInfo heartbeat sleep'],
  [
    'worker',
    worker,
    'DefaultLogger IllegalStateError NativeConnection Runtime Worker bundleWorkflowCode defaultPayloadConverter ' +
      'appendDefaultInterceptors defaultSinks defaultWorkflowInterceptorModules errors',
  ],
  ['testing', testing, 'MockActivityEnvironment TestWorkflowEnvironment defaultActivityInfo'],
  ['envconfig', envconfig, 'loadClientConfig loadClientConfigProfile loadClientConnectConfig toClientOptions'],
])('millrace/%s exports the names of its counterpart [workflow.error-classes]', (_name, library, names) => {
  expect(names.split(' ').filter((name) => !(name in library))).toEqual([]);
});

it('the built-in queries have the names that every workflow answers', () => {
  const { stackTraceQuery, enhancedStackTraceQuery, workflowMetadataQuery } = workflow;
  expect([stackTraceQuery, enhancedStackTraceQuery, workflowMetadataQuery]).toEqual([
    { type: 'query', name: '__stack_trace' },
    { type: 'query', name: '__enhanced_stack_trace' },
    { type: 'query', name: '__temporal_workflow_metadata' },
  ]);
});

it("the message of what was thrown is an error's own or the string itself", () => {
  expect([new Error('no'), 'never', 3].map(common.errorMessage)).toEqual(['no', 'never', undefined]);
});

it('the default sinks write to the logger that they are given', () => {
  const lines: unknown[] = [];
  const logger = new worker.DefaultLogger('TRACE', ({ level, message, meta }) => lines.push([level, message, meta]));
  const { defaultWorkerLogger } = worker.defaultSinks(logger);
  const info = {} as worker.SinkWorkflowInfo;
  defaultWorkerLogger.info.fn(info, 'hello', { to: 'Ada' });
  defaultWorkerLogger.error.fn(info, 'oh');
  expect(lines).toMatchObject([
    ['INFO', 'hello', { to: 'Ada' }],
    ['ERROR', 'oh', undefined],
  ]);
});

it('the types have the names of their counterparts', () => {
  expectTypeOf<worker.State>().toEqualTypeOf<worker.WorkerState>();
  expectTypeOf<worker.WorkflowBundleWithSourceMap>().toEqualTypeOf<worker.WorkflowBundle>();
  expectTypeOf<worker.History>().toEqualTypeOf<client.History>();
  expectTypeOf<worker.Headers>().toEqualTypeOf<common.Headers>();
  expectTypeOf<worker.Next<worker.ActivityInboundCallsInterceptor, 'execute'>>().toBeFunction();
  expectTypeOf<worker.LoggerSinks>().toExtend<workflow.Sinks>();
  expectTypeOf<common.ActivityCancellationDetails>().toEqualTypeOf<activity.ActivityCancellationDetails>();
  expectTypeOf<
    workflow.EnhancedStackTrace['stacks'][number]['locations'][number]
  >().toEqualTypeOf<workflow.FileLocation>();
});
