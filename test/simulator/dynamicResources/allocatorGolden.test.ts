import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import type {KubernetesObject, NodeSelector, NodeSelectorTerm} from '../../../model/kubernetes.ts';
import type {Labels} from '../../../model/labels.ts';
import {formatQuantity} from '../../../model/quantity.ts';
import {AllocationError, Allocator} from '../../../simulator/dynamicResources/allocator.ts';
import {DraManager} from '../../../simulator/dynamicResources/draManager.ts';
import {readResourceClaim} from '../../../simulator/dynamicResources/readObjects.ts';
import {type Allocation, deviceKey} from '../../../simulator/dynamicResources/resourceApi.ts';
import type {KubernetesVersion} from '../../../simulator/simulation.ts';
import {ClusterObjects} from '../../../simulator/state/clusterObjects.ts';
import {node} from '../builders.ts';

/** See the README beside the golden files. */
interface Case {
  readonly seed: number;
  readonly nodes: readonly {readonly name: string; readonly labels: Labels}[];
  readonly classes: readonly KubernetesObject[];
  readonly slices: readonly KubernetesObject[];
  readonly prior?: readonly KubernetesObject[];
  readonly claims: readonly KubernetesObject[];
  readonly results: Readonly<Record<string, readonly Answer[]>>;
}

interface Answer {
  readonly claims?: readonly unknown[];
  readonly error?: string;
}

function readCases(version: KubernetesVersion): readonly Case[] {
  const file = new URL(`../../golden/scheduler/dra/allocator-${version}.ndjson.gz`, import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Case);
}

describe('devices are those that the real allocator takes', () => {
  test.each([
    ['1.34', 375],
    ['1.35', 400],
    ['1.36', 2000],
  ] as const)('Kubernetes %s: %i clusters', (version, count) => {
    const cases = readCases(version);
    expect(cases.length).toBe(count);
    for (const one of cases) {
      for (const [index, {name}] of one.nodes.entries()) {
        const answers = one.results[name]!.map(toComparable);
        expect(answers, `seed ${one.seed}, node ${name}`).toContainEqual(toComparable(allocate(one, index, version)));
      }
    }
  });
});

function allocate(
  {nodes, classes, slices, prior = [], claims}: Case,
  index: number,
  version: KubernetesVersion,
): Answer {
  const objects = [
    ...classes.map(as('DeviceClass')),
    ...slices.map(as('ResourceSlice')),
    ...prior.map(as('ResourceClaim')),
  ];
  const manager = new DraManager(
    nodes.map(({name, labels}) => node(name, {labels})),
    new ClusterObjects(objects),
    version,
  );
  try {
    const allocator = new Allocator(manager.devices, 20_000);
    const outcome = allocator.allocate(claims.map(as('ResourceClaim')).map(readResourceClaim), index);
    if (outcome.kind === 'Allocated') return {claims: outcome.allocations.map(toClaimAnswer)};
    return outcome.kind === 'NotAllocated' && outcome.reason !== null ? {error: outcome.reason} : {};
  } catch (error) {
    if (error instanceof AllocationError) return {error: error.message};
    throw error;
  }
}

function as(kind: string): (object: KubernetesObject) => KubernetesObject {
  return (object) => ({...object, apiVersion: 'resource.k8s.io/v1', kind});
}

function toClaimAnswer({devices, nodeSelector}: Allocation): object {
  return {
    devices: devices.map(({request, driver, pool, device, adminAccess, shareID, consumedCapacity}) => ({
      request,
      id: deviceKey(driver, pool, device),
      ...(adminAccess ? {admin: true} : {}),
      ...(shareID === undefined ? {} : {shared: true}),
      ...(consumedCapacity === undefined
        ? {}
        : {
            consumed: Object.fromEntries([...consumedCapacity].map(([name, amount]) => [name, formatQuantity(amount)])),
          }),
    })),
    ...(nodeSelector === undefined ? {} : {nodeSelector: withoutEmptyLists(nodeSelector)}),
  };
}

function withoutEmptyLists({nodeSelectorTerms}: NodeSelector): NodeSelector {
  const strip = ({matchExpressions = [], matchFields = []}: NodeSelectorTerm): NodeSelectorTerm => ({
    ...(matchExpressions.length === 0 ? {} : {matchExpressions}),
    ...(matchFields.length === 0 ? {} : {matchFields}),
  });
  return {nodeSelectorTerms: nodeSelectorTerms.map(strip)};
}

/** Of two missing keys on both sides of `||` cel-go names the left one, the CEL library the right one. */
function toComparable({error, ...answer}: Answer): Answer {
  return error === undefined ? answer : {error: error.replace(/(no such key): .*/, '$1')};
}
