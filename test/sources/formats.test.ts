import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {encode} from '@msgpack/msgpack';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {runCommand} from '../helpers/runCommand.ts';
import {testWithSharedData} from '../helpers/sharedData.ts';
import {type Files, load, namesOf, writeFiles} from './loading.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stowage-formats-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

function loadFiles(files: Files, options: Parameters<typeof load>[1] = {}) {
  writeFiles(folder, files);
  const {input, diagnostics} = load(
    Object.keys(files).map((name) => join(folder, name)),
    options,
  );
  const problems = diagnostics.all.map(
    ({code, message, place}) => `${code} ${message} at ${place?.line}:${place?.column}`,
  );
  return {input, problems, names: namesOf(input)};
}

const pod = (name: string) => ({apiVersion: 'v1', kind: 'Pod', metadata: {name}, spec: {containers: [{name: 'c'}]}});
const bare = (name: string) => ({metadata: {name}});

describe('a snapshot of kube-scheduler-simulator', () => {
  const configuration = {
    healthzBindAddress: '0.0.0.0:10251',
    profiles: [{plugins: {filter: {enabled: [{name: 'NodeName'}, {name: 'EBSLimits'}]}}}],
  };
  const snapshot = {
    pods: [{...bare('p'), spec: {containers: []}}],
    nodes: [{...bare('n'), status: {allocatable: {cpu: '1'}}}],
    pvs: null,
    pvcs: [bare('c')],
    storageClasses: [{...bare('s'), provisioner: 'x'}],
    priorityClasses: [{...bare('high'), value: 1}],
    namespaces: [bare('ns')],
    schedulerConfig: configuration,
  };

  test('gives its objects their kinds, and its scheduler configuration', () => {
    const {input, problems, names} = loadFiles({'s.json': JSON.stringify(snapshot)});
    expect(names).toEqual([
      'Namespace/ns',
      'PriorityClass/high',
      'StorageClass/s',
      'PersistentVolumeClaim/c',
      'Pod/p',
      'Node/n',
    ]);
    expect(problems).toEqual([
      expect.stringContaining('STW-2011 the field healthzBindAddress is of an older version'),
      expect.stringContaining('STW-2011 the scheduler has no plugins EBSLimits any more'),
    ]);
    expect(input.schedulerConfiguration?.value).toEqual({
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      profiles: [{plugins: {filter: {enabled: [{name: 'NodeName'}]}}}],
    });
  });

  test('knows the places of its objects', () => {
    const text = JSON.stringify({pods: [bare('a'), null], nodes: [], other: 1}, null, 1);
    expect(loadFiles({'s.json': text}).problems).toEqual([
      'STW-2007 "other" is no part of a simulator snapshot; left out at 11:2',
      'STW-1003 the list item is null, not an object at 8:3',
    ]);
  });

  test('yields to a configuration that is stated', () => {
    writeFiles(folder, {'own.yaml': 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n'});
    const {input, problems} = loadFiles(
      {'s.json': JSON.stringify({pods: [], nodes: [], schedulerConfig: {parallelism: 1}})},
      {schedulerConfiguration: join(folder, 'own.yaml')},
    );
    expect(input.schedulerConfiguration?.value).not.toHaveProperty('parallelism');
    expect(problems).toEqual([expect.stringContaining('STW-2010')]);
  });

  testWithSharedData('dumps/kube-scheduler-simulator/snapshot-1.json', 'of 2022 is read', (path) => {
    const {input, diagnostics} = load([path]);
    expect(namesOf(input)).toEqual(['PriorityClass/system-cluster-critical', 'PriorityClass/system-node-critical']);
    expect(input.schedulerConfiguration).not.toBeNull();
    expect(diagnostics.errors).toEqual([]);
  });
});

describe('a trace of SimKube', () => {
  const trace = (...events: unknown[]) => ({version: 2, config: {}, events, index: {}, pod_lifecycles: {}});
  const events = [
    {ts: 1, applied_objs: [pod('a'), pod('b')], deleted_objs: []},
    {ts: 2, applied_objs: [pod('c')], deleted_objs: [pod('a')]},
  ];

  test.each<[form: string, file: Files]>([
    ['packed, by its name', {'t.sktrace': encode(trace(...events))}],
    ['packed, by its first bytes', {'trace.bin': encode(trace(...events))}],
    ['decoded', {'t.json': JSON.stringify(trace(...events))}],
  ])('%s has the objects of its last event', (_form, file) => {
    const {names, problems} = loadFiles(file);
    expect(names).toEqual(['Pod/b', 'Pod/c']);
    expect(problems).toEqual([expect.stringContaining('STW-2012 1 object was deleted before the trace ends')]);
  });

  test.each<[rule: string, file: Files, problem: string]>([
    ['that is cut off is an error', {'t.sktrace': encode(trace(...events)).slice(0, 50)}, 'STW-1001 the trace is not'],
    ['of version 1 is an error', {'t.json': JSON.stringify({...trace(), version: 1})}, 'STW-1003 version 1 of SimKube'],
    [
      'with an object that is null is an error',
      {'t.json': JSON.stringify(trace({ts: 1, applied_objs: [null]}))},
      'STW-1003 the list item is null',
    ],
  ])('%s', (_rule, file, problem) => {
    expect(loadFiles(file).problems).toEqual([expect.stringContaining(problem)]);
  });

  testWithSharedData('dumps/simkube', 'is the same packed and decoded', (path) => {
    const [packed, decoded] = ['bare-pods.sktrace', 'bare-pods.decoded.json'].map(
      (name) => load([join(path, name)]).input,
    );
    expect(packed?.objects).toHaveLength(4);
    expect(packed?.digest).toBe(decoded?.digest);
  });
});

describe('the tables of OpenB', () => {
  const nodes = 'sn,cpu_milli,memory_mib,gpu,model\nn1,32000,262144,0,\nn2,64000,262144,2,P100\n';
  const header =
    'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n';

  test('make nodes with their GPUs in thousandths', () => {
    const {input} = loadFiles({'n.csv': nodes});
    expect(
      input.nodes.map(({name, labels, allocatable}) => [
        name,
        labels['alibabacloud.com/gpu-card-model'],
        {...allocatable},
      ]),
    ).toEqual([
      ['n1', undefined, {cpu: 32000, memory: 262144 * 2 ** 20, pods: 1024, 'alibabacloud.com/gpu-milli': 0}],
      ['n2', 'P100', {cpu: 64000, memory: 262144 * 2 ** 20, pods: 1024, 'alibabacloud.com/gpu-milli': 2000}],
    ]);
  });

  test('make pods that ask for shares of GPUs, of a model where they say so', () => {
    const rows = 'a,4000,8192,1,460,,LS,Failed,0,9,0\nb,8000,8192,2,1000,P100|T4,BE,Running,0,9,0\n';
    const {input} = loadFiles({'p.csv': header + rows});
    expect(input.objects.map(({object}) => object.spec)).toMatchObject([
      {containers: [{resources: {requests: {cpu: '4000m', memory: '8192Mi', 'alibabacloud.com/gpu-milli': 460}}}]},
      {
        containers: [{resources: {requests: {'alibabacloud.com/gpu-milli': 2000}}}],
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{matchExpressions: [{operator: 'In', values: ['P100', 'T4']}]}],
            },
          },
        },
      },
    ]);
    expect(input.objects[0]?.object.metadata.annotations).toMatchObject({'openb/pod-phase': 'Failed'});
  });

  test.each([
    ['a missing cell', 'a,1\n', 'STW-1003 the row has 2 cells, not 11 at 2:1'],
    ['a number that is none', 'a,x,1,0,0,,LS,Running,0,9,0\n', 'STW-1003 cpu_milli is "x", not a whole number at 2:3'],
  ])('%s is an error with its place', (_rule, row, problem) => {
    expect(loadFiles({'p.csv': header + row}).problems).toEqual([problem]);
  });

  testWithSharedData('traces/alibaba-openb-2023', 'are placed, or pending with a reason', async (path) => {
    const files = ['openb_node_list_all_node.csv', 'openb_pod_list_default.csv'].flatMap((name) => [
      '-f',
      join(path, name),
    ]);
    const {exitCode, stdout} = await runCommand(['simulate', '-q', '-o', 'json', ...files]);
    const {summary, pending} = JSON.parse(stdout) as {
      summary: Record<string, number>;
      pending: {message: string}[];
    };
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({nodes: 1523, pods: 8152, rejected: 0});
    expect(summary.placed! + pending.length).toBe(8152);
    expect(pending.every(({message}) => message.startsWith('0/1523 nodes are available: '))).toBe(true);
  });
});
