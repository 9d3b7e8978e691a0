import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {flinkProcesses, startRemedies} from '../../flink/flinkProcesses.ts';
import {COMPONENTS, componentMemory} from '../../flink/memory/component.ts';
import {readFlinkVersion} from '../../flink/memory/flinkVersion.ts';
import {resourceConfiguration} from '../../flink/memory/resourceConfiguration.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';

interface Case {
  readonly id: number;
  readonly resource: KubernetesObject;
  readonly operator?: unknown;
  readonly old?: unknown;
  readonly results: readonly {
    readonly operator: readonly string[];
    readonly out: {
      readonly taskManagerProcess?: number;
      readonly taskManagerJvm?: string;
      readonly jobManagerProcess?: number;
      readonly objects?: {readonly configMap?: {readonly flinkConf?: string}};
    };
  }[];
}

function cases(name: string): readonly Case[] {
  return gunzipSync(readFileSync(new URL(`../golden/flink/${name}.ndjson.gz`, import.meta.url)))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const question = (flink: string) => ({version: readFlinkVersion(flink)!, environment: 'active' as const});

/** The Flink that an operator carries. */
const CLIENTS = {
  'apache-1.7.0': '1.17.1',
  'apache-1.15.0': '1.20.1',
  'apache-1.16-SNAPSHOT-6e9caeb': '1.20.1',
} as const;

test.each(Object.entries(CLIENTS))('%s gives the recorded processes', (operator, flink) => {
  let compared = 0;
  for (const {id, resource, results, ...rest} of cases('apache')) {
    const out = results.find((result) => result.operator.includes(operator.slice('apache-'.length)))?.out;
    if (out?.taskManagerJvm === undefined || rest.operator !== undefined) continue;
    const outcome = resourceConfiguration(resource, operator);
    if (outcome.kind !== 'configuration') throw new Error(`${id} is ${outcome.kind}`);
    const [jobManager, taskManager] = outcome.processes.map(({component, values}) => {
      const answer = componentMemory(component, values, question(flink));
      if ('error' in answer || !('process' in answer.memory)) throw new Error(`${id} does not start`);
      return answer.memory;
    });
    expect({
      jobManagerProcess: Number(jobManager!.process),
      taskManagerProcess: Number(taskManager!.process),
      taskManagerJvm: taskManager!.jvm,
    }).toEqual({
      jobManagerProcess: out.jobManagerProcess,
      taskManagerProcess: out.taskManagerProcess,
      taskManagerJvm: out.taskManagerJvm,
    });
    compared += 1;
  }
  expect(compared).toBeGreaterThan(20);
});

test.each([
  ['spotify', 'spotify-v0.6.0'],
  ['gcp', 'gcp-fe98573'],
])("%s's operator gives the recorded configuration", (dialect, operator) => {
  let compared = 0;
  for (const {resource, old, results} of cases(dialect)) {
    const text = results[0]!.out.objects?.configMap?.flinkConf;
    if (text === undefined || old !== undefined) continue;
    const outcome = resourceConfiguration(resource, operator);
    if (outcome.kind !== 'configuration') throw new Error(outcome.kind);
    const lines = [...outcome.processes[0]!.values].map(([key, value]) => `${key}: ${value}`);
    expect(lines.sort()).toEqual(text.trim().split('\n').sort());
    compared += 1;
  }
  expect(compared).toBeGreaterThan(20);
});

function cluster(spec: Record<string, unknown>): KubernetesObject {
  return {
    apiVersion: 'flinkoperator.k8s.io/v1beta1',
    kind: 'FlinkCluster',
    metadata: {name: 'c', namespace: 'a'},
    spec,
  };
}

const LIMITS = {resources: {limits: {memory: '2048m', cpu: '200m'}}};
const CLUSTER = {flinkVersion: '1.18.1', image: {name: 'flink'}, jobManager: LIMITS, taskManager: LIMITS};

describe('what a resource says beside its numbers', () => {
  test('thousandths of a byte are named as what they are', () => {
    const outcome = resourceConfiguration(cluster(CLUSTER), null);
    expect(outcome).toMatchObject({kind: 'configuration', flinkVersion: '1.18.1', environment: 'standalone'});
    const notes = outcome.kind === 'configuration' ? outcome.processes.map((process) => process.notes) : [];
    expect(notes).toHaveLength(COMPONENTS.length);
    for (const [index, name] of ['jobManager', 'taskManager'].entries()) {
      expect(notes[index]).toContainEqual(
        expect.stringMatching(`^spec\\.${name}\\.resources\\.limits\\.memory: .*2048m.* 2\\.048 bytes`),
      );
    }
  });

  test("the tag of GCP's image is the version", () => {
    const {flinkVersion: _, ...spec} = CLUSTER;
    const outcome = resourceConfiguration(
      cluster({
        ...spec,
        image: {name: 'registry:5000/flink:1.11.3-scala_2.12'},
        jobManager: {accessScope: 'Cluster', ...LIMITS},
        taskManager: {replicas: 1, ...LIMITS},
      }),
      null,
    );
    expect(outcome).toMatchObject({kind: 'configuration', flinkVersion: '1.11.3'});
  });

  test('what the API server refuses has no memory', () => {
    expect(resourceConfiguration(cluster({...CLUSTER, image: 3}), null)).toMatchObject({
      kind: 'refused',
      pointer: '/spec/image',
    });
  });
});

describe('a FlinkBlueGreenDeployment', () => {
  const blueGreen = (spec: object): KubernetesObject => ({
    apiVersion: 'flink.apache.org/v1beta1',
    kind: 'FlinkBlueGreenDeployment',
    metadata: {name: 'b', namespace: 'a'},
    spec: {
      template: {
        spec: {
          image: 'flink:1.20',
          flinkVersion: 'v1_20',
          serviceAccount: 'flink',
          jobManager: {resource: {cpu: 1, memory: '2048m'}},
          taskManager: {resource: {cpu: 1, memory: '900m'}},
          job: {jarURI: 'local:///a.jar', parallelism: 2},
          ...spec,
        },
      },
    },
  });

  test.each([
    ['active', {}],
    ['standalone', {mode: 'standalone'}],
  ] as const)('has the memory of its template, in an environment that is %s', (environment, spec) => {
    const outcome = resourceConfiguration(blueGreen(spec), null);
    expect(outcome).toMatchObject({kind: 'configuration', flinkVersion: '1.20', environment});
    const sizes =
      outcome.kind === 'configuration'
        ? outcome.processes.map(({component, values}) => values.get(`${component}.memory.process.size`))
        : [];
    expect(sizes).toEqual([`${2048 * 2 ** 20} bytes`, `${900 * 2 ** 20} bytes`]);
  });

  test('is told which field of the template to raise', () => {
    const object = blueGreen({});
    const [, taskManager] = flinkProcesses(object, null);
    expect(startRemedies(object, null, taskManager!).map(({set}) => set)).toEqual([
      {'spec.template.spec.taskManager.resource.memory': '982m'},
    ]);
  });

  test('is refused where its template is, at the field of the template', () => {
    const object = blueGreen({jobManager: {resource: {cpu: '1', memory: '2048m'}}});
    expect(resourceConfiguration(object, null)).toMatchObject({
      kind: 'refused',
      pointer: '/spec/template/spec/jobManager/resource/cpu',
    });
  });

  test('is nothing to a release before it', () => {
    expect(resourceConfiguration(blueGreen({}), 'apache-1.7.0')).toMatchObject({kind: 'none'});
  });
});
