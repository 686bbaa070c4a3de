// What markers in a history are for.
import { defaultPayloadConverter } from '../../common/converter/payload-converter.js';
import type { RunCommandOf } from '../../workflow/activation.js';
import { CHANGE_VERSION, PATCH_DETAIL, PATCH_MARKER, type PatchData } from '../../workflow/patches.js';
import type { RunEvent } from './history-events.js';

/** The patch that a marker, or the command for one, records; undefined for any other. */
export function patchOf(marker: RunEvent | RunCommandOf<'recordMarker'>['attributes']): PatchData | undefined {
  if ('type' in marker && marker.type !== 'MarkerRecorded') return undefined;
  const { markerName, details } = marker as RunCommandOf<'recordMarker'>['attributes'];
  const payload = details[PATCH_DETAIL];
  if (markerName !== PATCH_MARKER || payload === undefined) return undefined;
  return defaultPayloadConverter.fromPayload<PatchData>(payload);
}

/** Whether the event only says which patches a run has, for those who look for runs. */
export function listsPatches(event: RunEvent): boolean {
  return event.type === 'UpsertWorkflowSearchAttributes' && Object.hasOwn(event.searchAttributes, CHANGE_VERSION);
}
