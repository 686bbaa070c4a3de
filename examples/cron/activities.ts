export function createActivities(onRun: (run: number) => void) {
  return {
    noteRun: async (run: number): Promise<void> => onRun(run),
  };
}
