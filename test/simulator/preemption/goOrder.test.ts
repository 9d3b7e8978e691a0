import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {sortAsGo} from '../../../simulator/preemption/goOrder.ts';

/** Lines of `[keys, positions]`: how sort.Slice of Go 1.26 puts the positions by their keys. */
const FILE = new URL('../../golden/scheduler/order/sort-slice.ndjson', import.meta.url);

test('equal elements stand as Go puts them, whatever order they came in', () => {
  const lines = readFileSync(FILE, 'utf8').trim().split('\n');
  expect(lines.length).toBe(400);
  for (const line of lines) {
    const [keys, expected] = JSON.parse(line) as [readonly number[], readonly number[]];
    expect(sortAsGo([...keys.keys()], (a, b) => keys[a]! - keys[b]!)).toEqual(expected);
  }
});
