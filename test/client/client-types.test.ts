import { describe, expectTypeOf, it } from 'vitest';
import type {
  Client,
  WithStartWorkflowOperation,
  WorkflowHandle,
  WorkflowHandleWithFirstExecutionRunId,
  WorkflowHandleWithSignaledRunId,
  WorkflowUpdateHandle,
} from '../../sdk/client/index.js';
import type { QueryDefinition, SignalDefinition, UpdateDefinition } from '../../sdk/common/index.js';

type Greet = (name: string, times?: number) => Promise<string[]>;
type Tick = () => Promise<void>;

/** Calls that only have to compile, or to be refused by the compiler. */
function calls(client: Client, greet: Greet, tick: Tick, handle: WorkflowHandle<Greet>) {
  const at = { workflowId: 'w', taskQueue: 'q' };
  const approve = {} as SignalDefinition<[by: string, when: number]>;
  const change = {} as UpdateDefinition<boolean, [by: string, when: number]>;
  const ping = {} as UpdateDefinition<void>;
  const operation = {} as WithStartWorkflowOperation<Greet>;
  const status = {} as QueryDefinition<'open' | 'closed', [detail: boolean]>;
  return {
    start: client.workflow.start(greet, { ...at, args: ['Ada'] }),
    startReadonly: client.workflow.start(greet, { ...at, args: ['Ada', 2] as const }),
    execute: client.workflow.execute(greet, { ...at, args: ['Ada', 2] }),
    startWithoutArgs: client.workflow.start(tick, at),
    startByType: client.workflow.start<Greet>('greet', { ...at, args: ['Ada'] }),
    startUntyped: client.workflow.start('greet', { ...at, args: [1, 'x'] }),
    executeUntyped: client.workflow.execute('greet', at),
    // @ts-expect-error: the arguments are missing
    missing: () => client.workflow.start(greet, at),
    // @ts-expect-error: an argument of the wrong type
    wrong: () => client.workflow.start(greet, { ...at, args: [1] }),
    // @ts-expect-error: an argument too many
    tooMany: () => client.workflow.start(tick, { ...at, args: [1] }),
    // @ts-expect-error: execute's argument of the wrong type
    executeWrong: () => client.workflow.execute(greet, { ...at, args: ['Ada', 'twice'] }),
    // @ts-expect-error: execute's arguments are missing, of a workflow that is named by its type
    executeMissing: () => client.workflow.execute<Greet>('greet', at),
    // @ts-expect-error: a start has no such option
    wrongOption: () => client.workflow.start(tick, { ...at, retries: 3 }),
    // @ts-expect-error: a policy that isn't there
    wrongPolicy: () => client.workflow.start(tick, { ...at, workflowIdReusePolicy: 'NEVER' }),
    // @ts-expect-error: the task queue is missing
    noQueue: () => client.workflow.start(tick, { workflowId: 'w' }),
    signal: handle.signal(approve, 'me', 3),
    signalByName: handle.signal('approve', 'anything', 1),
    // @ts-expect-error: a signal's argument of the wrong type
    wrongSignal: () => handle.signal(approve, 'me', 'now'),
    query: handle.query(status, true),
    queryByName: handle.query<number>('count'),
    // @ts-expect-error: a signal's argument is missing
    missingSignal: () => handle.signal(approve, 'me'),
    // @ts-expect-error: a query's argument of the wrong type
    queryOfWrongType: () => handle.query(status, 'yes'),
    // @ts-expect-error: a query is no signal
    queryAsSignal: () => handle.signal(status, true),
    // @ts-expect-error: a query's argument is missing
    wrongQuery: () => handle.query(status),
    update: handle.executeUpdate(change, { args: ['me', 3] }),
    updateWithoutArgs: handle.executeUpdate(ping),
    updateByName: handle.executeUpdate<number, [string]>('change', { args: ['x'] }),
    startedUpdate: handle.startUpdate(change, { args: ['me', 3], waitForStage: 'ACCEPTED' }),
    updateHandle: handle.getUpdateHandle<boolean>('u'),
    // @ts-expect-error: an update's arguments are missing
    updateMissing: () => handle.executeUpdate(change),
    // @ts-expect-error: an update's argument of the wrong type
    updateWrong: () => handle.executeUpdate(change, { args: ['me', 'now'] }),
    // @ts-expect-error: an update is started up to a stage
    updateNoStage: () => handle.startUpdate(change, { args: ['me', 3] }),
    signalWithStart: client.workflow.signalWithStart(greet, {
      ...at,
      args: ['Ada'],
      signal: approve,
      signalArgs: ['me', 3],
    }),
    // @ts-expect-error: the signal's arguments are missing
    signalWithStartMissing: () => client.workflow.signalWithStart(greet, { ...at, args: ['Ada'], signal: approve }),
    updateWithStart: client.workflow.executeUpdateWithStart(change, {
      args: ['me', 3],
      startWorkflowOperation: operation,
    }),
    startedUpdateWithStart: client.workflow.startUpdateWithStart(change, {
      args: ['me', 3],
      startWorkflowOperation: operation,
      waitForStage: 'ACCEPTED',
    }),
    // @ts-expect-error: the update's arguments are missing
    updateWithStartMissing: () => client.workflow.executeUpdateWithStart(change, { startWorkflowOperation: operation }),
    operationHandle: operation.workflowHandle(),
    result: handle.result(),
    untyped: client.workflow.getHandle('w').result(),
    typed: client.workflow.getHandle<Greet>('w').result(),
  };
}

