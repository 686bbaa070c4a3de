import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests that need a Kafka and a registry: one of each is started for the whole run, and only when one of these is in it. */
const onKafka = ['test/{contract,dev,e2e,kafka}/**/*.test.ts', 'test/codec/registry.test.ts'];

/** Tests on three brokers, which they start themselves. */
const onThreeBrokers = ['test/cluster/cluster.test.ts'];

export default defineConfig({
  resolve: {
    // Tests run the sources; their child processes run `dist`, through the package's exports.
    alias: [
      { find: /^millrace\/([\w-]+)$/, replacement: join(import.meta.dirname, 'sdk', '$1', 'index.ts') },
      { find: /^millrace\/(common\/lib\/\w+)$/, replacement: join(import.meta.dirname, 'sdk', '$1.ts') },
    ],
  },
  test: {
    // The broker, the registry and the processes under test want a part of the machine too.
    maxWorkers: 2,
    // For whoever started the run by machine: it reads the counts from there.
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'dist/test-results.json' }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['{test,examples}/**/*.test.ts'],
          exclude: [...onKafka, ...onThreeBrokers],
          // Long enough for a machine that does much else; what hangs is found all the same.
          testTimeout: 90_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'kafka',
          include: onKafka,
          globalSetup: 'test/kit/global-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: onThreeBrokers,
          // After the others: three brokers that are killed and started again take all of a small machine.
          sequence: { groupOrder: 1 },
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
