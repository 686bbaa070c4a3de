// Workflows of the tests about chains of runs.
import { type ContinueAsNewOptions, makeContinueAsNewFunc, uuid4, workflowInfo } from 'millrace/workflow';

export async function goesOn(options: ContinueAsNewOptions): Promise<void> {
  await makeContinueAsNewFunc<typeof goesOn>(options)(options);
}

export async function infoOfChain(): Promise<object> {
  const { firstExecutionRunId, continuedFromExecutionRunId, lastResult, lastFailure, attempt } = workflowInfo();
  const { cronSchedule, cronScheduleToScheduleInterval, startTime, runStartTime } = workflowInfo();
  return {
    firstExecutionRunId,
    continuedFromExecutionRunId,
    lastResult,
    lastFailure: lastFailure?.message,
    attempt,
    cronSchedule,
    cronScheduleToScheduleInterval,
    startTime,
    runStartTime,
  };
}

export async function infoOfTree(): Promise<object> {
  const { parent, root } = workflowInfo();
  return { parent, root };
}

const drawnAtLoad = Math.random();

export async function randomNumbers(): Promise<unknown[]> {
  return [drawnAtLoad, Math.random(), Math.random(), uuid4()];
}
