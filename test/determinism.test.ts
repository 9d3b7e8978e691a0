import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, expect, test} from 'vitest';
import {Diagnostics} from '../model/diagnostic.ts';
import {parseDocuments} from '../sources/documents.ts';
import {runCommand} from './helpers/runCommand.ts';

const folder = mkdtempSync(join(tmpdir(), 'stowage-'));
afterAll(() => rmSync(folder, {recursive: true}));

async function resultFile(path: string): Promise<string> {
  const {stdout, stderr, exitCode} = await runCommand(['simulate', '-f', path, '-o', 'json', '-q']);
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

/** The same value with the keys of every object in an order drawn from `random`. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, random));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => ({key, item: shuffled(item, random), rank: random()}));
  return Object.fromEntries(entries.sort((a, b) => a.rank - b.rank).map(({key, item}) => [key, item]));
}

function shuffleFile(path: string, random: () => number): void {
  const documents = parseDocuments({name: path, text: readFileSync(path, 'utf8')}, new Diagnostics());
  writeFileSync(
    path,
    documents.map(({value}) => `${JSON.stringify(shuffled(value, random), null, 1)}\n`).join('---\n'),
  );
}

test.each(['flink-hello-world', 'online-and-flink'])('%s gives the same bytes on every run', async (name) => {
  const path = join('scenarios', name);
  expect(await resultFile(path)).toBe(await resultFile(path));
});

test.each(['flink-hello-world', 'online-and-flink'])(
  '%s gives the same bytes whatever the order of keys',
  async (name) => {
    const expected = await resultFile(join('scenarios', name));
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.double({min: 0, max: 1, noNaN: true})), async (stream) => {
        const random = () => stream.next().value;
        const copy = join(folder, name);
        cpSync(join('scenarios', name), copy, {recursive: true});
        shuffleFile(join(copy, 'scenario.yaml'), random);
        for (const file of readdirSync(join(copy, 'manifests'))) shuffleFile(join(copy, 'manifests', file), random);
        expect(await resultFile(copy)).toBe(expected);
      }),
      {numRuns: 5, seed: 0x5eed},
    );
  },
);
