import { mapToPayloads } from '../common/converter/payloads.js';
import { converters } from './converters.js';
import { currentRun } from './current-run.js';

/**
 * Changes fields of the run's memo; `workflowInfo()` shows it at once. A value of null takes a field away; fields that
 * are not named stay as they are. Errors: TypeError for what is no object, PayloadConverterError for values that can't
 * be encoded.
 */
export function upsertMemo(memo: Readonly<Record<string, unknown>>): void {
  if (memo === null || typeof memo !== 'object') throw new TypeError('memo must be an object of fields');
  const run = currentRun();
  const entries = Object.entries(memo).filter(([, value]) => value !== undefined);
  const upserted = Object.fromEntries(entries.filter(([, value]) => value !== null));
  const removed = entries.filter(([, value]) => value === null).map(([name]) => name);
  const upsertedMemo = mapToPayloads(converters().payloadConverter, upserted);
  run.command('modifyWorkflowProperties', { upsertedMemo, removed }, run.nextSeq('property'));
  const all: Record<string, unknown> = { ...run.info.memo, ...upserted };
  for (const name of removed) delete all[name];
  run.started = { ...run.info, memo: all };
}
