import {readdirSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {goldenAccount, goldenRows, ownAccount} from './expansionGolden.ts';

const FOLDER = new URL('../golden/expansion/', import.meta.url).pathname;
const CASES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length));

test.each(CASES)('a real cluster makes the same of %s', (name) => {
  const rows = goldenRows(`${FOLDER}${name}.golden.ndjson.gz`);
  const text = readFileSync(`${FOLDER}${name}.yaml`, 'utf8');
  expect(ownAccount([{name, text}], rows)).toEqual(goldenAccount(rows));
});
