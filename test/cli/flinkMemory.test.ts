import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {Ajv} from 'ajv';
import {afterAll, describe, expect, test} from 'vitest';
import {runCommand, transcript} from '../helpers/runCommand.ts';

const folder = mkdtempSync(join(tmpdir(), 'stowage-flink-memory-'));
afterAll(() => rmSync(folder, {recursive: true}));

const TM = 'taskmanager.memory';

/** Whole commands as a user sees them. After a change: look at the difference, then npm run golden:update. */
const COMMANDS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['help-flink', '--help'],
  ['help-flink-memory', 'memory', '--help'],
  ['flink-memory', 'memory', '-D', `${TM}.process.size=4g`, '-D', 'taskmanager.numberOfTaskSlots=4'],
  ['flink-memory-too-small', 'memory', '-D', `${TM}.process.size=900m`],
  ['flink-memory-kubernetes-unit', 'memory', '-D', `${TM}.process.size=2Gi`, '-D', `${TM}.manged.fraction=0`],
  ['flink-memory-job-manager', 'memory', '-D', 'jobmanager.memory.process.size=600m', '--component', 'jobmanager'],
  ['flink-memory-legacy', 'memory', '-D', 'taskmanager.heap.size=4g', '--flink-version', '1.20', '-o', 'yaml'],
  ['flink-memory-forgotten-key', 'memory', '-D', 'taskmanager.heap.size=4g', '-o', 'json'],
  ['flink-memory-oldest', 'memory', '-D', 'jobmanager.heap.size=2g', '--flink-version', 'v1_10'],
  ['flink-memory-cluster', 'memory', '-f', 'test/fixtures/flink-memory/cluster.yaml'],
  ['flink-memory-deployment', 'memory', '-f', 'test/fixtures/flink-memory/deployment.yaml'],
  [
    'flink-memory-changed',
    'memory',
    '-f',
    'test/fixtures/flink-memory/cluster.yaml',
    '-D',
    `${TM}.managed.fraction=0`,
    '--component',
    'taskmanager',
    '--flink-version',
    '1.16',
  ],
  ['flink-memory-no-resource', 'memory', '-f', 'scenarios/flink-hello-world/manifests/online.yaml'],
  ['flink-memory-unknown-operator', 'memory', '-f', 'x', '--flink-operator', 'apache'],
  ['flink-memory-without-input', 'memory'],
  ['flink-memory-no-value', 'memory', '-D', `${TM}.process.size`],
  ['flink-memory-unknown-version', 'memory', '-D', `${TM}.process.size=4g`, '--flink-version', '1.9'],
];

test.each(COMMANDS)('%s', async (name, ...args) => {
  const words = ['flink', ...args];
  await expect(transcript(words, await runCommand(words))).toMatchFileSnapshot(`../golden/cli/${name}.txt`);
});

describe('the document of -o json', () => {
  const schema = JSON.parse(readFileSync(new URL('../../schemas/flink-memory.v1alpha1.json', import.meta.url), 'utf8'));
  const validate = new Ajv({strict: false}).compile(schema);

  test.each([
    ['a TaskManager', ['-D', `${TM}.process.size=4g`]],
    ['both', ['-D', `${TM}.process.size=1m`, '-D', 'jobmanager.memory.process.size=2g']],
    ['a cluster', ['-f', 'test/fixtures/flink-memory/cluster.yaml']],
    ['the oldest JobManager', ['-D', 'jobmanager.heap.size=2g', '--flink-version', '1.10']],
  ])('is as its schema says, of %s', async (_what, args) => {
    const {stdout} = await runCommand(['flink', 'memory', ...args, '-o', 'json']);
    validate(JSON.parse(stdout));
    expect(validate.errors).toBeNull();
  });

  test('has integers beyond 2^53 whole, in JSON and in YAML', async () => {
    const args = ['flink', 'memory', '-D', 'jobmanager.memory.process.size=9223372036854775807', '-o'];
    expect((await runCommand([...args, 'json'])).stdout).toContain('"process": 9223372036854775807,');
    expect((await runCommand([...args, 'yaml'])).stdout).toContain('process: 9223372036854775807\n');
  });
});

test('a resource of a Flink without this model is refused at its field', async () => {
  const cluster = readFileSync('test/fixtures/flink-memory/cluster.yaml', 'utf8').replace('1.18.1"', '1.9.2"');
  const {exitCode, stdout, stderr} = await runCommand(['flink', 'memory', '-f', '-'], cluster);
  expect({exitCode, stdout}).toEqual({exitCode: 2, stdout: ''});
  expect(stderr).toContain('the memory model is known of Flink 1.10 to 2.3, not of 1.9.2\n  -:5:3  spec.flinkVersion');
});

