import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Ajv} from 'ajv';
import {afterAll, describe, expect, test} from 'vitest';
import {FLINK_OPERATORS} from '../../flink/flinkObjects.ts';
import {operatorCases, parseWhole, withoutNoise} from '../helpers/flinkGolden.ts';
import {runCommand, transcript} from '../helpers/runCommand.ts';

const folder = mkdtempSync(join(tmpdir(), 'stowage-flink-objects-'));
afterAll(() => rmSync(folder, {recursive: true}));

const FIXTURES = 'test/fixtures/flink-objects';

/** Whole commands as a user sees them. After a change: look at the difference, then npm run golden:update. */
const COMMANDS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['help-flink-objects', '--help'],
  ['flink-objects-cluster', '-f', `${FIXTURES}/cluster.yaml`],
  ['flink-objects-cluster-yaml', '-f', `${FIXTURES}/seed-cluster.yaml`, '-o', 'yaml'],
  ['flink-objects-deployment', '-f', `${FIXTURES}/deployment.yaml`],
  ['flink-objects-session', '-f', `${FIXTURES}/session.yaml`],
  ['flink-objects-name', '-f', `${FIXTURES}/deployment.yaml`, '-f', `${FIXTURES}/seed-cluster.yaml`, '-o', 'name'],
  ['flink-objects-refused', '-f', `${FIXTURES}/refused.yaml`, '-f', `${FIXTURES}/seed-cluster.yaml`],
  ['flink-objects-other-operator', '-f', `${FIXTURES}/deployment.yaml`, '--operator', 'apache-1.7.0'],
  ['flink-objects-unknown-operator', '-f', `${FIXTURES}/deployment.yaml`, '--operator', 'apache'],
  ['flink-objects-without-input'],
];

test.each(COMMANDS)('%s', async (name, ...args) => {
  const words = ['flink', 'objects', ...args];
  await expect(transcript(words, await runCommand(words))).toMatchFileSnapshot(`../golden/cli/${name}.txt`);
});

test('the help names every operator', async () => {
  const {stdout} = await runCommand(['flink', 'objects', '--help']);
  for (const operator of FLINK_OPERATORS) expect(stdout.replace(/\s+/g, ' ')).toContain(operator);
});

describe('the document of -o json', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../schemas/flink-objects.v1alpha1.json', import.meta.url), 'utf8'),
  );
  const validate = new Ajv({strict: false}).compile(schema);

  test.each([['cluster'], ['seed-cluster'], ['deployment'], ['session'], ['refused']])(
    'is as its schema says, of %s',
    async (file) => {
      const {stdout, exitCode} = await runCommand(['flink', 'objects', '-f', `${FIXTURES}/${file}.yaml`, '-o', 'json']);
      expect(exitCode).toBe(file === 'refused' ? 2 : 0);
      validate(JSON.parse(stdout));
      expect(validate.errors).toBeNull();
    },
  );

  test('has every TaskManager that Flink asks for', async () => {
    const {stdout} = await runCommand(['flink', 'objects', '-f', `${FIXTURES}/deployment.yaml`, '-o', 'json']);
    const {items} = JSON.parse(stdout) as {items: {kind: string; metadata: {name: string}}[]};
    const pods = items.filter(({kind}) => kind === 'Pod').map(({metadata}) => metadata.name);
    expect(pods).toEqual([1, 2, 3].map((index) => `order-join-taskmanager-1-${index}`));
  });
});

test('what is refused is said with gate, words and place, on stderr as JSON, too', async () => {
  const {exitCode, stdout, stderr} = await runCommand([
    'flink',
    'objects',
    '-f',
    `${FIXTURES}/refused.yaml`,
    '-o',
    'json',
  ]);
  expect(exitCode).toBe(2);
  const {resources} = JSON.parse(stdout) as {resources: {refused: {gate: string; message: string; at: string}[]}[]};
  const refused = resources.flatMap((resource) => resource.refused);
  expect(new Set(refused.map(({gate}) => gate))).toEqual(new Set(['schema', 'validation', 'deployment']));
  const errors = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(errors).toHaveLength(refused.length);
  for (const [index, {message, at}] of refused.entries()) {
    expect(errors[index].message).toContain(message);
    expect(`${errors[index].at.file}:${errors[index].at.line}:${errors[index].at.column}`).toBe(at);
  }
});

