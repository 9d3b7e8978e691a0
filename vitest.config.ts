import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup/failOnConsole.ts'],
    env: {TZ: 'UTC', NO_COLOR: '1'},
    testTimeout: 60_000,
    // Modules are pure, so files can share them: a third of the time goes into loading otherwise.
    isolate: false,
    // Threads that compile WebAssembly, one after the other in one process, now and then end V8 with "Check failed:
    // jit_page.has_value()" where processors have protection keys; the pages need none in tests.
    execArgv: ['--no-memory-protection-keys'],
  },
});
