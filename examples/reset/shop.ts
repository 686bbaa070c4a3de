/** A shop whose label printer may have the wrong address. */
export class Shop {
  address = 'Old Street 1';
  reservations = 0;
  onLabel: (label: string) => void = () => {};

  readonly activities = {
    reserve: async (item: string): Promise<string> => {
      this.reservations += 1;
      return `${item} is reserved`;
    },
    printLabel: async (): Promise<string> => {
      const label = `to ${this.address}`;
      this.onLabel(label);
      return label;
    },
  };
}
