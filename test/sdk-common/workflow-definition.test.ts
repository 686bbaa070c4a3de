import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  extractWorkflowType,
  type WithWorkflowArgs,
  type Workflow,
  type WorkflowResultType,
} from '../../sdk/common/index.js';

async function greet(name: string, times?: number): Promise<string[]> {
  return Array.from({ length: times ?? 1 }, () => `hello ${name}`);
}

describe('a workflow', () => {
  it('goes by its name', () => {
    expect([extractWorkflowType(greet), extractWorkflowType('other')]).toEqual(['greet', 'other']);
  });

  it('that is anonymous, or no function, is refused', () => {
    expect(() => extractWorkflowType(async () => 1)).toThrow(
      'Invalid workflow type: the workflow function is anonymous',
    );
    expect(() => extractWorkflowType(5 as unknown as string)).toThrow('Invalid workflow type');
  });

  it('has arguments that are required when it takes any, and a result [common.definition-types]', () => {
    expectTypeOf<{ taskQueue: string }>().toExtend<WithWorkflowArgs<() => Promise<void>, object>>();
    expectTypeOf<{ taskQueue: string }>().not.toExtend<WithWorkflowArgs<typeof greet, object>>();
    expectTypeOf<{ args: [string] }>().toExtend<WithWorkflowArgs<typeof greet, object>>();
    expectTypeOf<{ args: [number] }>().not.toExtend<WithWorkflowArgs<typeof greet, object>>();
    expectTypeOf<WorkflowResultType<typeof greet>>().toEqualTypeOf<string[]>();
    expectTypeOf<WorkflowResultType<Workflow>>().toBeAny();
  });
});
