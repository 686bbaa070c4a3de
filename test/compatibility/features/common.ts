import type { Feature } from '../feature.js';

export const commonFeatures: readonly Feature[] = [
  {
    id: 'common.failures',
    section: '1.6',
    feature: 'the failures with all their fields',
  },
  {
    id: 'common.failure-instanceof',
    section: '1.6',
    feature: 'instanceof works across realms and packages',
  },
  {
    id: 'common.application-failure',
    section: '1.6',
    feature: 'ApplicationFailure.create, retryable, nonRetryable, fromError, with category and nextRetryDelay',
  },
  {
    id: 'common.plain-errors',
    section: '1.6',
    feature: "a plain Error becomes an ApplicationFailure of its constructor's name, retryable",
  },
  {
    id: 'common.retry-state',
    section: '1.6',
    feature: 'RetryState',
  },
  {
    id: 'common.root-cause',
    section: '1.6',
    feature: 'rootCause',
  },
  {
    id: 'common.ensure-failure',
    section: '1.6',
    feature: 'ensureApplicationFailure and ensureTemporalFailure',
  },
  {
    id: 'common.errors',
    section: '1.6',
    feature: 'ValueError, PayloadConverterError, IllegalStateError, WorkflowNotFoundError, NamespaceNotFoundError',
  },
  {
    id: 'common.data-converter',
    section: '1.6',
    feature: 'DataConverter: payloadConverterPath, failureConverterPath, payloadCodecs',
  },
  {
    id: 'common.payload-converters',
    section: '1.6',
    feature: "Undefined, Binary and Json converters with Temporal's encodings",
  },
  {
    id: 'common.composite-converter',
    section: '1.6',
    feature: 'CompositePayloadConverter and PayloadConverterWithEncoding',
  },
  {
    id: 'common.serialization-context',
    section: '1.6',
    feature: 'converters and codecs are told the workflow or activity they work for',
  },
  {
    id: 'common.raw-value',
    section: '1.6',
    feature: 'RawValue',
  },
  {
    id: 'common.protobuf-binary',
    section: '1.6',
    feature: 'ProtobufBinaryPayloadConverter',
  },
  {
    id: 'common.protobuf-json',
    section: '1.6',
    feature: 'ProtobufJsonPayloadConverter',
  },
  {
    id: 'common.protobuf-default',
    section: '1.6',
    feature: 'DefaultPayloadConverterWithProtobufs and patchProtobufRoot (lib/protobufs)',
  },
  {
    id: 'common.encoding',
    section: '1.6',
    feature: 'encode and decode (lib/encoding)',
  },
  {
    id: 'common.payload-message',
    section: '1.6',
    feature: 'temporal.api.common.v1.Payload of @temporalio/proto, which codecs turn payloads into bytes with',
  },
  {
    id: 'common.payload-codecs',
    section: '1.6',
    feature: 'codecs encode in order and decode in reverse',
  },
  {
    id: 'common.payload-codecs-everywhere',
    section: '1.6',
    feature: 'codecs apply to every payload there is, memo and failures included',
  },
  {
    id: 'common.failure-converter',
    section: '1.6',
    feature: 'DefaultFailureConverter, with encodeCommonAttributes',
  },
  {
    id: 'common.external-storage',
    section: '1.6',
    feature: 'ExternalStorage: large payloads by claim check, with drivers and a selector',
  },
  {
    id: 'common.external-storage-missing',
    section: '1.6',
    feature: 'ExternalStorageNotConfiguredError [TMPRL1105]',
  },
  {
    id: 'common.type-info',
    section: '1.6',
    feature: 'TypeInfo and TransferTypeConverter',
    unsupported: 'Experimental in Temporal. A payload converter is given the value itself, and may look at its class.',
  },
  {
    id: 'common.search-attribute-keys',
    section: '1.6',
    feature: 'defineSearchAttributeKey and SearchAttributeType',
  },
  {
    id: 'common.typed-search-attributes',
    section: '1.6',
    feature: 'TypedSearchAttributes: get, getAll, copy, updateCopy',
  },
  {
    id: 'common.search-attribute-encoding',
    section: '1.6',
    feature: 'search attributes are JSON with their type, and never pass a codec',
  },
  {
    id: 'common.durations',
    section: '1.6',
    feature: 'durations in ms or as strings',
  },
  {
    id: 'common.retry-policy',
    section: '1.6',
    feature: "compileRetryPolicy with Temporal's checks",
  },
  {
    id: 'common.logger',
    section: '1.6',
    feature: 'Logger and LogLevel',
  },
  {
    id: 'common.metric-meter',
    section: '1.6',
    feature: 'MetricMeter and noopMetricMeter',
  },
  {
    id: 'common.versioning-types',
    section: '1.6',
    feature: 'VersioningBehavior, VersioningIntent, WorkerDeploymentVersion, toCanonicalString',
  },
  {
    id: 'common.priority',
    section: '1.6',
    feature: 'Priority, encoded and decoded',
  },
  {
    id: 'common.definition-types',
    section: '1.6',
    feature: 'Workflow, SignalDefinition, QueryDefinition, UpdateDefinition',
  },
  {
    id: 'common.policies',
    section: '1.6',
    feature: 'WorkflowIdReusePolicy, WorkflowIdConflictPolicy, HandlerUnfinishedPolicy',
  },
  {
    id: 'common.nexus-failure',
    section: '1.6',
    feature: 'NexusOperationFailure',
  },
];
