import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/temp-folder.ts',
    // Each file starts servers of its own; what it imports can be shared.
    isolate: false,
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
});
