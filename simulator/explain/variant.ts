import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Node} from '../../model/node.ts';
import {type Pod, type PodClass, podKey, toPodClass} from '../../model/pod.ts';
import {type Change, changedNode, changedSpec, nodeLike} from './change.ts';
import type {Situation} from './situation.ts';

/** The model with changes made, or null where one of them cannot be. */
export interface Variant {
  readonly model: ClusterModel;
  /** The pod that the changes are for, as it is in the changed model. */
  readonly pod: Pod;
}

/**
 * Makes the changes for one pod alone, or for all pods of its workload that have not been bound to a node, as a change
 * of their template does.
 */
export function variantOf(
  model: ClusterModel,
  pod: Pod,
  changes: readonly Change[],
  scope: 'Pod' | 'Workload',
  situation: Situation,
): Variant | null {
  let changed: ClusterModel | null = model;
  for (const change of changes) {
    changed =
      change.kind === 'AddNode' ? withNode(changed, change.like, situation) : withChange(changed, pod, change, scope);
    if (changed === null) return null;
  }
  return {model: changed, pod: changed.pods[pod.index]!};
}

function withChange(model: ClusterModel, pod: Pod, change: Change, scope: 'Pod' | 'Workload'): ClusterModel | null {
  const nodes = model.nodes.map((node) => changedNode(node, change));
  if (nodes.some((node, index) => node !== model.nodes[index])) return {...model, nodes};
  if (change.kind === 'Unbind') return withPod(model, {...model.pods[pod.index]!, nodeName: null});
  const classes = [...model.classes];
  const counterparts = new Map<PodClass, PodClass>();
  for (const podClass of model.classes) {
    const isConcerned =
      scope === 'Pod' ? podClass === model.pods[pod.index]!.class : podClass.workload === pod.class.workload;
    if (!isConcerned) continue;
    const spec = changedSpec(podClass.spec, change);
    if (spec === null) return null;
    if (spec === podClass.spec) continue;
    const counterpart = toPodClass({...podClass, spec, index: classes.length});
    counterparts.set(podClass, counterpart);
    classes.push(counterpart);
  }
  if (counterparts.size === 0) return model;
  const pods = model.pods.map((other) => {
    const counterpart = counterparts.get(other.class);
    const isConcerned = other.index === pod.index || (scope === 'Workload' && other.nodeName === null);
    return counterpart === undefined || !isConcerned ? other : {...other, class: counterpart};
  });
  return {...model, pods, classes};
}

function withPod(model: ClusterModel, pod: Pod): ClusterModel {
  return {...model, pods: model.pods.with(pod.index, pod)};
}

/** One more node like `like`, with the pods that DaemonSets would put there. */
function withNode(model: ClusterModel, like: string, {nodeOfPod}: Situation): ClusterModel | null {
  const original = model.nodes.findIndex(({name}) => name === like);
  if (original < 0) return null;
  const node = nodeLike(model.nodes[original]!, freshName(model.nodes, like));
  const pods = [...model.pods];
  for (const [index, own] of nodeOfPod.entries()) {
    const pod = model.pods[index]!;
    if (own !== original || !isDaemon(pod)) continue;
    pods.push({...pod, index: pods.length, name: `${pod.name}-new`, nodeName: node.name, daemonSetNode: node.name});
  }
  return {...model, nodes: [...model.nodes, node], pods};
}

/** Whether the pod belongs to its node and to no other. */
export function isDaemon({daemonSetNode, class: {owner, workload}}: Pod): boolean {
  return daemonSetNode !== null || owner?.kind === 'DaemonSet' || workload.kind === 'DaemonSet';
}

function freshName(nodes: readonly Node[], like: string): string {
  const names = new Set(nodes.map(({name}) => name));
  for (let number = 1; ; number++) {
    const name = `${like}-new${number === 1 ? '' : number}`;
    if (!names.has(name)) return name;
  }
}

/** The pods by key, which a model has each once. */
export function podsByKey({pods}: ClusterModel): ReadonlyMap<string, Pod> {
  return new Map(pods.map((pod) => [podKey(pod), pod]));
}
