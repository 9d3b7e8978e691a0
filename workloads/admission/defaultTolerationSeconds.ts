import type {PodSpec, Toleration} from '../../model/kubernetes.ts';

/** How long a pod stays on a node that is not ready or cannot be reached, in seconds. */
const TOLERATION_SECONDS = 300;
const TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;

/** The plugin DefaultTolerationSeconds; a toleration of the pod counts whatever its operator and value are. */
export function addDefaultTolerations(spec: PodSpec): PodSpec {
  const tolerations = spec.tolerations ?? [];
  const added = TAINTS.filter((taint) => !tolerations.some((toleration) => covers(toleration, taint))).map(
    (key): Toleration => ({key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: TOLERATION_SECONDS}),
  );
  return added.length === 0 ? spec : {...spec, tolerations: [...tolerations, ...added]};
}

function covers({key = '', effect = ''}: Toleration, taint: string): boolean {
  return (key === taint || key === '') && (effect === 'NoExecute' || effect === '');
}
