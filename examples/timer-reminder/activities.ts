/** An order that takes until somebody has been reminded of it. */
export function createActivities(say: (line: string) => void) {
  let onReminder = () => {};
  const reminded = new Promise<void>((resolve) => {
    onReminder = resolve;
  });
  return {
    async processOrder(): Promise<void> {
      await reminded;
    },
    async sendReminder(): Promise<void> {
      say('sorry, your order takes longer than it should');
      onReminder();
    },
  };
}
