import { setTimeout as delay } from 'node:timers/promises';
import { hash } from './hash.js';

/** The way to a service, with the faults that a network has. They are drawn from the order's id, so every run meets the same. */
export interface Network {
  /** Resolves once the request has gone through, or throws; `signal` gives a stalled one up. */
  call(service: string, idempotencyKey: string, signal?: AbortSignal): Promise<void>;
}

export const STALL_MS = 8_000;

/** How many times in a row the service is unavailable to this request before it goes through. */
export function plannedFailures(service: string, idempotencyKey: string): number {
  const draw = hash(`failures/${service}/${idempotencyKey}`) % 40;
  if (draw === 0) return 3;
  return draw <= 4 ? 1 : 0;
}

/** Whether the first request gets no answer at all: longer than the activity's startToClose time-out. */
export function plannedStall(service: string, idempotencyKey: string): boolean {
  return service === 'carrier' && hash(`stall/${idempotencyKey}`) % 60 === 0;
}

export function createNetwork(): Network {
  // Failures so far of requests that haven't gone through: as many entries as activities are being retried.
  const failures = new Map<string, number>();

  return {
    call: async (service, idempotencyKey, signal) => {
      const request = `${service}/${idempotencyKey}`;
      const failed = failures.get(request) ?? 0;
      const stalls = failed === 0 && plannedStall(service, idempotencyKey);
      if (stalls || failed < plannedFailures(service, idempotencyKey)) {
        failures.set(request, failed + 1);
        if (stalls) await delay(STALL_MS, undefined, signal && { signal });
        throw new Error(`${service}: 503 Service Unavailable`);
      }
      await delay(2 + (hash(request) % 20), undefined, signal && { signal });
      failures.delete(request);
    },
  };
}

/** A network without faults or latency. */
export const perfectNetwork: Network = { call: async () => {} };
