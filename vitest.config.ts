import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{contracts,server,simulator,web,bench,test}/**/*.test.{ts,tsx}'],
    globalSetup: ['server/platform/testing/server.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    env: { XINGLIN_LOG: 'silent' },
  },
});
