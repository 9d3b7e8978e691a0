/** The answers of the real FlinkCluster operators, whole: what is compared is everything that they print. */
import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {askClusterOperator, type ClusterOperator, flinkClusterObjects} from '../../flink/flinkCluster.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';

interface Case {
  readonly id: number;
  readonly name: string;
  readonly resource: KubernetesObject & {readonly spec: {readonly batchSchedulerName?: string}};
  readonly old?: unknown;
  readonly results: readonly [{readonly operator: readonly [ClusterOperator]; readonly out: Answer}];
}

interface Answer {
  readonly schemaErrors?: readonly string[];
  readonly validation?: string | null;
  readonly batchScheduler?: string;
  readonly objects?: Readonly<Record<string, {readonly metadata: {readonly name: string}} | undefined>>;
}

function cases(file: string): readonly Case[] {
  const text = gunzipSync(readFileSync(new URL(`../golden/flink/${file}.ndjson.gz`, import.meta.url))).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);
}

/** Noise of the old Kubernetes types that GCP's operator prints: times that are null, states with nothing in them. */
function withoutNoise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, child]) => key !== 'creationTimestamp' || child !== null)
      .filter(([key, child]) => key !== 'status' || JSON.stringify(child) !== '{}')
      .map(([key, child]) => [key, withoutNoise(child)]),
  );
}

const NAMED = (file: string) => cases(file).map((item) => [`${item.id} ${item.name}`, item] as const);

describe.each(['spotify', 'gcp', 'spotify-variations'])('%s', (file) => {
  const clean = (answer: unknown) => (file === 'gcp' ? withoutNoise(answer) : answer);

  test.each(NAMED(file))('answers the same to %s', (_name, {resource, old, results: [{operator, out}]}) => {
    expect(clean(askClusterOperator({resource, old}, operator[0]))).toEqual(clean(out));
  });
});

describe.each(['spotify', 'gcp', 'spotify-variations'])('what the simulator gets of %s', (file) => {
  const created = NAMED(file).filter(([, {old}]) => old === undefined);

  test.each(created)('has the workloads or the refusal of %s', (_name, {resource, results: [{operator, out}]}) => {
    const outcome = flinkClusterObjects(resource, operator[0]);
    const refusal = out.schemaErrors?.[0] ?? out.validation ?? null;
    if (refusal !== null) {
      // Without a namespace it goes into the default one.
      if (refusal === 'cluster namesapce is unspecified') expect(outcome).not.toMatchObject({message: refusal});
      else expect(outcome).toMatchObject({kind: 'refused', message: refusal});
      return;
    }
    if (out.batchScheduler === 'not volcano') {
      expect(outcome).toMatchObject({kind: 'refused', problems: [{gate: 'deployment'}]});
      return;
    }
    if (outcome.kind !== 'objects') throw new Error(`no objects: ${JSON.stringify(outcome)}`);
    const {jobManagerStatefulSet, taskManagerStatefulSet, taskManagerDeployment, job, ...others} = out.objects ?? {};
    const workloads = [jobManagerStatefulSet, taskManagerStatefulSet, taskManagerDeployment, job];
    const names = workloads.flatMap((object) => object?.metadata.name ?? []);
    expect(outcome.objects.map(({object}) => object.metadata.name).sort()).toEqual(names.sort());
    // GCP's was asked without its batch scheduler.
    const hasGroup = 'podGroup' in out || resource.spec.batchSchedulerName === 'volcano';
    expect(outcome.supporting).toHaveLength(Object.keys(others).length + (hasGroup ? 1 : 0));
  });
});
