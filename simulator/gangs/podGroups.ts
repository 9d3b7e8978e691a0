import type {ClusterModel} from '../../model/clusterModel.ts';
import type {PodGroup, PodGroupQueue} from '../../model/gang.ts';
import {amountOf, type Resources} from '../../model/resources.ts';
import type {HeldPods} from '../scheduler.ts';

/** By how much Volcano lets groups wait for more than the cluster has (the default of its overcommit plugin). */
const OVERCOMMIT_FACTOR = 1.2;

/**
 * The pods of groups that do not start, each with the reason. As Volcano does it: a group is looked at only when its
 * `minResources` are to be had, in the cluster and in its queue; and where fewer than `minMember` of its pods find a node
 * none of them keeps one, so that the groups after it find the room free. `place` says where pods end up when these are
 * left out. Groups take turns in the order of the model.
 */
export function podGroupsHeldBack(model: ClusterModel, place: (held: HeldPods) => Int32Array): HeldPods {
  const held = new Map<number, string>();
  const {podGroups} = model;
  const hold = ({pods}: PodGroup, reason: string): void => {
    for (const pod of pods) if (pod.nodeName === null) held.set(pod.index, reason);
  };
  const enqueued = new Set(podGroups);
  for (const [group, reason] of notEnqueued(model)) {
    enqueued.delete(group);
    hold(group, reason);
  }
  for (;;) {
    const nodeOfPod = place(held);
    const placedOf = ({pods}: PodGroup): number => pods.filter(({index}) => nodeOfPod[index]! >= 0).length;
    const failing = [...enqueued].find((group) => placedOf(group) + group.succeeded < group.minMember);
    if (failing === undefined) return held;
    enqueued.delete(failing);
    const {namespace, name, minMember, succeeded} = failing;
    const finished = succeeded === 0 ? '' : ` beside the ${succeeded} that have succeeded`;
    hold(
      failing,
      `PodGroup ${namespace}/${name} starts with ${minMember} pods at once, and only ${placedOf(failing)} find a node${finished}`,
    );
  }
}

/** Groups that Volcano leaves in the phase Pending, for lack of what they ask for at least. */
function notEnqueued({nodes, pods, podGroups, podGroupQueues}: ClusterModel): ReadonlyMap<PodGroup, string> {
  const refused = new Map<PodGroup, string>();
  const queues = new Map(podGroupQueues.map((queue) => [queue.name, queue]));
  const inCluster = new Amounts();
  for (const pod of pods) if (pod.nodeName !== null) inCluster.add(pod.class.requests);
  const inQueue = new Map<PodGroupQueue, Amounts>();
  for (const {queue: name, pods: own} of podGroups) {
    const queue = queues.get(name);
    if (queue === undefined) continue;
    const amounts = inQueue.get(queue) ?? new Amounts();
    for (const pod of own) if (pod.nodeName !== null) amounts.add(pod.class.requests);
    inQueue.set(queue, amounts);
  }
  const capacity = new Amounts();
  for (const {allocatable} of nodes) capacity.add(allocatable);
  for (const group of podGroups) {
    const {namespace, name, minResources, queue: queueName} = group;
    if (group.pods.some(({nodeName}) => nodeName !== null)) continue;
    const queue = queues.get(queueName);
    const short = Object.keys(minResources).find((resource) => {
      const most = capacity.of(resource) * OVERCOMMIT_FACTOR;
      return inCluster.of(resource) + amountOf(minResources, resource) > most;
    });
    const capped = Object.keys(minResources).find((resource) => {
      const limit = queue?.capability?.[resource];
      return limit !== undefined && inQueue.get(queue!)!.of(resource) + amountOf(minResources, resource) > limit;
    });
    if (capped !== undefined) {
      refused.set(group, `PodGroup ${namespace}/${name} asks for more ${capped} than its queue ${queueName} has left`);
    } else if (short !== undefined) {
      refused.set(
        group,
        `PodGroup ${namespace}/${name} asks for more ${short} (minResources) than the cluster has free`,
      );
    } else {
      inCluster.add(minResources);
      if (queue !== undefined) inQueue.get(queue)!.add(minResources);
    }
  }
  return refused;
}

/** Sums by resource. */
class Amounts {
  readonly #sums = new Map<string, number>();

  add(resources: Resources): void {
    for (const name of Object.keys(resources)) this.#sums.set(name, this.of(name) + resources[name]!);
  }

  of(name: string): number {
    return this.#sums.get(name) ?? 0;
  }
}
