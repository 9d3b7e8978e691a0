import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {type PlanFlags, planCommand} from '../../cli/commands/plan.ts';
import type {Solver} from '../../planner/solver.ts';
import {planSchema} from '../../results/planResult.ts';
import {DAEMON_SET, nodeCatalog, temporaryFiles} from '../helpers/planInputs.ts';
import {runCommand} from '../helpers/runCommand.ts';

interface Wishes {
  readonly name?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly select?: Readonly<Record<string, string>>;
  readonly gates?: readonly string[];
}

function pod({name = 'one', cpu = '1', memory = '1Gi', select = {}, gates = []}: Wishes): string {
  return `---\n${JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name},
    spec: {
      nodeSelector: select,
      schedulingGates: gates.map((gate) => ({name: gate})),
      containers: [{name: 'main', image: 'main', resources: {requests: {cpu, memory}}}],
    },
  })}\n`;
}

const CONFIG_MAP = `
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
`;

const REFUSED = `
apiVersion: v1
kind: ResourceQuota
metadata: {name: none, namespace: default}
spec: {hard: {pods: "0"}}
${pod({})}`;

const CATALOG = nodeCatalog(
  '{name: m.4, vcpu: 4, memory: 16Gi, maxPods: 58, pricePerHour: 0.20}',
  '{name: m.8, vcpu: 8, memory: 32Gi, maxPods: 58, pricePerHour: 0.39}',
  '{name: g.8, vcpu: 8, memory: 16Gi, maxPods: 58, arch: arm64, pricePerHour: 0.30}',
  '{name: gr.4, vcpu: 4, memory: 32Gi, maxPods: 58, arch: arm64, pricePerHour: 0.25}',
);

const {directory, file} = temporaryFiles();
const catalog = file('catalog.yaml', CATALOG);
const unpriced = file('unpriced.yaml', CATALOG.replaceAll(/, pricePerHour: [\d.]+/g, ''));

function plan(text: string, ...flags: readonly string[]) {
  return runCommand(['plan', '-f', file('input.yaml', text), '--catalog', catalog, '-q', ...flags]);
}

/** What a user reads, without the place of the file and the last line. */
async function refused(text: string, ...flags: readonly string[]): Promise<string> {
  const {exitCode, stdout, stderr} = await plan(text, ...flags);
  expect({exitCode, stdout}).toEqual({exitCode: 2, stdout: ''});
  return stderr.replaceAll(`${directory}/`, '').replace(/\n\n\d+ errors?\b.*\n$/, '\n');
}

const OFFER =
  '  change one of the wishes that are named, or offer other machines (--instance-types, --architectures, --catalog)\n';

describe('pods that no machine can take', () => {
  test('are named with what they ask for, the nearest machine and what that lacks', async () => {
    expect(await refused(pod({memory: '40Gi'}))).toBe(
      `error STW-1018: no machine can take 1 pod: 40Gi of memory; m.8 comes nearest and lacks 10.5 GiB of memory
  input.yaml:2:1  Pod/default/one
${OFFER}`,
    );
  });

  test('are named all at once', async () => {
    expect(await refused(pod({name: 'wide', cpu: '9500m'}) + pod({name: 'tall', memory: '40Gi'}))).toBe(
      `error STW-1018: no machine can take 1 pod: 9500m of cpu; m.8 comes nearest and lacks 1500m of cpu
  input.yaml:2:1  Pod/default/wide
${OFFER}error STW-1018: no machine can take 1 pod: 40Gi of memory; m.8 comes nearest and lacks 10.5 GiB of memory
  input.yaml:4:1  Pod/default/tall
${OFFER}`,
    );
  });

  test('are left out of a plan for the others, which says so', async () => {
    const {exitCode, stdout} = await plan(pod({name: 'small'}) + pod({name: 'tall', memory: '40Gi'}));
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1 pod placed, 1 pending');
    expect(stdout).toContain(
      'no machine for 1 pod of Pod/default/tall: 40Gi of memory; m.8 comes nearest and lacks 10.5 GiB of memory\n',
    );
  });

  test('are said as data where the output is', async () => {
    const {stderr} = await plan(pod({memory: '40Gi'}), '-o', 'json');
    expect(JSON.parse(stderr)).toMatchObject({code: 'STW-1018', object: 'Pod/default/one', at: {line: 2, column: 1}});
  });
});

