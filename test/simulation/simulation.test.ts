// Seeds that are always the same, seeds that are new each time, and those that once found a defect.
import { describe, expect, it } from 'vitest';
import { regressions } from './regressions.js';
import { simulate } from './simulation.js';

const minutes = 1;
const fixed = [1, 2, 3, 4, 5, 6];
const fresh = [0, 1, 2].map((n) => (Date.now() % 1_000_000_000) + n);

/** Says how to run it again, and what was going on. */
async function expectToHold(seed: number, forMinutes: number): Promise<void> {
  const { failure, trace } = await simulate({ seed, minutes: forMinutes });
  if (failure === undefined) return;
  const again = `npm run simulate -- --seed ${seed} --minutes ${forMinutes}`;
  throw new Error(`seed ${seed}: ${failure.message}\nrun it again with: ${again}\n${trace.join('\n')}`, {
    cause: failure.cause,
  });
}

describe('the whole platform under faults from a seed', () => {
  it('goes the same way each time', async () => {
    const first = await simulate({ seed: 7, minutes });
    const second = await simulate({ seed: 7, minutes });
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(second.steps).toBeGreaterThan(1_000);
  });

  it.each(fixed)('keeps every promise (seed %i)', (seed) => expectToHold(seed, minutes));

  it.each(fresh)('keeps every promise (fresh seed %i)', (seed) => expectToHold(seed, minutes));

  it.each(regressions)('does not fail as it once did: $was (seed $seed)', ({ seed, minutes }) =>
    expectToHold(seed, minutes),
  );
});
