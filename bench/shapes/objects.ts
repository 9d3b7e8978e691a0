/** Objects of scheduler_perf's templates, and what shapes change about them. */
import type {KubernetesObject, NodeObject, PodSpec, ResourceList} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';
import type {PodSet, Workload} from './shape.ts';

export const HOSTNAME = 'kubernetes.io/hostname';
export const ZONE = 'topology.kubernetes.io/zone';

export interface NodeParts {
  readonly name?: string;
  readonly zone?: string;
  readonly labels?: Labels;
  readonly spec?: NonNullable<NodeObject['spec']>;
  readonly resources?: ResourceList;
}

/** A node of 4 cores, 32Gi and 110 pods unless said otherwise. */
export function node(index: number, parts: NodeParts = {}): NodeObject {
  const {name = `node-${index}`, zone, labels = {}, spec = {}, resources} = parts;
  const capacity = resources ?? {cpu: '4', memory: '32Gi', pods: '110'};
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {name, labels: {[HOSTNAME]: name, ...(zone === undefined ? {} : {[ZONE]: zone}), ...labels}},
    spec,
    status: {capacity, allocatable: capacity},
  };
}

/** Nodes whose zones take turns. */
export function nodes(count: number, zones: readonly string[] = [], parts: NodeParts = {}): readonly NodeObject[] {
  return Array.from({length: count}, (_, index) => {
    const zone = zones[index % zones.length];
    return node(index, zone === undefined ? parts : {...parts, zone});
  });
}

/** A pod of one container that asks for 100m and 500Mi unless said otherwise. */
export function podSpec(
  requests: ResourceList | null = {cpu: '100m', memory: '500Mi'},
  rest: Partial<PodSpec> = {},
): PodSpec {
  const container = {name: 'pause', image: 'registry.k8s.io/pause:3.10.2', ports: [{containerPort: 80}]};
  return {containers: [requests === null ? container : {...container, resources: {requests}}], ...rest};
}

export function podSet(
  name: string,
  count: number,
  spec: PodSpec,
  rest: Partial<Pick<PodSet, 'namespace' | 'labels' | 'place'>> = {},
): PodSet {
  return {name, namespace: 'default', labels: {}, spec, count, ...rest};
}

export function workload(parts: Pick<Workload, 'nodes' | 'pending'> & Partial<Workload>): Workload {
  return {objects: [], running: [], order: 'bySet', churn: null, attemptsPerPod: 1, ...parts};
}

export function service(name: string, namespace: string, selector: Labels): KubernetesObject {
  return {apiVersion: 'v1', kind: 'Service', metadata: {name, namespace}, spec: {selector, ports: [{port: 80}]}};
}

export function namespace(name: string, labels: Labels): KubernetesObject {
  return {apiVersion: 'v1', kind: 'Namespace', metadata: {name, labels}};
}
