import { ApplicationFailure } from 'millrace/common';

/** Bookings that are kept in a list, and an airline without seats. */
export function createActivities(bookings: Set<string>) {
  const book = (what: string) => {
    bookings.add(what);
    return what;
  };
  return {
    bookCar: async (name: string) => book(`car of ${name}`),
    bookHotel: async (name: string) => book(`hotel of ${name}`),
    async bookFlight(_name: string): Promise<string> {
      throw ApplicationFailure.nonRetryable('no seats are left', 'SoldOut');
    },
    cancelCar: async (car: string) => void bookings.delete(car),
    cancelHotel: async (hotel: string) => void bookings.delete(hotel),
  };
}
