import type {ClusterModel} from '../../model/clusterModel.ts';
import type {KubernetesObject, NodeSelector, PodSpec, PodTemplateSpec} from '../../model/kubernetes.ts';
import type {Node} from '../../model/node.ts';
import type {Pod, PodClass} from '../../model/pod.ts';
import {amountOf, PODS, type Resources} from '../../model/resources.ts';
import {runsOn} from '../../workloads/expansion/daemonSet.ts';

/** The pod that a DaemonSet puts on each of its nodes. */
export interface Daemon {
  readonly podClass: PodClass;
  /** What decides on its nodes; with the required node affinity that the controller takes out of its pods. */
  readonly spec: PodSpec;
}

/**
 * The DaemonSets of a model. `objects` are those of the input: a DaemonSet's pods do not show the node affinity that it
 * was asked with.
 */
export function daemonsOf({classes}: ClusterModel, objects: readonly KubernetesObject[]): readonly Daemon[] {
  const templates = new Map(
    objects
      .filter(({kind}) => kind === 'DaemonSet')
      .map(({metadata, spec}) => [
        `${metadata.namespace ?? 'default'}/${metadata.name}`,
        (spec as {readonly template?: PodTemplateSpec} | undefined)?.template,
      ]),
  );
  const daemons = new Map<string, Daemon>();
  for (const podClass of classes) {
    if (!isDaemon(podClass)) continue;
    const key = `${podClass.namespace}/${podClass.owner!.name}`;
    const required = templates.get(key)?.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    // The last class of a DaemonSet is that of its template; earlier ones are of pods that exist already.
    daemons.set(key, {podClass, spec: required === undefined ? podClass.spec : withRequired(podClass.spec, required)});
  }
  return [...daemons.values()];
}

function withRequired(spec: PodSpec, required: NodeSelector): PodSpec {
  const {affinity} = spec;
  return {
    ...spec,
    affinity: {
      ...affinity,
      nodeAffinity: {...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required},
    },
  };
}

export function isDaemon({owner}: PodClass): boolean {
  return owner?.kind === 'DaemonSet';
}

/** The daemons that a node gets. */
export function daemonsOn(daemons: readonly Daemon[], node: Node): readonly Daemon[] {
  return daemons.filter(({spec}) => runsOn(spec, node));
}

/** What a node has left when its daemons are on it; below 0 where they do not even fit. */
export function leftBy(daemons: readonly Daemon[], allocatable: Resources): Resources {
  const left: Record<string, number> = {...allocatable};
  for (const {podClass} of daemons) {
    left[PODS] = amountOf(left, PODS) - 1;
    for (const [name, amount] of Object.entries(podClass.requests)) left[name] = amountOf(left, name) - amount;
  }
  return left;
}

/** Whether a plan has to find a place for a pod: not for those that come with a node, or are on their way out. */
export function isPlanned({class: {owner}, terminating}: Pod): boolean {
  return !terminating && owner?.kind !== 'DaemonSet' && owner?.kind !== 'Node';
}

/**
 * A model on other nodes: the pods that a plan is for, lifted from the nodes they are on, and those of DaemonSets, each
 * at the place of its DaemonSet in the input, or before all others.
 */
export function onNodes(
  model: ClusterModel,
  daemons: readonly Daemon[],
  nodes: readonly Node[],
  daemonsFirst = false,
): ClusterModel {
  const made = daemons.flatMap(({podClass, spec}) =>
    nodes.filter((node) => runsOn(spec, node)).map((node) => daemonPod(podClass, node)),
  );
  const moved = new Map<Pod, Pod>();
  const planned = model.pods.filter(isPlanned);
  const pods = (daemonsFirst ? [...made, ...planned] : merged(planned, made)).map((pod, index) => {
    const copy = {...pod, index, nodeName: null};
    moved.set(pod, copy);
    return copy;
  });
  const podGroups = model.podGroups.map((group) => ({
    ...group,
    pods: group.pods.flatMap((pod) => moved.get(pod) ?? []),
  }));
  return {...model, nodes, pods, podGroups};
}

function daemonPod(podClass: PodClass, {name}: Node): Pod {
  return {
    index: -1,
    name: `${podClass.owner!.name}-${name}`,
    class: podClass,
    nodeName: null,
    daemonSetNode: name,
    nominatedNodeName: null,
    startTime: null,
    terminating: false,
    preempted: false,
  };
}

/** Pods of daemons before the first pod of a workload that comes later in the input; nothing else changes places. */
function merged(pods: readonly Pod[], daemonPods: readonly Pod[]): readonly Pod[] {
  const all: Pod[] = [];
  const waiting = [...daemonPods].sort((a, b) => a.class.workload.index - b.class.workload.index);
  let next = 0;
  for (const pod of pods) {
    while (next < waiting.length && waiting[next]!.class.workload.index < pod.class.workload.index) {
      all.push(waiting[next++]!);
    }
    all.push(pod);
  }
  return [...all, ...waiting.slice(next)];
}