describe('resources line by line', () => {
  const asked = (file: string) =>
    operatorCases(file).flatMap(({results, ...question}) =>
      results.flatMap(({operator, out}) => operator.map((version) => ({version, question, out}))),
    );

  test.each([
    ['apache', 'apache-1.7.0'],
    ['apache', 'apache-1.15.0'],
    ['apache', 'apache-1.16-SNAPSHOT-6e9caeb'],
    ['spotify', 'spotify-v0.6.0'],
    ['gcp', 'gcp-fe98573'],
  ])('the recorded cases of %s have the recorded answers of %s', async (file, operator) => {
    const cases = asked(file).filter(({version}) => operator === version || operator === `apache-${version}`);
    expect(cases.length).toBeGreaterThan(40);
    const questions = cases.map(({question}) => `${JSON.stringify(question)}\n`).join('');
    const args = ['flink', 'objects', '--from-ndjson', '-', '--operator', operator];
    const {exitCode, stdout, stderr} = await runCommand(args, questions);
    expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''});
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => parseWhole(line) as {readonly id: number; readonly out: unknown});
    expect(answers.map(({id}) => id)).toEqual(cases.map(({question}) => question.id));
    for (const [index, {question, out}] of cases.entries()) {
      expect(withoutNoise(answers[index]!.out), question.name).toEqual(withoutNoise(out));
    }
  });

  test('without --operator each is asked of its own', async () => {
    const lines = ['spotify', 'gcp'].map((file) => JSON.stringify({...operatorCases(file)[0], id: file}));
    const named = await runCommand(
      ['flink', 'objects', '--from-ndjson', '-', '--operator', 'spotify-v0.6.0'],
      lines[0],
    );
    const own = await runCommand(['flink', 'objects', '--from-ndjson', '-'], lines.join('\n'));
    expect(own.stdout.split('\n')[0]).toBe(named.stdout.trim());
    expect(JSON.parse(own.stdout.split('\n')[1]!)).toMatchObject({id: 'gcp', out: {validation: null}});
  });

  test('a bad line is named, the others are answered', async () => {
    const path = join(folder, 'questions.ndjson');
    const {resource} = operatorCases('spotify')[0]!;
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const lines = [
      JSON.stringify({id: 'a', resource}),
      '',
      '{"id": 2, "resource"',
      JSON.stringify({id: 3}),
      JSON.stringify({id: 4, resource: 'FlinkCluster'}),
      JSON.stringify({id: 5, resource: {...resource, kind: 'FlinkApplication'}}),
      JSON.stringify({id: 6, resource: {...resource, metadata: null}}),
      JSON.stringify({id: 7, resource, operator: 'spotify-v0.6.0'}),
      JSON.stringify({id: 8, resource: {...resource, kind: 'FlinkDeployment'}, session: []}),
      JSON.stringify({resource}),
      JSON.stringify({id: 11, resource: {...resource, kind: 'FlinkDeployment'}}),
      `{"id": 12, "resource": {"kind": "FlinkCluster", "metadata": {}, "spec": ${deep}}}`,
      `${JSON.stringify({id: 0, resource}).replace('"id":0', '"id":12345678901234567890')}\r`,
    ];
    writeFileSync(path, lines.join('\n'));
    const args = ['flink', 'objects', '--from-ndjson', path, '--operator', 'spotify-v0.6.0'];
    const {exitCode, stdout, stderr} = await runCommand(args);
    expect(exitCode).toBe(2);
    const [first, last, ...more] = stdout.trim().split('\n');
    expect(more).toEqual([]);
    expect(first).toMatch(/^\{"id":"a","out":\{/);
    expect(last).toBe(first!.replace('"a"', '12345678901234567890'));
    for (const line of [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) expect(stderr).toContain(`questions.ndjson:${line}:1`);
    expect(stderr).toContain('spotify-v0.6.0 knows no FlinkDeployment');
    expect(stderr).toContain('10 errors in 1 file');
  });

  test.each([
    [['--from-ndjson', 'no/such/file.ndjson'], 'no/such/file.ndjson: there is no such file'],
    [['--from-ndjson', '-', '-f', 'a.yaml'], 'leave -f out'],
    [['--from-ndjson', '-', '-o', 'name'], 'leave -o out'],
  ])('%j is refused', async (args, message) => {
    const {exitCode, stderr} = await runCommand(['flink', 'objects', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
