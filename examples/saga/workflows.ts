import { ActivityFailure, ApplicationFailure, log, proxyActivities } from 'millrace/workflow';
import type { createActivities } from './activities.js';

const { bookCar, bookHotel, bookFlight, cancelCar, cancelHotel } = proxyActivities<ReturnType<typeof createActivities>>(
  {
    startToCloseTimeout: '10 seconds',
    retry: { maximumAttempts: 2, initialInterval: '50 milliseconds' },
  },
);

/** Books a trip, or nothing of it: what was booked before a step failed is cancelled, the last first. */
export async function bookTrip(name: string): Promise<string> {
  const compensations: Array<() => Promise<void>> = [];
  try {
    const car = await bookCar(name);
    compensations.unshift(() => cancelCar(car));
    const hotel = await bookHotel(name);
    compensations.unshift(() => cancelHotel(hotel));
    return `${car}, ${hotel} and ${await bookFlight(name)}`;
  } catch (error) {
    for (const compensate of compensations) await compensate();
    const cause = error instanceof ActivityFailure ? error.cause : undefined;
    log.warn('the trip was rolled back', { reason: cause?.message });
    throw ApplicationFailure.create({ message: 'the trip could not be booked', nonRetryable: true, cause });
  }
}