test('of many resources the refused ones are named with all that is wrong, and the others are shown', async () => {
  const cluster = readFileSync('test/fixtures/flink-memory/cluster.yaml', 'utf8');
  const refused = cluster.replace(/flinkVersion: .*/, 'flinkVersion: 1').replace(/replicas: .*/, 'replicas: 0');
  const {exitCode, stdout, stderr} = await runCommand(
    ['flink', 'memory', '-f', '-', '-o', 'json'],
    `${refused}\n---\n${cluster}`,
  );
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout).items).toHaveLength(2);
  const messages = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).message);
  expect(messages).toEqual([
    expect.stringMatching(/^refused at the schema gate of spotify-v0\.6\.0: spec\.flinkVersion: Invalid value/),
    expect.stringMatching(
      /^refused at the schema gate of spotify-v0\.6\.0: spec\.taskManager\.replicas: Invalid value/,
    ),
  ]);
});

describe('questions line by line', () => {
  const golden = gunzipSync(readFileSync(new URL('../golden/flink/memory.ndjson.gz', import.meta.url)))
    .toString()
    .trim()
    .split('\n');

  test('every recorded case has the recorded answer, byte by byte', async () => {
    const asked = golden.map((line) => JSON.parse(line));
    const questions = asked.map(({id, target, env, conf}) => JSON.stringify({id, target, env, conf})).join('\n');
    for (const flink of ['1.10.3', '1.20.5', '2.3.0']) {
      const {exitCode, stdout, stderr} = await runCommand(
        ['flink', 'memory', '--from-ndjson', '-', '--flink-version', flink],
        questions,
      );
      expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''});
      const answers = stdout.trim().split('\n');
      expect(answers).toHaveLength(golden.length);
      for (const [index, line] of golden.entries()) {
        const recorded = resultTexts(line).find(({versions}) => versions.includes(flink))!;
        expect(answers[index]).toBe(`{"id":${asked[index].id},"out":${recorded.out}}`);
      }
    }
  });

  test('a bad line is named, the others are answered', async () => {
    const path = join(folder, 'questions.ndjson');
    const good = {id: 'a', target: 'jm', env: 'active', conf: {'jobmanager.memory.process.size': '1600m'}};
    const lines = [
      JSON.stringify(good),
      '',
      '{"id": 2, "target": "jm"',
      JSON.stringify({...good, target: 'worker'}),
      JSON.stringify({...good, env: 'yarn'}),
      JSON.stringify({...good, conf: ['x']}),
      JSON.stringify({...good, conf: {x: {}}}),
      JSON.stringify({...good, flink: '0.9'}),
      JSON.stringify({target: 'jm', conf: {}}),
      '[]',
      '{"id": 12345678901234567890, "target": "tm", "flink": "1.16", "conf": {"taskmanager.memory.flink.size": 2147483648}}\r',
    ];
    writeFileSync(path, lines.join('\n'));
    const {exitCode, stdout, stderr} = await runCommand(['flink', 'memory', '--from-ndjson', path]);
    expect(exitCode).toBe(2);
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^\{"id":"a","out":\{"process":1677721600,/),
      expect.stringMatching(/^\{"id":12345678901234567890,"out":\{"process":2684354564,"flink":2147483648,/),
    ]);
    for (const line of [3, 4, 5, 6, 7, 8, 9, 10]) expect(stderr).toContain(`questions.ndjson:${line}:1`);
    expect(stderr).toContain('8 errors in 1 file');
  });

  test('the answers do not depend on where the pieces of the input end', async () => {
    const question = JSON.stringify({id: 'ü', target: 'tm', env: 'standalone', conf: {[`${TM}.process.size`]: '4gü'}});
    const {stdout} = await runCommand(['flink', 'memory', '--from-ndjson', '-'], `${question}\n`);
    expect(JSON.parse(stdout)).toMatchObject({id: 'ü', out: {error: expect.anything()}});
    expect(stdout).toContain("Could not parse value '4gü'");
  });

  test.each([
    [['--from-ndjson', 'no/such/file.ndjson'], 'no/such/file.ndjson: there is no such file'],
    [['--from-ndjson', '-', '-D', 'a=b'], 'leave the flags out'],
    [['--from-ndjson', '-', '--flink-operator', 'gcp-fe98573'], 'leave the flags out'],
    [['--from-ndjson', '-', '-o', 'yaml'], 'leave -o out'],
    [['-D', 'a=b', '--flink-operator', 'apache'], '--flink-operator apache: expected one of'],
    [['--from-ndjson', '-', '--component', 'jobmanager'], 'leave the flags out'],
  ])('%j is refused', async (args, message) => {
    const {exitCode, stderr} = await runCommand(['flink', 'memory', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

/** The texts of the recorded answers, whose integers a double may not hold. */
function resultTexts(line: string): readonly {readonly versions: readonly string[]; readonly out: string}[] {
  const {results} = JSON.parse(line) as {results: readonly {readonly flink: readonly string[]}[]};
  const texts = line.slice(line.indexOf('"results":[') + '"results":['.length, -2).split(/(?<=\}),(?=\{"flink":\[)/);
  return results.map(({flink}, index) => ({
    versions: flink,
    out: texts[index]!.slice(texts[index]!.indexOf('"out":') + '"out":'.length, -1),
  }));
}
