// What markers in a history are for.
import { defaultPayloadConverter } from '../../common/converter/payload-converter.js';
import type { LocalActivityResolution, RunCommandOf } from '../../workflow/activation.js';
import {
  LOCAL_ACTIVITY_DATA,
  LOCAL_ACTIVITY_MARKER,
  LOCAL_ACTIVITY_RESULT,
  type LocalActivityData,
} from '../../workflow/local-activities.js';
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

/** What became of a local activity, as its marker says; undefined for any other marker. */
export function localActivityOf(
  marker: RunEvent | RunCommandOf<'recordMarker'>['attributes'],
): (LocalActivityResolution & LocalActivityData) | undefined {
  if ('type' in marker && marker.type !== 'MarkerRecorded') return undefined;
  const { markerName, details, failure } = marker as RunCommandOf<'recordMarker'>['attributes'];
  const data = details[LOCAL_ACTIVITY_DATA];
  if (markerName !== LOCAL_ACTIVITY_MARKER || data === undefined) return undefined;
  const result = details[LOCAL_ACTIVITY_RESULT] ?? null;
  return { ...defaultPayloadConverter.fromPayload<LocalActivityData>(data), result, failure };
}

/** Whether the event only says which patches a run has, for those who look for runs. */
export function listsPatches(event: RunEvent): boolean {
  return event.type === 'UpsertWorkflowSearchAttributes' && Object.hasOwn(event.searchAttributes, CHANGE_VERSION);
}
