import { describe, expect, it } from 'vitest';
import { HistoryFold } from '../../services/history/history-fold.js';
import { openLoop } from './lone-loop.js';
import { randomFrom } from './random.js';
import { makeCommand } from './random-commands.js';
import { eventually } from './world.js';

const retentionMs = 24 * 60 * 60 * 1000;

describe('H3: state folded again', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    it(`equals the live state after a random run of commands (seed ${seed})`, async () => {
      const { clock, log, codec, topics, projection, loop, ended } = await openLoop({ retentionMs });
      const random = randomFrom(seed);
      const pick = (n: number) => Math.floor(random() * n);
      for (let offset = 0; offset < 600; offset++) {
        const run = [...projection.state.runs.values()][pick(projection.state.runs.size)];
        await loop.take([{ offset, command: makeCommand(offset, run, pick) }]);
        // Now and then the append under way gets through and timers fire.
        if (pick(3) === 0) await new Promise((resolve) => setImmediate(resolve));
        if (pick(3) === 0) clock.advance(pick(3_000));
      }
      await loop.stop();
      await ended;

      const again = new HistoryFold({ partition: 0, codec, retentionMs });
      const source = { topic: topics.history, partition: 0 };
      const { next } = await log.offsets(source);
      const reader = log.reader((_, records) => again.add(records));
      await reader.assign(source, 0);
      await eventually(() => again.position === next);
      expect(again.projection.state).toEqual(projection.state);
      expect(projection.state.runs.size).toBeGreaterThan(10);
      for (const runId of projection.state.runs.keys()) {
        expect(again.projection.runLog.get(runId)).toEqual(projection.runLog.get(runId));
      }
      expect(again.commandsOffset).toBeGreaterThan(500);
    });
  }
});
