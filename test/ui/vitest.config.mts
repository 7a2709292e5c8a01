import { defineConfig } from 'vitest/config';

/** Tests that use the real VS Code as users do; one workbench at a time. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    // A window of VS Code is slow beside other programs.
    expect: { poll: { timeout: 60_000 } },
    include: ['test/ui/**/*.test.ts'],
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 600_000,
  },
});
