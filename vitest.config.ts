import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup/failOnConsole.ts'],
    env: {TZ: 'UTC', NO_COLOR: '1'},
    testTimeout: 60_000,
    // Modules are pure, so files can share them: a third of the time goes into loading otherwise.
    isolate: false,
  },
});
