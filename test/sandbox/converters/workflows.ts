import { ApplicationFailure, defineQuery, proxyActivities, setHandler, workflowInfo } from 'millrace/workflow';

const { greet } = proxyActivities<{ greet(name: string): Promise<string> }>({ startToCloseTimeout: '1 minute' });

export async function greets(name: string): Promise<unknown> {
  setHandler(defineQuery<string, [string]>('echo'), (text) => text);
  return [name, await greet('x'), workflowInfo().memo];
}

export async function fails(): Promise<void> {
  throw ApplicationFailure.retryable('on purpose');
}

export async function errs(): Promise<void> {
  throw new TypeError('by mistake');
}
