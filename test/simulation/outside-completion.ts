// The client as the one who ends an activity of a workflow.
import { ActivityNotFoundError, type WorkflowHandle } from '../../sdk/client/index.js';
import { pause } from '../../services/platform/clock.js';
import type { ErrandRunnerOptions } from './errand-runner.js';
import type { Deed } from './errands.js';
import { ASK_AGAIN_MS, isUnknown } from './unknown-outcome.js';

/**
 * Completes the workflow's activity by the token that its attempt has left, and says so until the workflow is closed by
 * it. One of its completions must have counted, and its sender was not told otherwise.
 */
export async function completeFromOutside(
  { number, failures }: Extract<Deed, { kind: 'complete' }>,
  handle: WorkflowHandle,
  { client, ledger, process }: ErrandRunnerOptions,
): Promise<void> {
  const { workflowId } = handle;
  for (let failed = 0; !(await isClosed(handle)); await pause(process.clock, ASK_AGAIN_MS)) {
    const token = ledger.tokens.get(workflowId);
    if (token === undefined) continue;
    if (failed < failures) {
      failed += 1;
      await tell(() => client.activity.fail(token, new Error('not yet')));
    } else {
      const request = ledger.ask(workflowId, 'complete');
      request.outcome = await tell(() => client.activity.complete(token, number));
    }
  }
  const wasTaken = ledger.accepted(workflowId, 'complete').length > 0 || ledger.isInDoubt(workflowId, 'complete');
  if (!wasTaken) throw new Error('it is closed, and whoever completed its activity was always refused');
}

async function tell(say: () => Promise<void>): Promise<'accepted' | 'refused' | 'unknown'> {
  try {
    await say();
    return 'accepted';
  } catch (error) {
    if (error instanceof ActivityNotFoundError) return 'refused';
    if (!isUnknown(error)) throw error;
    return 'unknown';
  }
}

async function isClosed(handle: WorkflowHandle): Promise<boolean> {
  try {
    return (await handle.describe()).status.name !== 'RUNNING';
  } catch (error) {
    if (!isUnknown(error)) throw error;
    return false;
  }
}
