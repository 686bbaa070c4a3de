import { describe, expectTypeOf, it } from 'vitest';
import type { SignalDefinition } from '../../../sdk/common/index.js';
import {
  type ChildWorkflowHandle,
  type ExternalWorkflowHandle,
  executeChild,
  startChild,
} from '../../../sdk/workflow/index.js';

type Greet = (name: string, times?: number) => Promise<string[]>;
type Tick = () => Promise<void>;

/** Calls that only have to compile, or to be refused by the compiler. */
function calls(greet: Greet, tick: Tick, child: ChildWorkflowHandle<Greet>, external: ExternalWorkflowHandle) {
  const approve = {} as SignalDefinition<[by: string, when: number]>;
  return {
    start: startChild(greet, { args: ['Ada'], parentClosePolicy: 'ABANDON' }),
    startByType: startChild<Greet>('greet', { args: ['Ada', 2] }),
    startUntyped: startChild('greet', { args: [1, 'x'] }),
    startWithoutArgs: startChild(tick),
    execute: executeChild(greet, { args: ['Ada'], cancellationType: 'TRY_CANCEL' }),
    executeWithoutArgs: executeChild(tick, { workflowId: 'w' }),
    // @ts-expect-error: the arguments are missing
    missing: () => startChild(greet, {}),
    // @ts-expect-error: an argument of the wrong type
    wrong: () => executeChild(greet, { args: [1] }),
    // @ts-expect-error: a child has no conflict policy
    conflict: () => startChild(tick, { workflowIdConflictPolicy: 'FAIL' }),
    signal: child.signal(approve, 'me', 3),
    // @ts-expect-error: an argument of the signal is missing
    signalWrong: () => child.signal(approve, 'me'),
    signalOther: external.signal('approve', 'anything'),
    result: child.result(),
  };
}
type Calls = ReturnType<typeof calls>;

describe('the types of children', () => {
  it("know the child's arguments, result and signals", () => {
    expectTypeOf<Calls['start']>().resolves.toEqualTypeOf<ChildWorkflowHandle<Greet>>();
    expectTypeOf<Calls['startByType']>().resolves.toEqualTypeOf<ChildWorkflowHandle<Greet>>();
    expectTypeOf<Calls['execute']>().resolves.toEqualTypeOf<string[]>();
    expectTypeOf<Calls['executeWithoutArgs']>().resolves.toEqualTypeOf<void>();
    expectTypeOf<Calls['result']>().resolves.toEqualTypeOf<string[]>();
  });
});
