import { expect, it } from 'vitest';
import { newClusterId } from '../../services/dev/kafka-broker.js';

it("a cluster id is never taken for an option by Kafka's tool", () => {
  for (let i = 0; i < 2_000; i++) expect(newClusterId()).toMatch(/^[A-Za-z][\w-]{21}$/);
});
