import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Client,
  Connection,
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  ServiceError,
} from '../../sdk/client/index.js';
import { type ScriptedServices, scriptServices } from './scripted-services.js';

describe('calls within bounds [client.connection-with-deadline]', () => {
  let services: ScriptedServices;
  let client: Client;
  beforeEach(async () => {
    services = await scriptServices();
    client = services.client();
  });
  afterEach(() => services.close());

  const result = () => client.workflow.getHandle('w').result();
  const caught = (call: Promise<unknown>) => call.catch((error: unknown) => error);

  it('end at the deadline, which the caller may tell from other errors [client.service-error]', async () => {
    const error = await caught(client.withDeadline(Date.now() + 5, result));
    expect(error).toMatchObject({ name: 'ServiceError', code: 'DEADLINE_EXCEEDED' });
    expect([isGrpcServiceError(error), isGrpcDeadlineError(error), isGrpcCancelledError(error)]).toEqual([
      true,
      true,
      false,
    ]);
    const wrapped = new Error('while waiting', { cause: error });
    expect([isGrpcServiceError(wrapped), isGrpcDeadlineError(wrapped)]).toEqual([false, true]);
  });

  it('do not begin after it', async () => {
    await expect(client.connection.withDeadline(new Date(0), result)).rejects.toThrow('deadline');
    expect(services.commands).toEqual([]);
  });

  it('keep to the nearest of several deadlines', async () => {
    const inner = () => client.withDeadline(Date.now() + 60_000, result);
    const error = await caught(client.withDeadline(Date.now() + 5, inner));
    expect(isGrpcDeadlineError(error)).toBe(true);
  });

  it('end when the signal aborts, with its reason', async () => {
    const controller = new AbortController();
    const call = client.withAbortSignal(controller.signal, result);
    setImmediate(() => controller.abort(new Error('enough')));
    const error = await caught(call);
    expect(isGrpcCancelledError(error)).toBe(true);
    expect((error as Error).cause).toMatchObject({ message: 'enough' });
    await expect(client.withAbortSignal(controller.signal, result)).rejects.toThrow(ServiceError);
  });

  it('bound neither the calls beside them nor those of another connection', async () => {
    services.answer((command) =>
      command.type === 'SignalWorkflow'
        ? { type: 'CommandAccepted', requestId: command.header.requestId, workflowId: 'w', runId: 'r' }
        : undefined,
    );
    const handle = client.workflow.getHandle('w');
    const bounded = caught(client.withDeadline(Date.now() + 5, result));
    await handle.signal('beside');
    const other = Connection.lazy({ brokers: '127.0.0.1:1' });
    await other.withDeadline(0, () => handle.signal('through another'));
    await client.withMetadata({ tenant: 'acme' }, () => handle.signal('with metadata'));
    expect(isGrpcDeadlineError(await bounded)).toBe(true);
  });
});
