export interface FirstAnswerOptions<Candidate, Answer> {
  readonly ask: (candidate: Candidate) => Promise<Answer>;
  /** How long one is waited for before the next is asked as well. */
  readonly patienceMs: number;
  /** Whether no other would answer better. */
  readonly isFinal: (error: unknown) => boolean;
}

/**
 * Asks the candidates one after the other until one answers. Where one is silent for long the next is asked too, and
 * the first answer counts: a process that hangs may be the first of them. Rejects with the last failure, or a final one.
 */
export function firstAnswer<Candidate, Answer>(
  candidates: Iterable<Candidate>,
  { ask, patienceMs, isFinal }: FirstAnswerOptions<Candidate, Answer>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const unasked = [...candidates];
    let waiting = 0;
    let timer: NodeJS.Timeout | undefined;

    function end(settle: () => void): void {
      unasked.length = 0;
      clearTimeout(timer);
      settle();
    }

    function askNext(): void {
      clearTimeout(timer);
      const next = unasked.shift();
      if (next === undefined) return;
      if (unasked.length > 0) timer = setTimeout(askNext, patienceMs);
      waiting += 1;
      ask(next).then(
        (answer) => end(() => resolve(answer)),
        (error: unknown) => {
          waiting -= 1;
          if (isFinal(error) || (unasked.length === 0 && waiting === 0)) end(() => reject(error));
          else askNext();
        },
      );
    }

    askNext();
  });
}
