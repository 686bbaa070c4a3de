import { currentRun } from './current-run.js';

/** What the workflow is at, in Markdown, for people: the metadata query tells it. Empty until it is set. */
export function getCurrentDetails(): string {
  return currentRun().currentDetails;
}

/** Sets what `getCurrentDetails` returns. It is no part of the history: a replay sets it again. */
export function setCurrentDetails(details: string): void {
  const run = currentRun();
  run.assertMayChange();
  run.currentDetails = details;
}
