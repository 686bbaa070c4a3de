// The one order of a diary's notes, which came by signals and by updates: that in which its code was told of them. A
// workflow task tells of the signals up to the last event that it has seen, and then of the updates that it accepts.
import type { Payload } from '../../schemas/generated/messages.js';
import type { RunEvent } from '../e2e/promises/namespace-history.js';

/** The notes of a diary, in the order of its history. */
export function notesOf(events: readonly RunEvent[]): string[] {
  const notes: string[] = [];
  let seenEventId = 0;
  let unseen: Array<{ readonly eventId: number; readonly note: string }> = [];
  for (const event of events) {
    if (event.type === 'WorkflowExecutionSignaled' && event.signalName === 'note') {
      unseen.push({ eventId: event.header.eventId, note: textOf(event.input) });
    }
    if (event.type === 'WorkflowTaskStarted') seenEventId = event.seenEventId;
    if (event.type === 'WorkflowTaskCompleted') {
      notes.push(...unseen.filter(({ eventId }) => eventId <= seenEventId).map(({ note }) => note));
      unseen = unseen.filter(({ eventId }) => eventId > seenEventId);
    }
    if (event.type === 'WorkflowExecutionUpdateAccepted') notes.push(textOf(event.update.input));
  }
  return [...notes, ...unseen.map(({ note }) => note)];
}

function textOf([payload]: readonly Payload[]): string {
  return payload === undefined ? '' : (JSON.parse(Buffer.from(payload.data).toString('utf8')) as string);
}
