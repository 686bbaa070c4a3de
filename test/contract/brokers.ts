import { inject } from 'vitest';

/** The brokers that the tests run against: those the environment names, or those started for the run. */
export function brokers(): string[] {
  const named = process.env.KAFKA_BROKERS;
  return named === undefined ? inject('brokers') : named.split(',');
}
