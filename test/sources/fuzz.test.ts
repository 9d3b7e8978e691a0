import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {EXAMPLES} from './fuzzExamples.ts';
import {bytesProperty, itemsProperty, lostItems} from './fuzzing.ts';

const parameters = {numRuns: 1500, seed: 0x5eed};

describe('whatever comes in', () => {
  test('crashes nothing', () => fc.assert(bytesProperty(), parameters));

  test('is used, or named in a warning or an error', () => fc.assert(itemsProperty(EXAMPLES), parameters));

  test('the examples themselves are', () => expect(lostItems(EXAMPLES)).toEqual([]));
});
