import type {ClusterModel} from '../../model/clusterModel.ts';
import type {NodeObject, PodSpec} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';
import {type Node, toNode} from '../../model/node.ts';
import {type Pod, type PodClass, toPodClass, type Workload} from '../../model/pod.ts';
import type {SimulationOptions} from '../../simulator/simulation.ts';

export const OPTIONS: SimulationOptions = {
  kubernetesVersion: '1.36',
  percentageOfNodesToScore: 100,
  seed: 1,
  ties: 'first',
};

export interface PodInput {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly spec?: Partial<PodSpec>;
  readonly nodeName?: string | null;
  readonly daemonSetNode?: string | null;
  readonly nominatedNodeName?: string | null;
  readonly terminating?: boolean;
  readonly preempted?: boolean;
  /** Milliseconds since the epoch. */
  readonly startTime?: number | null;
}

/** A node with room for 110 pods, 4 cores and 16Gi unless said otherwise. */
export function node(
  name: string,
  {labels = {}, spec = {}, status = {}}: Pick<NodeObject, 'spec' | 'status'> & {readonly labels?: Labels} = {},
): Node {
  return toNode({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {name, labels},
    spec,
    status: {...status, allocatable: status.allocatable ?? {cpu: '4', memory: '16Gi', pods: '110'}},
  });
}

/** A model of nodes and pods, every pod of a class of its own. */
export function cluster(nodes: readonly Node[], inputs: readonly PodInput[]): ClusterModel {
  const classes = inputs.map((input, index) => toClass(input, index));
  const pods = inputs.map((input, index) => toPod(input, index, classes[index]!));
  return modelOf(nodes, pods);
}

/** A model whose pods share classes: `[input, replicas]`. */
export function replicated(nodes: readonly Node[], groups: readonly (readonly [PodInput, number])[]): ClusterModel {
  const pods: Pod[] = [];
  for (const [index, [input, replicas]] of groups.entries()) {
    const podClass = toClass(input, index);
    for (let i = 0; i < replicas; i++) {
      pods.push(toPod({...input, name: `${input.name ?? `pod-${index}`}-${i}`}, pods.length, podClass));
    }
  }
  return modelOf(nodes, pods);
}

export function modelOf(nodes: readonly Node[], pods: readonly Pod[]): ClusterModel {
  const classes = [...new Set(pods.map((pod) => pod.class))];
  return {
    nodes,
    pods,
    classes,
    workloads: classes.map(({workload}) => workload),
    gangs: [],
    podGroups: [],
    podGroupQueues: [],
    rejected: [],
    objects: [],
    unusedKinds: [],
  };
}

export function toClass({name, namespace = 'default', labels = {}, spec = {}}: PodInput, index: number): PodClass {
  const workload: Workload = {
    index,
    kind: 'Pod',
    namespace,
    name: name ?? `pod-${index}`,
    component: null,
    replicas: 1,
  };
  return toPodClass({index, namespace, labels, spec: {containers: [], ...spec}, workload, owner: null});
}

export function toPod(input: PodInput, index: number, podClass: PodClass): Pod {
  return {
    index,
    name: input.name ?? `pod-${index}`,
    class: podClass,
    nodeName: input.nodeName ?? null,
    daemonSetNode: input.daemonSetNode ?? null,
    nominatedNodeName: input.nominatedNodeName ?? null,
    startTime: input.startTime ?? null,
    terminating: input.terminating ?? false,
    preempted: input.preempted ?? false,
  };
}

/** The spec of a pod with one container that asks for this much. */
export function requests(cpu: string, memory: string, rest: Partial<PodSpec> = {}): PodSpec {
  return {containers: [{name: 'main', resources: {requests: {cpu, memory}}}], ...rest};
}
