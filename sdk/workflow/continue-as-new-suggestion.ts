import type { SuggestContinueAsNewReason } from '../common/suggest-continue-as-new-reason.js';
import type { Activation } from './activation.js';

// Temporal's default limits. Code may decide by them, so they stay as they are: a replay has to suggest the same.
const SUGGESTED_EVENTS = 4_096;
const SUGGESTED_BYTES = 4 * 1024 * 1024;
const SUGGESTED_UPDATES = 1_800;

export function suggestedReasons(
  activation: Pick<Activation, 'historyLength' | 'historySize' | 'acceptedUpdates'>,
): SuggestContinueAsNewReason[] {
  const reasons: SuggestContinueAsNewReason[] = [];
  if (activation.historySize >= SUGGESTED_BYTES) reasons.push('HISTORY_SIZE_TOO_LARGE');
  if (activation.historyLength >= SUGGESTED_EVENTS) reasons.push('TOO_MANY_HISTORY_EVENTS');
  if (activation.acceptedUpdates >= SUGGESTED_UPDATES) reasons.push('TOO_MANY_UPDATES');
  return reasons;
}
