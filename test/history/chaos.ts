import { LogError } from '../../services/platform/log/errors.js';
import type { Faults } from './faulty-log.js';

const unavailable = () => new LogError('LOG_UNAVAILABLE', 'chaos');

/** Appends and sends that fail before or after they were written, one in twenty each. */
export function chaos(random: () => number): Faults {
  return {
    onAppend: async (_records, next) => {
      const fate = random();
      if (fate < 0.05) throw unavailable();
      const offset = await next();
      if (fate > 0.95) throw unavailable();
      return offset;
    },
    onSend: async (_target, _records, next) => {
      const fate = random();
      if (fate < 0.05) throw unavailable();
      const offset = await next();
      if (fate > 0.95) throw unavailable();
      return offset;
    },
  };
}
