import type {ClusterModel} from '../model/clusterModel.ts';
import type {Pod, PodClass, Workload as PodOwner} from '../model/pod.ts';
import type {SimulationOptions} from '../simulator/simulation.ts';
import type {Product} from './product.ts';
import type {PodSet, Workload} from './shapes/shape.ts';

/** All nodes are scored, and nothing is left to chance but where preemption begins to look. */
export const OPTIONS: SimulationOptions = {
  kubernetesVersion: '1.36',
  percentageOfNodesToScore: 100,
  seed: 1,
  ties: 'first',
};

/** A shape ready to be measured: running pods are on their nodes. */
export interface Prepared {
  readonly model: ClusterModel;
  readonly running: readonly Pod[];
  readonly pending: readonly Pod[];
  /** The pod that comes and goes; null without churn. */
  readonly visitor: Pod | null;
}

export function prepare(workload: Workload, product: Product): Prepared {
  const {nodes, objects, running, pending, order, churn} = workload;
  const sets = [...running, ...pending, ...(churn === null ? [] : [churn.visitor])];
  const classes = sets.map((set, index) => toClass(set, index, product));
  const classOf = new Map(sets.map((set, index) => [set, classes[index]!]));
  const cluster: ClusterModel = {
    nodes: nodes.map((object) => product.toNode(object)),
    pods: [],
    classes,
    workloads: classes.map(({workload: owner}) => owner),
    gangs: [],
    podGroups: [],
    podGroupQueues: [],
    rejected: [],
    objects,
    unusedKinds: [],
  };
  const placed = placePods(running, cluster, classOf, product);
  const waiting = podsOf(pending, order, placed.length, classOf);
  const visitors = podsOf(churn === null ? [] : [churn.visitor], 'bySet', placed.length + waiting.length, classOf);
  return {
    model: {...cluster, pods: [...placed, ...waiting, ...visitors]},
    running: placed,
    pending: waiting,
    visitor: visitors[0] ?? null,
  };
}

function toClass({name, namespace, labels, spec, count}: PodSet, index: number, product: Product): PodClass {
  const owner: PodOwner = {index, kind: 'Pod', namespace, name, component: null, replicas: count};
  const admitted = product.defaultPod({metadata: {namespace, labels}, spec}).spec;
  return product.toPodClass({index, namespace, labels, spec: admitted, workload: owner, owner: null});
}

function placePods(
  sets: readonly PodSet[],
  cluster: ClusterModel,
  classOf: ReadonlyMap<PodSet, PodClass>,
  {simulate}: Product,
): readonly Pod[] {
  const pods = podsOf(sets, 'bySet', 0, classOf);
  const inTurn = new Set(sets.filter(({place}) => place === 'each').map((set) => classOf.get(set)));
  const turns = new Map<PodClass, number>();
  const asked = pods.map((pod) => {
    if (!inTurn.has(pod.class)) return pod;
    const turn = turns.get(pod.class) ?? 0;
    turns.set(pod.class, turn + 1);
    return {...pod, nodeName: cluster.nodes[turn % cluster.nodes.length]!.name};
  });
  if (asked.every(({nodeName}) => nodeName !== null)) return asked;
  const {nodeOfPod} = simulate({...cluster, pods: asked}, OPTIONS);
  return asked.map((pod, index) => {
    const node = cluster.nodes[nodeOfPod[index]!];
    if (node === undefined) throw new Error(`there is no node for ${pod.name}`);
    return {...pod, nodeName: node.name};
  });
}

function podsOf(
  sets: readonly PodSet[],
  order: Workload['order'],
  firstIndex: number,
  classOf: ReadonlyMap<PodSet, PodClass>,
): readonly Pod[] {
  const pods: Pod[] = [];
  for (const [set, ordinal] of inOrder(sets, order)) {
    pods.push({
      index: firstIndex + pods.length,
      name: `${set.name}-${ordinal}`,
      class: classOf.get(set)!,
      nodeName: null,
      daemonSetNode: null,
      nominatedNodeName: null,
      startTime: null,
      terminating: false,
      preempted: false,
    });
  }
  return pods;
}

/** Every pod of the sets, as its set and its ordinal there. */
export function* inOrder(sets: readonly PodSet[], order: Workload['order']): Generator<readonly [PodSet, number]> {
  if (order === 'bySet') {
    for (const set of sets) for (let ordinal = 0; ordinal < set.count; ordinal++) yield [set, ordinal];
    return;
  }
  const rounds = sets.reduce((most, {count}) => Math.max(most, count), 0);
  for (let ordinal = 0; ordinal < rounds; ordinal++) {
    for (const set of sets) if (ordinal < set.count) yield [set, ordinal];
  }
}
