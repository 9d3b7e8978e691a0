/**
 * Writes sampling/*.ndjson: scenarios in which kube-scheduler stops looking for nodes when it has enough, each with the
 * nodes that it looked at. Usage: node samplingScenarios.ts, which builds
 * the program it needs.
 */
import {execFileSync} from 'node:child_process';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {ensureSidecar} from '../../../scripts/sidecar.ts';

type Json = {readonly [field: string]: unknown};

/** A node; its zone, and whether it has a disk and how full it is follow from its number. */
function node(index: number, zone: string | undefined): Json {
  return {
    metadata: {
      name: `n${String(index).padStart(3, '0')}`,
      labels: {
        ...(zone === undefined ? {} : {'topology.kubernetes.io/zone': zone, 'topology.kubernetes.io/region': 'r'}),
        ...(index % 10 === 3 ? {disk: 'ssd'} : {}),
      },
    },
    status: {allocatable: {cpu: String(2 + ((index * 7) % 5)), memory: '16Gi', pods: '20'}},
  };
}

/** Nodes whose zones come in turn, as the weights say: zones('ab', 100) has a, b, a, b, … */
function nodes(count: number, zones: readonly (string | undefined)[]): Json[] {
  return Array.from({length: count}, (_, index) => node(index, zones[index % zones.length]));
}

/** Nodes zone after zone, with as many as given in each. */
function blocks(...sizes: readonly number[]): Json[] {
  return sizes
    .flatMap((size, zone) => Array.from({length: size}, () => `z${zone}`))
    .map((zone, index) => node(index, zone));
}

function pod(name: string, cpu: string, spec: Json = {}, status?: Json): Json {
  return {
    metadata: {name},
    spec: {containers: [{name: 'main', resources: {requests: {cpu, memory: '1Gi'}}}], ...spec},
    ...(status === undefined ? {} : {status}),
  };
}

const onlyNodes = (...names: readonly string[]): Json => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: names.map((name) => ({
          matchFields: [{key: 'metadata.name', operator: 'In', values: [name]}],
        })),
      },
    },
  },
});

const big = Array.from({length: 4}, (_, index) => pod(`big${index}`, '5'));
const plain = (count: number): Json[] => Array.from({length: count}, (_, index) => pod(`p${index}`, '1'));
const ssd = Array.from({length: 3}, (_, index) => pod(`ssd${index}`, '1', {nodeSelector: {disk: 'ssd'}}));
const narrowed = [
  pod('one', '1', onlyNodes('n007')),
  pod('three', '1', onlyNodes('n003', 'n042', 'n011')),
  pod('gone', '1', onlyNodes('none')),
];
const nominated = [
  pod('fits', '1', {}, {nominatedNodeName: 'n012'}),
  pod('too-big', '6', {}, {nominatedNodeName: 'n000'}),
  pod('unknown', '1', {}, {nominatedNodeName: 'none'}),
];
const impossible = [pod('impossible', '100')];
const mixed = [
  ...plain(3),
  ...big,
  ...narrowed,
  ...plain(2).map((given, index) => ({...given, metadata: {name: `q${index}`}})),
  ...ssd,
  ...nominated,
  ...impossible,
  pod('last', '1'),
];

const config = (fields: Json): Json => ({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  ...fields,
});

const scenarios: Readonly<Record<string, Json>> = {
  'nodes-050-all-are-looked-at': {nodes: nodes(50, ['a', 'b']), pending: mixed},
  'nodes-099-all-are-looked-at': {nodes: nodes(99, ['a', 'b', 'c']), pending: mixed},
  'nodes-100-of-which-100-are-enough': {nodes: nodes(100, ['a', 'b', 'c']), pending: mixed},
  'nodes-120-without-zones': {nodes: nodes(120, [undefined]), pending: mixed},
  'nodes-150-in-blocks-of-zones': {nodes: blocks(90, 40, 20), pending: mixed},
  'nodes-200-some-without-zone': {nodes: nodes(200, ['a', undefined, 'b', 'a']), pending: mixed},
  'nodes-250-uneven-zones': {nodes: nodes(250, ['a', 'a', 'b', 'a', 'c', 'b', 'd']), pending: mixed},
  'nodes-300-adaptive': {nodes: blocks(100, 100, 100), pending: mixed},
  'nodes-300-five-percent-is-still-a-hundred': {
    nodes: nodes(300, ['a', 'b']),
    pending: mixed,
    config: config({percentageOfNodesToScore: 5}),
  },
  'nodes-300-seventy-percent': {
    nodes: nodes(300, ['a', 'b', 'c', 'd']),
    pending: mixed,
    config: config({percentageOfNodesToScore: 70}),
  },
  'nodes-300-all-of-them': {
    nodes: nodes(300, ['a', 'b', 'c', 'd']),
    pending: [...plain(2), ...big, ...narrowed],
    config: config({percentageOfNodesToScore: 100}),
  },
  'nodes-300-profile-before-configuration': {
    nodes: nodes(300, ['a', 'b']),
    pending: [
      ...plain(2),
      ...plain(2).map((given, index) => ({
        ...given,
        metadata: {name: `o${index}`},
        spec: {...(given.spec as Json), schedulerName: 'other'},
      })),
    ],
    config: config({
      percentageOfNodesToScore: 80,
      profiles: [{schedulerName: 'default-scheduler'}, {schedulerName: 'other', percentageOfNodesToScore: 40}],
    }),
  },
  'nodes-600-adaptive': {
    nodes: nodes(600, ['a', 'b', 'c']),
    pending: [...plain(2), ...big, ...narrowed, ...ssd, ...nominated, ...impossible, pod('last', '1')],
  },
  'nodes-150-without-score-plugins': {
    nodes: nodes(150, ['a', 'b']),
    pending: [...plain(3), ...big],
    config: config({profiles: [{schedulerName: 'default-scheduler', plugins: {score: {disabled: [{name: '*'}]}}}]}),
  },
};

const program = ensureSidecar('1.36');
const folder = join(import.meta.dirname, 'sampling');
rmSync(folder, {recursive: true, force: true});
mkdirSync(folder);
for (const [name, scenario] of Object.entries(scenarios)) {
  const input = `${JSON.stringify({name, ...scenario})}\n`;
  writeFileSync(
    join(folder, `${name}.ndjson`),
    execFileSync(program, ['sample', '--record'], {input, maxBuffer: 1 << 28}),
  );
}
process.stdout.write(`${Object.keys(scenarios).length} scenarios\n`);
