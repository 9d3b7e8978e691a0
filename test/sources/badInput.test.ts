import {mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {DiagnosticCode} from '../../model/diagnosticCodes.ts';
import {runCommand} from '../helpers/runCommand.ts';
import {type Files, writeFiles} from './loading.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stowage-bad-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

interface Reported {
  readonly code: DiagnosticCode;
  readonly severity: string;
  readonly message: string;
  readonly hint?: string;
  readonly at?: {readonly file: string; readonly line: number; readonly column: number};
}

async function simulate(path: string): Promise<{exitCode: number; reported: readonly Reported[]}> {
  const args = ['simulate', '-q', '-f', join(folder, path), '--node-pool', 'm6i.large=1', '-o', 'json'];
  const {exitCode, stderr} = await runCommand(args);
  const lines = stderr.split('\n').filter((line) => line !== '');
  return {exitCode, reported: lines.map((line) => JSON.parse(line) as Reported)};
}

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, image: i}\n';
const pod = (change: string) => POD.replace('{name: c, image: i}', `{name: c, image: i, ${change}}`);
const scenario = (spec: string) =>
  `apiVersion: stowage.dev/v1alpha1\nkind: Scenario\nmetadata: {name: s}\nspec: ${spec}\n`;
const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  .concat([...'bcdefgh'].map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(', ')}]`))
  .join('\n');
const long = (kind: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: x}\ndata:\n  a: "${'x'.repeat(65 * 2 ** 20)}"\n`;

