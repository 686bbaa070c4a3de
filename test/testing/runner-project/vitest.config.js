import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['reminder.vitest.js'], testTimeout: 60_000 } });