type Calls = ReturnType<typeof calls>;

describe("the client's types", () => {
  it('carry arguments, results, signals, queries and updates from definition to caller [client.typed-definitions]', () => {
    expectTypeOf<Calls['start']>().resolves.toEqualTypeOf<WorkflowHandleWithFirstExecutionRunId<Greet>>();
    expectTypeOf<Calls['execute']>().resolves.toEqualTypeOf<string[]>();
    expectTypeOf<Calls['startByType']>().resolves.toEqualTypeOf<WorkflowHandleWithFirstExecutionRunId<Greet>>();
    expectTypeOf<Calls['update']>().resolves.toEqualTypeOf<boolean>();
    expectTypeOf<Calls['updateWithoutArgs']>().resolves.toEqualTypeOf<void>();
    expectTypeOf<Calls['updateByName']>().resolves.toEqualTypeOf<number>();
    expectTypeOf<Calls['startedUpdate']>().resolves.toEqualTypeOf<WorkflowUpdateHandle<boolean>>();
    expectTypeOf<Calls['updateHandle']>().toEqualTypeOf<WorkflowUpdateHandle<boolean>>();
    expectTypeOf<Calls['signalWithStart']>().resolves.toEqualTypeOf<WorkflowHandleWithSignaledRunId<Greet>>();
    expectTypeOf<Calls['updateWithStart']>().resolves.toEqualTypeOf<boolean>();
    expectTypeOf<Calls['startedUpdateWithStart']>().resolves.toEqualTypeOf<WorkflowUpdateHandle<boolean>>();
    expectTypeOf<Calls['operationHandle']>().resolves.toEqualTypeOf<WorkflowHandle<Greet>>();
    expectTypeOf<Calls['query']>().resolves.toEqualTypeOf<'open' | 'closed'>();
    expectTypeOf<Calls['queryByName']>().resolves.toEqualTypeOf<number>();
    expectTypeOf<Calls['result']>().resolves.toEqualTypeOf<string[]>();
    expectTypeOf<Calls['typed']>().resolves.toEqualTypeOf<string[]>();
  });

  it('give any where the workflow is not known, as Temporal does', () => {
    expectTypeOf<Awaited<Calls['untyped']>>().toBeAny();
    expectTypeOf<Awaited<Calls['executeUntyped']>>().toBeAny();
  });
});
