/** What the activities need of the world. */
export interface Dictionary {
  lookUp(word: string): Promise<string | undefined>;
}

/** Activities that share a dictionary: the worker makes it, and a test makes another. */
export function createActivities(dictionary: Dictionary) {
  return {
    async translate(word: string): Promise<string> {
      return (await dictionary.lookUp(word)) ?? word;
    },
  };
}
