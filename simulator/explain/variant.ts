import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Node} from '../../model/node.ts';
import {type Pod, type PodClass, toPodClass} from '../../model/pod.ts';
import {type Change, changedNode, changedSpec, nodeLike} from './change.ts';
import type {Situation} from './situation.ts';

/** The model with changes made. */
export interface Variant {
  readonly model: ClusterModel;
  /** The pod that the changes are for, as it is in the changed model. */
  readonly pod: Pod;
}

/**
 * The pods a change of a pod's spec is made for: the one pod, those of its workload that the input has not bound to a
 * node, as when their template is changed before they are made, or all of its workload.
 */
export type ChangeScope = 'Pod' | 'Unbound' | 'Workload';

/** Makes the changes; null where one of them cannot be made. */
export function variantOf(
  model: ClusterModel,
  pod: Pod,
  changes: readonly Change[],
  scope: ChangeScope,
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

function withChange(model: ClusterModel, pod: Pod, change: Change, scope: ChangeScope): ClusterModel | null {
  const nodes = model.nodes.map((node) => changedNode(node, change));
  if (nodes.some((node, index) => node !== model.nodes[index])) return {...model, nodes};
  if (change.kind === 'Unbind') return withPod(model, {...model.pods[pod.index]!, nodeName: null});
  const own = model.pods[pod.index]!.class;
  const classes = [...model.classes];
  const counterparts = new Map<PodClass, PodClass>();
  for (const podClass of new Set([...model.classes, own])) {
    if (scope === 'Pod' ? podClass !== own : podClass.workload !== own.workload) continue;
    const spec = changedSpec(podClass.spec, change);
    if (spec === null) return null;
    if (spec === podClass.spec) continue;
    const counterpart = toPodClass({...podClass, spec, index: classes.length});
    counterparts.set(podClass, counterpart);
    classes.push(counterpart);
  }
  if (counterparts.size === 0) return model;
  const isConcerned = (other: Pod): boolean =>
    other.index === pod.index || scope === 'Workload' || (scope === 'Unbound' && other.nodeName === null);
  const pods = model.pods.map((other) => {
    const counterpart = isConcerned(other) ? counterparts.get(other.class) : undefined;
    return counterpart === undefined ? other : {...other, class: counterpart};
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
