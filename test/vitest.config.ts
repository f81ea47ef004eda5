import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/temp-folder.ts',
    // Each file starts servers of its own; what it imports can be shared.
    isolate: false,
    // Half of the time a worker waits for processes that it has started.
    maxWorkers: '150%',
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
