import { describe, expect, it } from 'vitest';
import {
  compilePriority,
  decodePriority,
  encodingKeys,
  encodingTypes,
  HandlerUnfinishedPolicy,
  InitialVersioningBehavior,
  type Logger,
  type LogLevel,
  type MetricMeter,
  NexusOperationFailure,
  noopMetricMeter,
  type QueryDefinition,
  RetryState,
  SdkComponent,
  type SignalDefinition,
  TemporalFailure,
  TimeoutType,
  toCanonicalString,
  type UpdateDefinition,
  VersioningBehavior,
  VersioningIntent,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '../../sdk/common/index.js';

describe('constants', () => {
  it('are their own names [common.policies common.versioning-types common.retry-state common.logger]', () => {
    const all = [
      WorkflowIdReusePolicy,
      WorkflowIdConflictPolicy,
      HandlerUnfinishedPolicy,
      VersioningBehavior,
      InitialVersioningBehavior,
      VersioningIntent,
      RetryState,
      TimeoutType,
      SdkComponent,
    ];
    for (const constants of all) expect(Object.keys(constants)).toEqual(Object.values(constants));
  });

  it('go by the names of older programs as well, which are not listed', () => {
    expect(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE).toBe('REJECT_DUPLICATE');
    expect(RetryState.RETRY_STATE_IN_PROGRESS).toBe('IN_PROGRESS');
    expect(TimeoutType.TIMEOUT_TYPE_HEARTBEAT).toBe('HEARTBEAT');
    expect(Object.values(TimeoutType)).toHaveLength(4);
  });

  it('name encodings as text and as bytes', () => {
    for (const [name, bytes] of Object.entries(encodingKeys)) {
      expect(new TextDecoder().decode(bytes)).toBe(encodingTypes[name as keyof typeof encodingTypes]);
    }
  });
});

it("a worker deployment's version is spelled with a dot [common.versioning-types]", () => {
  expect(toCanonicalString({ deploymentName: 'orders', buildId: '1.0' })).toBe('orders.1.0');
});

it("a user's logger takes levels and metadata [common.logger]", () => {
  const lines: unknown[] = [];
  const at =
    (level: LogLevel): Logger['info'] =>
    (message, meta) =>
      lines.push([level, message, meta]);
  const logger: Logger = {
    log: (level, message, meta) => at(level)(message, meta),
    trace: at('TRACE'),
    debug: at('DEBUG'),
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
  };
  logger.log('WARN', 'low stock', { sdkComponent: SdkComponent.workflow });
  logger.error('gone');
  expect(lines).toEqual([
    ['WARN', 'low stock', { sdkComponent: 'workflow' }],
    ['ERROR', 'gone', undefined],
  ]);
});

it('a meter that measures nothing takes all that there is to measure [common.metric-meter]', () => {
  const meter: MetricMeter = noopMetricMeter.withTags({ kind: 'order' });
  meter.createCounter('orders', 'pieces', 'How many').withTags({ a: 1 }).add(1, { b: true });
  meter.createHistogram('sizes', 'float').record(1.5);
  meter.createGauge('open').set(3);
  meter.createUpDownCounter?.('running').add(-1);
  expect(meter.createCounter('orders', 'pieces', 'How many')).toMatchObject({
    name: 'orders',
    unit: 'pieces',
    description: 'How many',
    kind: 'counter',
    valueType: 'int',
  });
  expect(meter.createHistogram('sizes', 'float')).toMatchObject({ kind: 'histogram', valueType: 'float' });
  expect(meter.createGauge('open')).toMatchObject({ kind: 'gauge', valueType: 'int' });
});

describe('a priority [common.priority]', () => {
  it('is encoded and decoded', () => {
    const priority = { priorityKey: 2, fairnessKey: 'tenant', fairnessWeight: 1.5 };
    expect(decodePriority(compilePriority(priority))).toEqual(priority);
    expect(decodePriority(compilePriority({}))).toEqual({});
    expect(decodePriority(null)).toEqual({});
  });

  it.each([
    [{ priorityKey: 1.5 }, TypeError],
    [{ priorityKey: 0 }, RangeError],
    [{ fairnessKey: 'ä'.repeat(33) }, 'fairnessKey'],
    [{ fairnessWeight: 0 }, 'fairnessWeight'],
    [{ fairnessWeight: Number.NaN }, 'fairnessWeight'],
  ])('%j is refused', (priority, error) => {
    expect(() => compilePriority(priority)).toThrow(error);
  });
});

it('a NexusOperationFailure has its operation and its cause [common.nexus-failure]', () => {
  const failure = new NexusOperationFailure('failed', 5, 'billing', 'Invoices', 'send', 'token', new Error('inner'));
  expect(failure).toBeInstanceOf(TemporalFailure);
  expect(failure).toMatchObject({
    name: 'NexusOperationFailure',
    scheduledEventId: 5,
    endpoint: 'billing',
    service: 'Invoices',
    operation: 'send',
    operationToken: 'token',
    cause: { message: 'inner' },
  });
});

it('definitions carry the types of arguments and results [common.definition-types]', () => {
  // The compiler is the test: a definition of other types is not assignable.
  const update = { type: 'update', name: 'add' } as UpdateDefinition<number, [by: number], 'add'>;
  const named: UpdateDefinition<number, [by: number]> = update;
  // @ts-expect-error the result is a number
  const otherResult: UpdateDefinition<string, [by: number]> = update;
  // @ts-expect-error there is an argument
  const otherArguments: UpdateDefinition<number> = update;
  const signal = { type: 'signal', name: 's' } as SignalDefinition<[string]>;
  // @ts-expect-error a signal is no query
  const query: QueryDefinition<void, [string]> = signal;
  expect([named, otherResult, otherArguments, query].map(({ name }) => name)).toEqual(['add', 'add', 'add', 's']);
});
