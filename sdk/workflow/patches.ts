// Versions of workflow code, told apart within a run: a marker in the history says that the new code has begun.
import { defaultPayloadConverter } from '../common/converter/payload-converter.js';
import { currentRun } from './current-run.js';
import type { WorkflowRun } from './run.js';
import { changeSearchAttributes } from './search-attributes.js';

/** The marker's name, and the field that says which patch it is. */
export const PATCH_MARKER = 'core_patch';
export const PATCH_DETAIL = 'patch-data';
/** The search attribute that lists a run's patches, so that one can find the runs that have, or lack, one. */
export const CHANGE_VERSION = 'TemporalChangeVersion';

export interface PatchData {
  readonly id: string;
  readonly deprecated: boolean;
}

/**
 * Whether the run is to take the new way: true where the code gets here for the first time, and ever after in this run,
 * replays included; false where the run went by here before the patch was made. The first answer holds for the whole run.
 */
export function patched(patchId: string): boolean {
  return decidePatch(currentRun(), checked(patchId), false);
}

/**
 * Says that no run goes the old way any more, so that the new one is taken without asking. Runs that recorded the patch
 * still replay; once all of them have ended this call can go as well.
 */
export function deprecatePatch(patchId: string): void {
  decidePatch(currentRun(), checked(patchId), true);
}

function checked(patchId: string): string {
  if (typeof patchId === 'string' && patchId !== '') return patchId;
  throw new TypeError(`a patch is named by a string that isn't empty, not by ${String(patchId)}`);
}

function decidePatch(run: WorkflowRun, patchId: string, deprecated: boolean): boolean {
  const decided = run.patches.get(patchId);
  if (decided !== undefined) return decided;
  const isRecorded = run.recordedPatches.has(patchId);
  // A query only looks, so that what it is told must not hold for the run.
  if (run.isReadOnly) return isRecorded;
  const isTaken = isRecorded || !run.activation.isReplaying;
  run.patches.set(patchId, isTaken);
  if (isTaken) record(run, { id: patchId, deprecated });
  return isTaken;
}

function record(run: WorkflowRun, patch: PatchData): void {
  const details = { [PATCH_DETAIL]: defaultPayloadConverter.toPayload(patch) };
  run.command('recordMarker', { markerName: PATCH_MARKER, details, failure: null, headers: {} }, run.nextSeq('marker'));
  const taken = [...run.patches].filter(([, isTaken]) => isTaken).map(([id]) => id);
  changeSearchAttributes(run, { [CHANGE_VERSION]: taken });
}
