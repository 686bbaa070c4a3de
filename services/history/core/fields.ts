// A run's memo and search attributes, which its code changes field by field.
import type { HistoryEvent, Payload } from '../../../schemas/generated/messages.js';

type Fields = Readonly<Record<string, Payload>>;

/** The fields that code may change. */
export interface RunFields {
  readonly memo: Fields;
  readonly searchAttributes: Fields;
}

export function changedFields(fields: Fields, upserted: Fields, removed: readonly string[]): Record<string, Payload> {
  const all = { ...fields, ...upserted };
  for (const name of removed) delete all[name];
  return all;
}

/** A run's fields as they are once the events are folded in. */
export function fieldsAfter({ memo, searchAttributes }: RunFields, events: readonly HistoryEvent[]): RunFields {
  let fields = { memo, searchAttributes };
  for (const event of events) {
    if (event.type === 'UpsertWorkflowSearchAttributes') {
      const { searchAttributes, removed } = event;
      fields = { ...fields, searchAttributes: changedFields(fields.searchAttributes, searchAttributes, removed) };
    } else if (event.type === 'WorkflowPropertiesModified') {
      fields = { ...fields, memo: changedFields(fields.memo, event.upsertedMemo, event.removed) };
    }
  }
  return fields;
}
