import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import type {
  Command,
  QueryAnswered,
  Reply,
  WorkflowClosed,
  WorkflowDescribed,
} from '../../schemas/generated/messages.js';
import {
  type Client,
  historyToJSON,
  QueryNotRegisteredError,
  QueryRejectedError,
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '../../sdk/client/index.js';
import {
  ApplicationFailure,
  CancelledFailure,
  defaultFailureConverter,
  defaultPayloadConverter,
  type PayloadCodec,
  TerminatedFailure,
  TimeoutFailure,
} from '../../sdk/common/index.js';
import { acceptedBy, closedBy, completedBy, rejectedBy, signaled } from './answers.js';
import { type ScriptedServices, scriptServices } from './scripted-services.js';

const failureOf = (message: string): WorkflowClosed['failure'] =>
  defaultFailureConverter.errorToFailure(ApplicationFailure.nonRetryable(message, 'T'), defaultPayloadConverter);

function queryAnswerTo(command: Command, answer: Partial<QueryAnswered>): Reply {
  const { requestId, workflowId } = command.header;
  const base = { type: 'QueryAnswered', requestId, workflowId, runId: 'x' } as const;
  return { ...base, result: null, failure: null, unknownQuery: false, ...answer };
}

type ErrorClass = new (...args: never[]) => Error;

describe('a workflow handle', () => {
  let services: ScriptedServices;
  let client: Client;
  beforeEach(async () => {
    services = await scriptServices();
    client = services.client();
  });
  afterEach(() => services.close());

  describe('result', () => {
    it('is what the workflow resolved with, or undefined', async () => {
      services.answer((command) => completedBy(command, { total: 3 }));
      expect(await client.workflow.getHandle('w', 'x').result()).toEqual({ total: 3 });
      expect(services.commands[0]?.header).toMatchObject({ workflowId: 'w', runId: 'x' });
      services.answer((command) => closedBy(command, {}));
      expect(await client.workflow.result('w')).toBeUndefined();
      expect(services.commands[1]?.header.runId).toBeNull();
    });

    it('is asked for again where a run is denied that it was told of: an owner that was replaced may not know it', async () => {
      let denials = 0;
      services.answer((command) => {
        if (command.header.runId === 'x') {
          return closedBy(command, { status: 'CONTINUED_AS_NEW', newExecutionRunId: 'y' });
        }
        denials += 1;
        return denials === 1 ? rejectedBy(command, 'WORKFLOW_NOT_FOUND') : completedBy(command, 'after all');
      });
      expect(await client.workflow.getHandle('w', 'x').result()).toBe('after all');
      services.answer((command) => rejectedBy(command, 'WORKFLOW_NOT_FOUND'));
      await expect(client.workflow.getHandle('w', 'never').result()).rejects.toThrow(WorkflowNotFoundError);
    });

    it.each<[Partial<WorkflowClosed>, string, ErrorClass | undefined, string | undefined, string]>([
      [
        { status: 'FAILED', failure: failureOf('boom'), retryState: 'MAXIMUM_ATTEMPTS_REACHED' },
        'Workflow execution failed',
        ApplicationFailure,
        'boom',
        'MAXIMUM_ATTEMPTS_REACHED',
      ],
      [
        { status: 'CANCELLED' },
        'Workflow execution cancelled',
        CancelledFailure,
        'Workflow canceled',
        'NON_RETRYABLE_FAILURE',
      ],
      [
        { status: 'TERMINATED', failure: failureOf('enough') },
        'enough',
        TerminatedFailure,
        'enough',
        'NON_RETRYABLE_FAILURE',
      ],
      [
        { status: 'TIMED_OUT', retryState: 'TIMEOUT' },
        'Workflow execution timed out',
        TimeoutFailure,
        undefined,
        'TIMEOUT',
      ],
    ])('(%#) of a run that did not complete is a WorkflowFailedError with its cause', async (outcome, ...expected) => {
      const [message, causeClass, causeMessage, retryState] = expected;
      services.answer((command) => closedBy(command, outcome));
      const error = await client.workflow
        .getHandle('w')
        .result()
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(WorkflowFailedError);
      expect(error).toMatchObject({ message, retryState });
      expect((error as WorkflowFailedError).cause).toBeInstanceOf(causeClass);
      if (causeMessage !== undefined) expect((error as WorkflowFailedError).cause?.message).toBe(causeMessage);
    });

    it('of an unknown workflow is a WorkflowNotFoundError', async () => {
      services.answer((command) => rejectedBy(command, 'WORKFLOW_NOT_FOUND'));
      await expect(client.workflow.getHandle('w').result()).rejects.toThrow(WorkflowNotFoundError);
    });

    it('is given up after a time-out only when there is one', async () => {
      const timedOut = client.workflow.getHandle('w').result({ timeout: 1 });
      await expect(timedOut).rejects.toThrow(ServiceError);
      await expect(timedOut).rejects.toMatchObject({ code: 'NO_ANSWER' });
    });

    it('rejects when the connection is closed', async () => {
      const result = client.workflow.getHandle('w').result();
      const rejected = expect(result).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
      await services.connection.namespace('client-test');
      await services.connection.close();
      await rejected;
    });
  });

  describe('signal, cancel and terminate', () => {
    it('resolve once they are answered', async () => {
      services.answer((command) => acceptedBy(command));
      const handle = client.workflow.getHandle('w', undefined, { firstExecutionRunId: 'first' });
      await handle.signal('approve', 'me', 2);
      await handle.cancel();
      await handle.terminate('enough', 'detail');
      expect(services.commands).toMatchObject([
        {
          ...defaultsOf.SignalWorkflow,
          type: 'SignalWorkflow',
          signalName: 'approve',
          header: { runId: null },
          input: [{}, {}],
        },
        { type: 'RequestCancelWorkflow', header: { runId: null }, firstExecutionRunId: 'first' },
        {
          type: 'TerminateWorkflow',
          reason: 'enough',
          header: { runId: null },
          firstExecutionRunId: 'first',
          details: [{}],
        },
      ]);
    });

    it('reject with WorkflowNotFoundError when the workflow is unknown or closed', async () => {
      services.answer((command) => rejectedBy(command, 'WORKFLOW_NOT_FOUND'));
      const handle = client.workflow.getHandle('w');
      await expect(handle.signal('s')).rejects.toThrow(WorkflowNotFoundError);
      await expect(handle.cancel()).rejects.toThrow(WorkflowNotFoundError);
      await expect(handle.terminate()).rejects.toThrow(WorkflowNotFoundError);
    });

    it('name the argument that cannot be encoded', async () => {
      await expect(client.workflow.getHandle('w').signal('s', 1n)).rejects.toThrow("argument 0 of signal 's'");
    });
  });

  describe('query', () => {
    it('is the answer of a worker', async () => {
      services.answer((command) => queryAnswerTo(command, { result: defaultPayloadConverter.toPayload(['a']) }));
      expect(await client.workflow.getHandle('w').query('status', 'short')).toEqual(['a']);
      expect(services.commands[0]).toMatchObject({ queryType: 'status', input: [{}], rejectCondition: 'NONE' });
    });

    it('without a handler is a QueryNotRegisteredError [client.query-not-registered]', async () => {
      services.answer((command) => queryAnswerTo(command, { unknownQuery: true }));
      await expect(client.workflow.getHandle('w').query('status')).rejects.toThrow(QueryNotRegisteredError);
    });

    it('whose handler throws is a QueryNotRegisteredError too, with what it threw as the cause', async () => {
      services.answer((command) => queryAnswerTo(command, { failure: failureOf('not now') }));
      const failed = client.workflow.getHandle('w').query('status');
      await expect(failed).rejects.toThrow(QueryNotRegisteredError);
      await expect(failed).rejects.toMatchObject({
        name: 'QueryNotRegisteredError',
        message: 'not now',
        code: 3,
        cause: { type: 'T' },
      });
    });

    it('is refused in the states that the client asks for [client.query-reject-condition]', async () => {
      services.answer((command) => rejectedBy(command, 'QUERY_REJECTED', 'COMPLETED'));
      client = services.client({ workflow: { queryRejectCondition: 'NOT_OPEN' } });
      const rejected = client.workflow.getHandle('w').query('status');
      await expect(rejected).rejects.toThrow(QueryRejectedError);
      await expect(rejected).rejects.toMatchObject({ status: 'COMPLETED' });
      expect(services.commands[0]).toMatchObject({ rejectCondition: 'NOT_OPEN' });
    });

    it('that nobody answers says what may be missing', async () => {
      client = services.client({ workflow: { requestTimeout: 1 } });
      await expect(client.workflow.getHandle('w').query('status')).rejects.toThrow('no worker answered QueryWorkflow');
    });
  });

  it('describes the run [client.describe]', async () => {
    const run: Omit<WorkflowDescribed, 'requestId'> = {
      ...defaultsOf.WorkflowDescribed,
      workflowId: 'w',
      runId: 'x',
      firstExecutionRunId: 'x',
      workflowType: 'greet',
      taskQueue: 'q',
      status: 'TIMED_OUT',
      historyLength: 7,
      historySizeBytes: 900,
      startedAt: 1_000,
      closedAt: 2_000,
      memo: { note: defaultPayloadConverter.toPayload('n') },
      searchAttributes: { Customer: defaultPayloadConverter.toPayload(['c']) },
      pendingActivities: [],
      workflowTaskAttempt: 0,
      workflowTaskFailure: null,
    };
    services.answer(({ header: { requestId } }) => ({ type: 'WorkflowDescribed', requestId, ...run }));
    expect(await client.workflow.getHandle('w').describe()).toMatchObject({
      type: 'greet',
      workflowId: 'w',
      runId: 'x',
      taskQueue: 'q',
      status: { code: 7, name: 'TIMED_OUT' },
      historyLength: 7,
      historySize: 900,
      startTime: new Date(1_000),
      closeTime: new Date(2_000),
      memo: { note: 'n' },
      searchAttributes: { Customer: ['c'] },
      raw: { pendingActivities: [], workflowTaskAttempt: 0 },
    });
  });

  it('fetches the history, which can be written as JSON', async () => {
    const { codec } = await services.connection.namespace('client-test');
    services.answer(({ header: { requestId } }) => {
      const events = [codec.encode(signaled('w', 'x', 1)), codec.encode(signaled('w', 'x', 2))];
      const chunk = { requestId, workflowId: 'w', runId: 'x', firstEventId: 1, events, last: true };
      return { type: 'WorkflowHistoryChunk', ...chunk };
    });
    const history = await client.workflow.getHandle('w').fetchHistory();
    expect(history.events.map((event) => 'header' in event && event.header.eventId)).toEqual([1, 2]);
    expect(historyToJSON(history)).toMatchObject({
      events: [{ signalName: 'signal-1', input: [{ data: Buffer.from('1').toString('base64') }] }, {}],
    });
  });

  it('runs payload codecs over what it sends and what it gets [client.client-options]', async () => {
    const flip = (data: Uint8Array | null | undefined): Uint8Array =>
      (data ?? new Uint8Array()).map((byte) => byte ^ 0xff);
    const codec: PayloadCodec = {
      encode: async (payloads) => payloads.map((payload) => ({ ...payload, data: flip(payload.data) })),
      decode: async (payloads) => payloads.map((payload) => ({ ...payload, data: flip(payload.data) })),
    };
    client = services.client({ dataConverter: { payloadCodecs: [codec] } });
    services.answer((command) => {
      if (command.type !== 'QueryWorkflow') return undefined;
      return queryAnswerTo(command, { result: command.input[0] ?? null });
    });
    expect(await client.workflow.getHandle('w').query('echo', 'secret')).toBe('secret');
    const [query] = services.commands;
    const sent = query?.type === 'QueryWorkflow' ? query.input[0]?.data : undefined;
    expect(Buffer.from(flip(sent ?? new Uint8Array())).toString()).toBe('"secret"');
  });
});

describe('a client', () => {
  it('refuses options that are not supported yet', async () => {
    const services = await scriptServices();
    const interceptors = { schedule: [{}] } as object;
    expect(() => services.client({ interceptors })).toThrow('ClientOptions.interceptors.schedule is not supported yet');
    expect(() => services.client({ dataConverter: { payloadConverterPath: './c.js' } })).toThrow(
      'payloadConverterPath',
    );
    await services.close();
  });
});
