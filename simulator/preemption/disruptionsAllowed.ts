import type {KubernetesObject} from '../../model/kubernetes.ts';
import type {PodClass} from '../../model/pod.ts';
import type {Handle} from '../framework/plugin.ts';

/** A number of pods, or a share of them such as `25%`. */
type IntOrPercent = number | string;

/**
 * How many pods a PodDisruptionBudget would let go now, as its controller works it out: the pods on nodes less those
 * that must stay. What is expected is what the controllers of the pods want; shares of it are rounded up.
 */
export function disruptionsAllowed(
  {spec}: KubernetesObject,
  classes: readonly PodClass[],
  {podIndex, state}: Handle,
): number {
  const {minAvailable, maxUnavailable} = (spec ?? {}) as {
    readonly minAvailable?: IntOrPercent;
    readonly maxUnavailable?: IntOrPercent;
  };
  let healthy = 0;
  for (const podClass of classes) {
    for (const index of podIndex.podsOf(podClass)) {
      if (state.nodeOfPod[index]! >= 0 && !state.pods.at(index).terminating) healthy++;
    }
  }
  const workloads = new Set(classes.map(({workload}) => workload));
  const expected = [...workloads].reduce((sum, {replicas}) => sum + replicas, 0);
  const desired =
    maxUnavailable !== undefined
      ? Math.max(0, expected - scaled(maxUnavailable, expected))
      : scaled(minAvailable ?? 0, expected);
  return expected === 0 ? 0 : Math.max(0, healthy - desired);
}

function scaled(value: IntOrPercent, expected: number): number {
  if (typeof value === 'number') return value;
  return Math.ceil((Number.parseInt(value, 10) * expected) / 100);
}
