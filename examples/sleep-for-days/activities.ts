export function createActivities(onMail: (text: string) => void) {
  return {
    sendMail: async (text: string): Promise<void> => onMail(text),
  };
}