describe('wishes that contradict each other', () => {
  const arm = {'kubernetes.io/arch': 'arm64'};
  const type = {'node.kubernetes.io/instance-type': 'm.8'};
  /** Each with as little as is enough to contradict; without any one of them there is a machine. */
  test.each<[string, Wishes, readonly string[], readonly (readonly [Wishes, readonly string[]])[]]>([
    [
      'nodeSelector kubernetes.io/arch=arm64 and nodeSelector node.kubernetes.io/instance-type=m.8',
      {select: {...arm, ...type}},
      [],
      [
        [{select: arm}, []],
        [{select: type}, []],
      ],
    ],
    [
      'nodeSelector kubernetes.io/arch=arm64 and 6 of cpu and 20Gi of memory',
      {select: arm, cpu: '6', memory: '20Gi'},
      [],
      [
        [{cpu: '6', memory: '20Gi'}, []],
        [{select: arm, memory: '20Gi'}, []],
        [{select: arm, cpu: '6'}, []],
      ],
    ],
    [
      'nodeSelector kubernetes.io/arch=arm64 and --instance-types m.*',
      {select: arm, cpu: '2'},
      ['--instance-types', 'm.*'],
      [
        [{cpu: '2'}, ['--instance-types', 'm.*']],
        [{select: arm, cpu: '2'}, []],
      ],
    ],
    [
      'images for arm64 and --instance-types m.4,m.8',
      {},
      ['--architectures', 'arm64', '--instance-types', 'm.4,m.8'],
      [
        [{}, ['--architectures', 'arm64']],
        [{}, ['--instance-types', 'm.4,m.8']],
      ],
    ],
    [
      '--instance-types m.4 and 6 of cpu',
      {cpu: '6', memory: '4Gi'},
      ['--instance-types', 'm.4'],
      [
        [{cpu: '6', memory: '4Gi'}, []],
        [{memory: '4Gi'}, ['--instance-types', 'm.4']],
      ],
    ],
  ])('%s', async (conflict, wishes, flags, smaller) => {
    expect(await refused(pod(wishes), ...flags)).toMatch(
      new RegExp(`^error STW-1018: no machine can take 1 pod: ${escaped(conflict)}(;.*)?\n`),
    );
    for (const [less, fewer] of smaller) expect(await plan(pod(less), ...fewer)).toMatchObject({exitCode: 0});
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

describe('nothing to choose from', () => {
  test.each([
    [
      ['--catalog', unpriced],
      `error STW-1019: the catalogue ours has no type to plan with: 4 types without a price
  state pricePerHour in a NodeCatalog (--catalog FILE), which may extend another: docs/catalog.md
`,
    ],
    [
      ['--catalog', unpriced, '--instance-types', 'm.*'],
      `error STW-1019: the catalogue ours has no type to plan with, of --instance-types m.*: 2 types without a price
  state pricePerHour in a NodeCatalog (--catalog FILE), which may extend another: docs/catalog.md
`,
    ],
    [
      ['--instance-types', 'm.*,!m.*'],
      `error STW-1019: --instance-types m.*,!m.* leaves none of the 4 types of the catalogue ours
  correct the patterns, or state the prices in a NodeCatalog file (--catalog FILE, docs/catalog.md)
`,
    ],
    [
      ['--instance-types', 'm.4,mm.*', '--instance-types', 'm.88'],
      `error STW-1009: --instance-types mm.*: no type of the catalogue ours matches
  did you mean "m.*"?
error STW-1009: --instance-types m.88: no type of the catalogue ours matches
  did you mean "m.8"?
`,
    ],
  ])('by %j', async (flags, message) => {
    expect(await refused(pod({}), ...flags)).toBe(message);
  });
});

describe('no pod that needs a machine', () => {
  test.each([
    ['no pods at all', CONFIG_MAP, 'no pod to place: 1 object that makes none'],
    ['pods of DaemonSets only', DAEMON_SET, 'all pods are of DaemonSets, which run on whatever nodes there are'],
    ['gated pods only', pod({gates: ['later']}), 'no pod to place: 1 pod gated, or for another scheduler'],
    [
      'pods that are refused only',
      REFUSED,
      'no pod to place: the API server refuses 1 pod: pods "one" is forbidden: exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0',
    ],
  ])('because of %s', async (_, text, message) => {
    expect(await refused(text)).toContain(`error STW-1014: ${message}\n  input.yaml:`);
  });
});

describe('flags', () => {
  test.each([
    [['--survive', 'flood'], 'error: --survive flood: expected rescale'],
    [['--architectures', 'mips'], 'error: --architectures mips: expected amd64, arm64'],
    [['--architectures', ','], 'error: --architectures needs one of amd64, arm64'],
    [
      ['--policy', 'cheap'],
      'error: --policy cheap: expected shared, isolated-flink, most-allocated, separated by commas',
    ],
    [['--policy', ''], 'error: --policy needs one of shared, isolated-flink, most-allocated'],
    [['--time-limit', '0'], "error: option '--time-limit <seconds>' argument '0' is invalid"],
    [['-o', 'pdf'], 'error: -o pdf: expected one of table, json, html, md'],
    [['-k', 'overlay'], "error: option '-k, --kustomize <dir>' cannot be used with option '-f, --filename <path>'"],
    [['--catalog', 'aws/mars'], 'error STW-1009: there is no catalogue "aws/mars"'],
  ])('%j are refused', async (flags, message) => {
    expect(await refused(pod({}), ...flags)).toContain(message);
  });

  test('without an input are refused', async () => {
    const {exitCode, stderr} = await runCommand(['plan', '--catalog', catalog]);
    expect({exitCode, stderr}).toEqual({
      exitCode: 2,
      stderr: 'error: nothing to plan for: give files or directories with -f, or -k or --helm\n',
    });
  });
});

test('a time that is too short for a search still gives a plan that holds, and no more of a bound than is proved', async () => {
  const out = join(directory, 'hasty.json');
  const {exitCode, stdout} = await runCommand([
    'plan',
    '-f',
    'scenarios/online-and-flink',
    '--time-limit',
    '1',
    '-q',
    '--out',
    out,
  ]);
  expect(exitCode).toBe(0);
  const {certificate, gap, lowerBoundPerHour, verified} = planSchema.parse(JSON.parse(readFileSync(out, 'utf8')));
  expect(verified.pending).toBe(0);
  expect(gap === null).toBe(lowerBoundPerHour === 0);
  expect(stdout.includes('Bound     none: the search ended before it had one')).toBe(certificate === null);
  expect(await runCommand(['plan', 'verify', out])).toMatchObject({exitCode: 0});
});

describe('a solver that', () => {
  const broken: Solver = {
    createLinearProgram: () => ({
      addColumns: () => {},
      solve: () => {
        throw new Error('out of memory');
      },
      dispose: () => {},
    }),
  };
  test.each<[string, () => Promise<Solver>]>([
    ['breaks off', () => Promise.resolve(broken)],
    ['cannot be loaded', () => Promise.reject(new Error('no WebAssembly here'))],
  ])('%s is replaced, and the plan is proved all the same', async (_, loadSolver) => {
    const out = join(directory, 'without-solver.json');
    const written = {stdout: '', stderr: ''};
    const stream = (name: 'stdout' | 'stderr') => ({
      write: (text: string) => {
        written[name] += text;
      },
      isTerminal: false,
      hasColor: false,
      columns: undefined,
    });
    const flags: PlanFlags = {
      filename: [file('input.yaml', pod({name: 'a', cpu: '3'}) + pod({name: 'b', memory: '9Gi'}))],
      catalog,
      instanceTypes: [],
      nodePool: [],
      values: [],
      validate: 'warn',
      architectures: 'amd64',
      survive: '',
      policy: 'shared',
      objective: 'cost',
      timeLimit: 60,
      output: 'table',
      quiet: true,
      out,
    };
    const io = {stdout: stream('stdout'), stderr: stream('stderr'), readStdin: () => [], env: {}};
    expect(await planCommand(flags, io, () => false, loadSolver)).toBe(0);
    expect(written.stderr).toContain("warning STW-2016: the solver failed, so that the planner's own, slower method");
    expect(written.stdout).toContain('none pending');
    expect(await runCommand(['plan', 'verify', out])).toMatchObject({exitCode: 0});
  });
});
