import {afterEach, beforeEach, expect, vi} from 'vitest';

// The core knows no console and the commands write to injected streams, so a test that prints has found a leak.
const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;

beforeEach(() => {
  for (const method of methods) vi.spyOn(console, method).mockImplementation(() => {});
});

afterEach(() => {
  const calls = methods.flatMap((method) => vi.mocked(console[method]).mock.calls.map((args) => [method, ...args]));
  vi.restoreAllMocks();
  expect(calls, 'console output during a test').toEqual([]);
});
