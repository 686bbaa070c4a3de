import { describe, expect, it } from 'vitest';
import type { HistoryServiceLease } from '../../schemas/generated/messages.js';
import { Fleet } from '../../services/history/fleet.js';

const LEASE_MS = 1_500;
const RENEW_MS = 250;

type Epochs = Readonly<Record<number, number>>;

function lease(serviceId: string, epochs: Epochs, leaseMs = LEASE_MS): HistoryServiceLease {
  const partitions = Object.entries(epochs).map(([partition, ownerEpoch]) => ({
    partition: Number(partition),
    ownerEpoch,
  }));
  return { serviceId, identity: serviceId, sequence: 1, partitions, leaseMs, renewedAt: 0 };
}

/** A fleet as `serviceId` sees it, after these leases. */
function fleetOf(serviceId: string, holdings: Readonly<Record<string, Epochs>>): Fleet {
  const fleet = new Fleet(serviceId, 8);
  for (const [id, epochs] of Object.entries(holdings)) fleet.heard(lease(id, epochs));
  return fleet;
}

/** Lets everybody renew but those silent, `times` times. Returns who is lost by it. */
function renew(fleet: Fleet, self: string, others: Readonly<Record<string, Epochs>>, times: number): string[] {
  const lost: string[] = [];
  for (let time = 0; time < times; time++) {
    for (const [id, epochs] of Object.entries(others)) fleet.heard(lease(id, epochs));
    lost.push(...fleet.passed(RENEW_MS));
  }
  expect(fleet.alive).toContain(self);
  return lost;
}

const three = { a: { 0: 1, 3: 1, 6: 1 }, b: { 1: 1, 4: 1, 7: 1 }, c: { 2: 1, 5: 1 } };

describe('a fleet', () => {
  it('F1 loses a service once own renewals have covered its lease without one of its own', () => {
    const fleet = fleetOf('a', three);
    expect(renew(fleet, 'a', { c: three.c }, LEASE_MS / RENEW_MS - 1)).toEqual([]);
    expect(renew(fleet, 'a', { c: three.c }, 1)).toEqual(['b']);
    expect(fleet.alive).toEqual(['a', 'c']);
  });

  it('F1 keeps a service that renews late, but in time', () => {
    const fleet = fleetOf('a', three);
    for (let round = 0; round < 10; round++) {
      expect(renew(fleet, 'a', { c: three.c }, 5)).toEqual([]);
      fleet.heard(lease('b', three.b));
    }
  });

  it('F1 loses nobody for as long after an outage as that lasted', () => {
    const fleet = fleetOf('a', three);
    fleet.forgive(2_000);
    expect(renew(fleet, 'a', {}, 13)).toEqual([]);
    expect(renew(fleet, 'a', {}, 1).sort()).toEqual(['b', 'c']);
  });

  it('F2 shares what a lost service had among the others, who agree on it and keep what they have', () => {
    const fleets = ['a', 'c'].map((self) => {
      const fleet = fleetOf(self, three);
      const others = self === 'a' ? { c: three.c } : { a: three.a };
      renew(fleet, self, others, 6);
      return fleet;
    });
    const [a, c] = fleets.map((fleet) => fleet.inheritance);
    expect([...(a ?? []), ...(c ?? [])].sort()).toEqual([1, 4, 7]);
    expect(a).toHaveLength(1);
    expect(c).toHaveLength(2);
  });

  it('F2 agrees also with one who was quicker and has its share already', () => {
    const quick = fleetOf('a', three);
    renew(quick, 'a', { c: three.c }, 6);
    const [inherited = -1] = quick.inheritance;
    const slow = fleetOf('c', three);
    slow.heard(lease('a', { ...three.a, [inherited]: 0 }));
    renew(slow, 'c', { a: { ...three.a, [inherited]: 2 } }, 6);
    expect([...slow.inheritance, inherited].sort()).toEqual([1, 4, 7]);
  });

  it('F2 expects of each other service just what it would inherit from it', () => {
    const expected = fleetOf('a', three).expectations;
    for (const gone of ['b', 'c'] as const) {
      const fleet = fleetOf('a', three);
      fleet.heard(lease(gone, three[gone], 0));
      for (const partition of fleet.inheritance) expect(expected).toContain(partition);
    }
    expect(fleetOf('a', { a: three.a, b: three.b }).expectations).toEqual([1, 4, 7]);
  });

  it('hands over at once what a service had that withdraws', () => {
    const fleet = fleetOf('a', { a: three.a, b: three.b });
    fleet.heard(lease('b', three.b, 0));
    expect(fleet.inheritance).toEqual([1, 4, 7]);
  });

  it('leaves alone what somebody else has by now, or the lost one when it is back', () => {
    const fleet = fleetOf('a', { a: {}, b: three.b, c: {} });
    renew(fleet, 'a', { c: {} }, 6);
    expect(fleet.inheritance.length).toBeGreaterThan(0);
    fleet.heard(lease('c', { 1: 2, 4: 2 }));
    fleet.heard(lease('b', three.b));
    expect(fleet.inheritance).toEqual([]);
  });

  it('F3 holds a partition for beaten when another has claimed a higher epoch, and not by one that is lost', () => {
    const fleet = fleetOf('a', { a: { 1: 1 }, b: { 1: 2, 4: 0 } });
    expect(fleet.isBeaten({ partition: 1, ownerEpoch: 1 })).toBe(true);
    expect(fleet.isBeaten({ partition: 1, ownerEpoch: 2 })).toBe(false);
    expect(fleet.isBeaten({ partition: 4, ownerEpoch: 1 })).toBe(false);
    fleet.heard(lease('b', { 1: 2 }, 0));
    expect(fleet.isBeaten({ partition: 1, ownerEpoch: 1 })).toBe(false);
  });

  it('says whether a lease changes who has what', () => {
    const fleet = new Fleet('a', 8);
    expect(fleet.heard(lease('b', { 1: 0 }))).toBe(true);
    expect(fleet.heard(lease('b', { 1: 0 }))).toBe(false);
    expect(fleet.heard(lease('b', { 1: 2 }))).toBe(true);
    expect(fleet.heard(lease('b', {}))).toBe(true);
  });
});
