import { executeChild, ParentClosePolicy, startChild, workflowInfo } from 'millrace/workflow';

export async function greetAll(names: readonly string[]): Promise<string[]> {
  return Promise.all(names.map((name) => executeChild(greetOne, { args: [name] })));
}

export async function greetOne(name: string): Promise<string> {
  return `Hello, ${name}, from a child of ${workflowInfo().parent === undefined ? 'nobody' : 'somebody'}`;
}

/** Ends at once; its child goes on without it. */
export async function leavesChild(workflowId: string): Promise<string> {
  const child = await startChild(greetOne, {
    workflowId,
    args: ['orphan'],
    parentClosePolicy: ParentClosePolicy.ABANDON,
  });
  return child.workflowId;
}
