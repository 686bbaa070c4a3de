// What workflow code is told by the compiler: nothing here runs.
import {
  type ActivityOptions,
  type ChildWorkflowHandle,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  executeChild,
  getExternalWorkflowHandle,
  makeContinueAsNewFunc,
  proxyActivities,
  proxyLocalActivities,
  type QueryDefinition,
  type SignalDefinition,
  scheduleActivity,
  setHandler,
  startChild,
  type UpdateDefinition,
} from 'millrace/workflow';
import { describe, expectTypeOf, it } from 'vitest';

type Greet = (name: string, times?: number) => Promise<string[]>;
type Tick = () => Promise<void>;

interface Activities {
  charge(customer: string, cents: number): Promise<{ readonly receipt: number }>;
  /** Not asynchronous: its caller waits all the same. */
  version(): string;
  readonly notAnActivity: number;
}

const options: ActivityOptions = { startToCloseTimeout: '1 minute' };

function activityCalls() {
  const activities = proxyActivities<Activities>(options);
  const local = proxyLocalActivities<Activities>({ startToCloseTimeout: 1_000 });
  return {
    charge: activities.charge('Ada', 100),
    version: activities.version(),
    local: local.charge('Ada', 100),
    once: activities.charge.executeWithOptions({ retry: { maximumAttempts: 1 } }, ['Ada', 100]),
    untyped: proxyActivities(options).anything?.(1, 'x'),
    scheduled: scheduleActivity<number>('charge', ['Ada'], options),
    // @ts-expect-error: an argument of the wrong type
    wrong: () => activities.charge(1, 100),
    // @ts-expect-error: an argument is missing
    missing: () => activities.charge('Ada'),
    // @ts-expect-error: an argument too many
    tooMany: () => activities.version(1),
    // @ts-expect-error: an activity that isn't there
    unknown: () => activities.refund('Ada'),
    // @ts-expect-error: a property that is no function is no activity
    noFunction: () => activities.notAnActivity(),
    // @ts-expect-error: a local activity's argument of the wrong type
    localWrong: () => local.charge('Ada', '100'),
    // @ts-expect-error: arguments of the wrong type, with other options
    onceWrong: () => activities.charge.executeWithOptions({}, ['Ada', '100']),
    // @ts-expect-error: an option of the wrong type
    wrongOption: () => proxyActivities<Activities>({ startToCloseTimeout: true }),
    // @ts-expect-error: a duration that is none
    wrongDuration: () => proxyActivities<Activities>({ startToCloseTimeout: '1 fortnight' }),
    // @ts-expect-error: an option that isn't there
    wrongName: () => proxyActivities<Activities>({ startToClose: 1 }),
  };
}

function childCalls(greet: Greet, tick: Tick) {
  return {
    execute: executeChild(greet, { args: ['Ada'] }),
    executeByType: executeChild<Greet>('greet', { args: ['Ada', 2] }),
    executeWithoutArgs: executeChild(tick),
    start: startChild(greet, { args: ['Ada'], parentClosePolicy: 'ABANDON' }),
    // @ts-expect-error: the arguments are missing
    missing: () => executeChild(greet),
    // @ts-expect-error: the arguments are missing among the options
    missingArgs: () => startChild(greet, { workflowId: 'w' }),
    // @ts-expect-error: an argument of the wrong type
    wrong: () => executeChild(greet, { args: [1] }),
    // @ts-expect-error: an argument too many
    tooMany: () => executeChild(tick, { args: [1] }),
    // @ts-expect-error: a policy that isn't there
    wrongPolicy: () => startChild(tick, { parentClosePolicy: 'ADOPT' }),
  };
}

function nextRuns() {
  return {
    next: () => continueAsNew<Greet>('Ada', 2),
    made: () => makeContinueAsNewFunc<Greet>({ taskQueue: 'q' })('Ada'),
    // @ts-expect-error: an argument of the wrong type
    wrong: () => continueAsNew<Greet>(1),
    // @ts-expect-error: the arguments are missing
    missing: () => continueAsNew<Greet>(),
    // @ts-expect-error: an argument too many
    tooMany: () => continueAsNew<Tick>('Ada'),
    // @ts-expect-error: an argument of the wrong type, to a function that was made
    madeWrong: () => makeContinueAsNewFunc<Greet>({ taskQueue: 'q' })(1),
    // @ts-expect-error: an option that isn't there
    wrongOption: () => makeContinueAsNewFunc<Greet>({ retry: {} }),
  };
}

const approve = defineSignal<[by: string, when: number]>('approve');
const status = defineQuery<'open' | 'closed', [detail: boolean]>('status');
const change = defineUpdate<boolean, [by: string]>('change');

