// Dates from days since the epoch, in UTC and the Gregorian calendar, by arithmetic alone: a `Date` would be a clock to
// the core. After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".

export const DAY_MS = 86_400_000;

/** 400 years, after which the calendar repeats itself. */
const ERA_DAYS = 146_097;

/** Days from the 1st of March of the year 0 to the 1st of January 1970. */
const EPOCH_DAYS = 719_468;

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** The date of a day counted from the 1st of January 1970. */
export function civilOfDay(epochDay: number): CivilDate {
  const shifted = epochDay + EPOCH_DAYS;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const leapDays = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  // Years begin in March here, so that the leap day is their last.
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** 0 for Sunday to 6 for Saturday. The 1st of January 1970 was a Thursday. */
export function weekdayOf(epochDay: number): number {
  return (((epochDay + 4) % 7) + 7) % 7;
}