describe('bad input has a code, a place, a remedy and exit code 2', () => {
  test.each<[what: string, files: Files, path: string, code: DiagnosticCode, message: string, place: string]>([
    ['an alias bomb', {'b.yaml': bomb}, 'b.yaml', 'STW-1001', 'aliases', 'b.yaml:1:1'],
    ['an anchor inside itself', {'b.yaml': 'a: &a [*a]\n'}, 'b.yaml', 'STW-1001', 'anchor', 'b.yaml:1:'],
    [
      'an oversized document',
      {'b.yaml': `${POD}---\n${long('ConfigMap')}`},
      'b.yaml',
      'STW-1001',
      'a YAML document of 65 MiB',
      'b.yaml:8:1',
    ],
    ['a directory without manifests', {'d/x.txt': ''}, 'd', 'STW-1007', 'the directory holds no manifests', 'd:1:1'],
    [
      'a binary file',
      {'b.yaml': new Uint8Array([0x7f, 0x45, 0, 1])},
      'b.yaml',
      'STW-1007',
      'the file is binary',
      'b.yaml:1:1',
    ],
    [
      'a binary archive',
      {'b.gz': new Uint8Array([0x1f, 0x8b, 8, 0, 1])},
      'b.gz',
      'STW-1007',
      'the file is binary',
      'b.gz:1:1',
    ],
    [
      'invalid UTF-8',
      {'b.yaml': new Uint8Array([0x61, 0x3a, 0xe9])},
      'b.yaml',
      'STW-1007',
      'the file is not valid UTF-8',
      'b.yaml:1:1',
    ],
    [
      'a scenario that includes itself',
      {'a.yaml': scenario('{include: [a.yaml]}')},
      'a.yaml',
      'STW-1017',
      'a scenario cannot include itself',
      'a.yaml:4:',
    ],
    [
      'scenarios that include each other',
      {'a.yaml': scenario('{include: [b.yaml]}'), 'b.yaml': scenario('{include: [a.yaml]}')},
      'a.yaml',
      'STW-1017',
      'a scenario cannot include another one',
      'b.yaml:1:1',
    ],
    [
      'a node without allocatable',
      {'b.yaml': `${POD}---\napiVersion: v1\nkind: Node\nmetadata: {name: n}\n`},
      'b.yaml',
      'STW-1008',
      'Node/n has neither status.allocatable nor',
      'b.yaml:8:1',
    ],
    [
      'a path outside the scenario',
      {'s/a.yaml': scenario('{include: [../b.yaml]}'), 'b.yaml': POD},
      's/a.yaml',
      'STW-1007',
      '"../b.yaml" lies outside',
      'a.yaml:4:',
    ],
    [
      'a scheduler configuration outside the scenario',
      {'s/a.yaml': scenario('{scheduler: {configuration: ../k.yaml}}'), 'k.yaml': ''},
      's/a.yaml',
      'STW-1007',
      '"../k.yaml" lies outside',
      'a.yaml:4:',
    ],
    [
      'an absolute path',
      {'a.yaml': scenario('{include: [/etc/hostname]}')},
      'a.yaml',
      'STW-1007',
      '"/etc/hostname" lies outside',
      'a.yaml:4:',
    ],
    [
      'a list item that is null',
      {'b.yaml': 'apiVersion: v1\nkind: List\nitems:\n- null\n'},
      'b.yaml',
      'STW-1003',
      'the list item is null',
      'b.yaml:4:3',
    ],
    [
      'a number too large',
      {'b.yaml': POD.replace('spec:', 'spec:\n  priority: 99999999999')},
      'b.yaml',
      'STW-1006',
      '99999999999',
      'b.yaml:5:3',
    ],
    [
      'a quantity that is none',
      {'b.yaml': pod('resources: {requests: {cpu: 8 cores}}')},
      'b.yaml',
      'STW-1004',
      '"8 cores" is not',
      'b.yaml:6:',
    ],
    [
      'a label too long',
      {'b.yaml': POD.replace('{name: p}', `{name: p, labels: {a: ${'x'.repeat(64)}}}`)},
      'b.yaml',
      'STW-1006',
      'must be no more than 63 ',
      'b.yaml:3:',
    ],
    [
      'a document nested too deep',
      {'b.json': '['.repeat(100_000) + ']'.repeat(100_000)},
      'b.json',
      'STW-1001',
      'nested deeper than 500 levels',
      'b.json:1:1',
    ],
    [
      'YAML nested too deep',
      {'b.yaml': `a: ${'['.repeat(5000)}${']'.repeat(5000)}`},
      'b.yaml',
      'STW-1001',
      '',
      'b.yaml:1:',
    ],
    ['a path that is none', {}, 'no\0ne', 'STW-1007', 'the path holds a null character', 'no'],
  ])('%s', async (_what, files, path, code, message, place) => {
    writeFiles(folder, files);
    const {exitCode, reported} = await simulate(path);
    expect(exitCode).toBe(2);
    const found = reported.find((one) => one.code === code && one.message.includes(message));
    expect(found, JSON.stringify(reported)).toMatchObject({severity: 'error'});
    expect(`${found?.at?.file}:${found?.at?.line}:${found?.at?.column}`).toContain(place);
    expect(found?.hint).toMatch(/\S/);
  });

  test('a link that leads out of the scenario', async () => {
    writeFiles(folder, {'s/a.yaml': scenario('{include: [out.yaml]}'), 'b.yaml': POD});
    symlinkSync(join(folder, 'b.yaml'), join(folder, 's/out.yaml'));
    const {exitCode, reported} = await simulate('s/a.yaml');
    expect(exitCode).toBe(2);
    expect(reported[0]).toMatchObject({code: 'STW-1007', message: '"out.yaml" lies outside the scenario\'s directory'});
  });
});

describe('what kubectl would take is a warning', () => {
  test.each<[what: string, files: Files, path: string, place: string]>([
    ['a duplicate key of YAML', {'b.yaml': `${POD}kind: Pod\n`}, 'b.yaml', '7:1'],
    [
      'a duplicate key of JSON',
      {
        'b.json':
          '{"kind":"x",\n"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}',
      },
      'b.json',
      '2:19',
    ],
  ])('%s', async (_what, files, path, place) => {
    writeFiles(folder, files);
    const {exitCode, reported} = await simulate(path);
    expect(exitCode).toBe(0);
    const found = reported.find(({code}) => code === 'STW-2001');
    expect(found?.message).toBe('duplicate key "kind"; the last one counts');
    expect(`${found?.at?.line}:${found?.at?.column}`).toBe(place);
  });

  test('a scenario may include its own directory, which means the manifests beside it', async () => {
    writeFiles(folder, {'scenario.yaml': scenario('{include: [.]}'), 'p.yaml': POD});
    expect((await simulate('.')).exitCode).toBe(0);
  });
});
