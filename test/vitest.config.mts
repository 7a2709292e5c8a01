import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: [
      'test/unit/**/*.test.ts',
      'test/board/**/*.test.ts',
      'test/cli/**/*.test.ts',
      'test/pty/**/*.test.ts',
      'test/server/**/*.test.ts',
      'test/fuzz/**/*.test.ts',
      'test/tidy/**/*.test.ts',
    ],
    // Two cores: the engine and the virtual board are themselves busy.
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