function handlers() {
  setHandler(approve, (by, when) => void [by.length, when.toFixed()]);
  setHandler(approve, async () => {});
  setHandler(approve, undefined);
  setHandler(status, (detail) => (detail ? 'open' : 'closed'));
  setHandler(change, (by) => by === 'me', { validator: (by) => void by.length });
  setHandler(change, async (by) => by === 'me');
  return {
    // @ts-expect-error: a signal's handler takes what the signal brings
    signalArgs: () => setHandler(approve, (by: number) => void by),
    // @ts-expect-error: a signal has no answer
    signalAnswer: () => setHandler(approve, () => 1),
    // @ts-expect-error: another answer than the query's
    queryAnswer: () => setHandler(status, () => 'ajar'),
    // @ts-expect-error: a query is answered at once
    queryAsync: () => setHandler(status, async () => 'open'),
    // @ts-expect-error: another answer than the update's
    updateAnswer: () => setHandler(change, () => 'yes'),
    // @ts-expect-error: a validator takes what the update brings
    validatorArgs: () => setHandler(change, () => true, { validator: (by: number) => void by }),
    // @ts-expect-error: only an update has a validator
    signalValidator: () => setHandler(approve, () => {}, { validator: () => {} }),
  };
}

function signalsToOthers(child: ChildWorkflowHandle<Greet>) {
  const other = getExternalWorkflowHandle('w');
  return {
    signal: other.signal(approve, 'me', 1),
    toChild: child.signal(approve, 'me', 1),
    byName: other.signal('approve'),
    // @ts-expect-error: a signal's argument of the wrong type
    wrong: () => other.signal(approve, 'me', 'now'),
    // @ts-expect-error: a signal's argument is missing
    missing: () => child.signal(approve, 'me'),
    // @ts-expect-error: others are signalled and cancelled, not queried
    query: () => other.query(status, true),
  };
}

function conditions() {
  return {
    plain: condition(() => true),
    bounded: condition(() => true, '1 day'),
    // @ts-expect-error: a condition is seen at once
    async: () => condition(async () => true),
  };
}

describe('the types of workflow code [client.typed-definitions]', () => {
  it('carry the arguments and results of activities', () => {
    type Calls = ReturnType<typeof activityCalls>;
    expectTypeOf<Calls['charge']>().resolves.toEqualTypeOf<{ readonly receipt: number }>();
    expectTypeOf<Calls['version']>().toEqualTypeOf<Promise<string>>();
    expectTypeOf<Calls['local']>().resolves.toEqualTypeOf<{ readonly receipt: number }>();
    expectTypeOf<Calls['once']>().resolves.toEqualTypeOf<{ readonly receipt: number }>();
    expectTypeOf<Calls['scheduled']>().resolves.toEqualTypeOf<number>();
  });

  it('carry the arguments and results of children', () => {
    type Calls = ReturnType<typeof childCalls>;
    expectTypeOf<Calls['execute']>().resolves.toEqualTypeOf<string[]>();
    expectTypeOf<Calls['executeByType']>().resolves.toEqualTypeOf<string[]>();
    expectTypeOf<Calls['executeWithoutArgs']>().resolves.toEqualTypeOf<void>();
    expectTypeOf<Calls['start']>().resolves.toEqualTypeOf<ChildWorkflowHandle<Greet>>();
    expectTypeOf<ReturnType<ChildWorkflowHandle<Greet>['result']>>().resolves.toEqualTypeOf<string[]>();
  });

  it('carry the arguments of the next run, from which nothing comes back', () => {
    type Runs = ReturnType<typeof nextRuns>;
    expectTypeOf<ReturnType<Runs['next']>>().resolves.toBeNever();
    expectTypeOf<ReturnType<Runs['made']>>().resolves.toBeNever();
  });

  it('carry signals, queries and updates from their definitions to their handlers', () => {
    expectTypeOf(approve).toExtend<SignalDefinition<[string, number]>>();
    expectTypeOf(status).toExtend<QueryDefinition<'open' | 'closed', [boolean]>>();
    expectTypeOf(change).toExtend<UpdateDefinition<boolean, [string]>>();
    expectTypeOf(handlers).returns.toBeObject();
  });

  it('carry signals to other workflows, and tell a wait with an end from one without', () => {
    expectTypeOf(signalsToOthers).parameters.toEqualTypeOf<[ChildWorkflowHandle<Greet>]>();
    expectTypeOf<ReturnType<typeof conditions>['plain']>().resolves.toEqualTypeOf<void>();
    expectTypeOf<ReturnType<typeof conditions>['bounded']>().resolves.toEqualTypeOf<boolean>();
  });
});
