import type { Payload } from '../../schemas/generated/messages.js';
import { encodeSearchAttributes, type SearchAttributes } from '../common/search-attributes.js';
import type { WorkflowRun } from './run.js';

/** Changes the run's search attributes, for the code at once. An attribute without values is taken away. */
export function changeSearchAttributes(run: WorkflowRun, changes: SearchAttributes): void {
  const upserted = Object.entries(changes).filter(([, values]) => values && values.length > 0);
  const removed = Object.keys(changes).filter((name) => changes[name]?.length === 0);
  const searchAttributes: Record<string, Payload> = encodeSearchAttributes(Object.fromEntries(upserted));
  run.command('upsertSearchAttributes', { searchAttributes, removed }, run.nextSeq('property'));
  const all = { ...run.info.searchAttributes, ...Object.fromEntries(upserted) };
  for (const name of removed) delete all[name];
  run.started = { ...run.info, searchAttributes: all };
}
