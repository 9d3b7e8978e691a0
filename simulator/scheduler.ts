import type {ClusterModel} from '../model/clusterModel.ts';
import type {Pod} from '../model/pod.ts';
import type {Evaluator} from './framework/evaluator.ts';
import {Framework} from './framework/framework.ts';
import type {Handle} from './framework/plugin.ts';
import {defaultSchedulerConfiguration, type SchedulerConfiguration} from './framework/schedulerConfiguration.ts';
import {arrivalOrder} from './queue/arrivalOrder.ts';
import {Nominator} from './queue/nominator.ts';
import {ReferenceEvaluator} from './reference/referenceEvaluator.ts';
import type {SimulationOptions, WaitingPod} from './simulation.ts';
import {ClusterState} from './state/clusterState.ts';

/** Everything that one run of the scheduler works with. */
export interface Scheduler {
  readonly state: ClusterState;
  readonly evaluator: Evaluator;
  readonly nominator: Nominator;
  readonly frameworks: ReadonlyMap<string, Framework>;
  /** Node index by name. */
  readonly nodeOf: ReadonlyMap<string, number>;
}

/** A scheduler in front of nodes that have no pods yet. */
export function createScheduler(
  model: ClusterModel,
  options: SimulationOptions,
  configuration: SchedulerConfiguration = defaultSchedulerConfiguration(options.kubernetesVersion),
): Scheduler {
  const state = ClusterState.empty(model.nodes, model.classes, model.pods.length);
  const handle: Handle = {nodes: model.nodes, state, kubernetesVersion: options.kubernetesVersion};
  const frameworks = new Map(
    configuration.profiles.map((profile) => [profile.schedulerName, new Framework(profile, handle)]),
  );
  const nominator = new Nominator();
  return {
    state,
    evaluator: new ReferenceEvaluator(handle, frameworks, nominator, options),
    nominator,
    frameworks,
    nodeOf: new Map(model.nodes.map(({name}, index) => [name, index])),
  };
}

/** Pods at t = 0: those on a node are put there, the others are sorted out before the first is scheduled. */
export interface Intake {
  /** In the order they are scheduled. */
  readonly queue: readonly Pod[];
  readonly gated: readonly WaitingPod[];
  readonly ignored: readonly WaitingPod[];
  /** Bound to a node that is not in the model. */
  readonly stray: readonly WaitingPod[];
}

/** Puts the bound pods on their nodes and the pending ones into the queue. */
export function takeIn(scheduler: Scheduler, pods: readonly Pod[]): Intake {
  const queued: Pod[] = [];
  const gated: WaitingPod[] = [];
  const ignored: WaitingPod[] = [];
  const stray: WaitingPod[] = [];
  for (const pod of pods) {
    const framework = scheduler.frameworks.get(pod.class.schedulerName);
    if (pod.nodeName !== null) {
      const node = scheduler.nodeOf.get(pod.nodeName);
      if (node === undefined) stray.push({pod, message: `node ${JSON.stringify(pod.nodeName)} not found`});
      else scheduler.state.addPod(pod, node);
    } else if (framework === undefined) {
      ignored.push({pod, message: `no profile for scheduler name ${JSON.stringify(pod.class.schedulerName)}`});
    } else if (pod.terminating) {
      ignored.push({pod, message: 'the pod is being deleted'});
    } else {
      const status = framework.runPreEnqueue(pod);
      if (status !== null) gated.push({pod, message: status.reasons.join(', ')});
      else queued.push(pod);
    }
  }
  for (const pod of queued) {
    const node = pod.nominatedNodeName === null ? undefined : scheduler.nodeOf.get(pod.nominatedNodeName);
    if (node !== undefined) scheduler.nominator.nominate(pod, node);
  }
  const [framework] = scheduler.frameworks.values();
  const queue = framework === undefined ? [] : arrivalOrder(queued, (a, b) => framework.compare(a, b));
  return {queue, gated, ignored, stray};
}

/** Puts a pod on the node found for it; its nomination is over. */
export function assume(scheduler: Scheduler, pod: Pod, node: number): void {
  scheduler.state.addPod(pod, node);
  scheduler.nominator.remove(pod);
}

/** Ends the nomination of a pod that found no node; one that may not preempt keeps it, as upstream does. */
export function giveUp(scheduler: Scheduler, pod: Pod): void {
  if (pod.class.preemptionPolicy !== 'Never') scheduler.nominator.remove(pod);
}
