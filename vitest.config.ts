import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{contracts,server,simulator,web,bench,test}/**/*.test.{ts,tsx}'],
    globalSetup: ['server/platform/testing/server.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // Tests that kill processes and drive a browser share two cores there with everything else; a second failure is a failure.
    retry: process.env['CI'] === undefined ? 0 : 1,
    pool: 'forks',
    maxWorkers: 2,
    env: { XINGLIN_LOG: 'silent' },
  },
});
