import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {compareCase} from '../../scripts/expansion/compareCase.ts';
import {readGoldenCase} from '../../scripts/expansion/goldenCase.ts';

const FOLDER = new URL('../golden/expansion/', import.meta.url).pathname;
const SUFFIX = '.golden.ndjson.gz';
const CASES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(SUFFIX))
  .map((name) => name.slice(0, -SUFFIX.length));

test.each(CASES)('a real cluster makes the same of %s', (name) => {
  expect(compareCase(readGoldenCase(join(FOLDER, `${name}${SUFFIX}`), FOLDER))).toEqual([]);
});
