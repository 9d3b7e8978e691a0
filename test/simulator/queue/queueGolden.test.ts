import {describe, expect, test} from 'vitest';
import {readQueueCases} from './queueCase.ts';
import {QueueScript} from './queueScript.ts';

describe.each([...readQueueCases()])('%s', (_group, cases) => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, {states, steps, ...rest}) => {
    const script = new QueueScript({...rest, steps, states}, '1.36');
    expect(steps.map((step) => script.step(step))).toEqual(states);
  });
});
