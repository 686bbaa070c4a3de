import { ApplicationFailure, proxyActivities } from 'millrace/workflow';

/** A program as data: what to do, in which order, and where the results go. */
export type Statement =
  | { readonly activity: { readonly name: string; readonly args?: readonly string[]; readonly result?: string } }
  | { readonly sequence: readonly Statement[] }
  | { readonly parallel: readonly Statement[] };

export interface Script {
  readonly variables: Readonly<Record<string, string>>;
  readonly root: Statement;
}

// Any name will do: the activities are those that the script names.
const activities = proxyActivities<Record<string, (...args: string[]) => Promise<string>>>({
  startToCloseTimeout: '10 seconds',
});

/** Carries the script out; returns the variables as they are in the end. */
export async function interpret({ variables, root }: Script): Promise<Record<string, string>> {
  const values: Record<string, string> = { ...variables };
  await execute(root, values);
  return values;
}

async function execute(statement: Statement, values: Record<string, string>): Promise<void> {
  if ('parallel' in statement) {
    await Promise.all(statement.parallel.map((branch) => execute(branch, values)));
  } else if ('sequence' in statement) {
    for (const step of statement.sequence) await execute(step, values);
  } else {
    const { name, args = [], result } = statement.activity;
    const activity = activities[name];
    if (activity === undefined) throw ApplicationFailure.nonRetryable(`the script names no activity: ${name}`);
    const value = await activity(...args.map((arg) => values[arg] ?? arg));
    if (result !== undefined) values[result] = value;
  }
}
