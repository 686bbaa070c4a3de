/** A service that isn't ready the first times it is asked. */
export function createActivities(readyAfter: number) {
  let asked = 0;
  return {
    async look(): Promise<string> {
      asked += 1;
      if (asked <= readyAfter) throw new Error('not ready yet');
      return `ready, asked ${asked} times`;
    },
  };
}
