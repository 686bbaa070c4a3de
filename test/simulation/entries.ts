// The updates of the workload: what each comes to, for the workflow that has them and for the oracle.

/** What becomes of an update follows from its number: refused, failed, answered at once, or after an activity. */
export function fateOf(number: number): 'refused' | 'failed' | 'quick' | 'slow' {
  const last = number % 10;
  if (last === 9) return 'refused';
  if (last === 8) return 'failed';
  return last < 4 ? 'quick' : 'slow';
}

/** What the update of a number answers when it has come as the nth. */
export function answerOf(number: number, nth: number): string {
  return `${number} as number ${nth}`;
}
