import type {ObjectMeta, PodSpec} from './kubernetes.ts';
import type {Labels} from './labels.ts';
import {effectiveRequests, nonZeroRequests, podLimits} from './podRequests.ts';
import {type QosClass, qosClass} from './qosClass.ts';
import {type Resources, toResources} from './resources.ts';

/** The controller a pod belongs to, at the top: a Deployment rather than its ReplicaSet. A bare pod is its own. */
export interface Workload {
  /** Dense, from 0, in the order of the input. */
  readonly index: number;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The part of a Flink cluster (`jobmanager`, `taskmanager`, `submitter`) or custom resource; null without parts. */
  readonly component: string | null;
  /** Pods the controller wants, whether or not they could be created. */
  readonly replicas: number;
}

/**
 * What replicas of one template share: everything the scheduler looks at, so that it is worked out once for all of
 * them. Two pods of one class differ only in their name, their identity and, for DaemonSets, their node.
 */
export interface PodClass {
  /** Dense, from 0. */
  readonly index: number;
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations?: Labels;
  /** The v1 spec after defaulting and admission. */
  readonly spec: PodSpec;
  readonly workload: Workload;
  /** The controller that owns the pods directly, as PodTopologySpread's default constraints look it up. */
  readonly owner: {readonly kind: string; readonly name: string} | null;
  readonly priority: number;
  readonly preemptionPolicy: 'PreemptLowerPriority' | 'Never';
  /** Of a pod in a PodGroup the default scheduler, which stands for its own, with the group on top. */
  readonly schedulerName: string;
  readonly qosClass: QosClass;
  readonly requests: Resources;
  readonly limits: Resources;
  /** CPU and memory as scoring counts them, with defaults for containers that leave them out. */
  readonly nonZeroRequests: {readonly cpu: number; readonly memory: number};
}

export interface Pod {
  /** Dense, from 0, in arrival order. */
  readonly index: number;
  readonly name: string;
  readonly class: PodClass;
  /** The node the pod is already bound to, or null when it is pending. */
  readonly nodeName: string | null;
  /** The one node a DaemonSet pod is made for, standing for its `metadata.name` affinity term; otherwise null. */
  readonly daemonSetNode: string | null;
  /** `status.nominatedNodeName` of a pending pod that has preempted others. */
  readonly nominatedNodeName: string | null;
  /** `status.startTime` in milliseconds since the epoch, null when unknown; preemption spares the older pod. */
  readonly startTime: number | null;
  /** Has a deletionTimestamp: still counts for resources, not for spreading. */
  readonly terminating: boolean;
  /** Was evicted by the scheduler for another pod (DisruptionTarget: PreemptionByScheduler), and is on its way out. */
  readonly preempted: boolean;
  /** `metadata.uid` of a pod that exists already. */
  readonly uid?: string;
  /**
   * Names of the claims made for the pod from templates, by the name in spec.resourceClaims; null where none was needed
   * (`status.resourceClaimStatuses`). Absent for pods whose claims are still to be made.
   */
  readonly claimNames?: Readonly<Record<string, string | null>>;
  /** The ordinal of a StatefulSet's pod or the completion index of an Indexed Job's, where the class does not hold it. */
  readonly ordinal?: number;
}

/** Whether the object was made for the pod (metav1.IsControlledBy); where either has no uid yet, by the pod's name. */
export function isControlledBy({ownerReferences = []}: ObjectMeta, pod: Pod): boolean {
  const controller = ownerReferences.find((reference) => reference.controller === true);
  if (controller === undefined || controller.kind !== 'Pod') return false;
  if (controller.uid !== undefined && pod.uid !== undefined) return controller.uid === pod.uid;
  return controller.name === pod.name;
}

/** Names the PodGroup that a pod belongs to. */
export const GROUP_ANNOTATION = 'scheduling.k8s.io/group-name';

/** `NAMESPACE/NAME`, how results and logs name a pod. */
export function podKey(pod: Pod): string {
  return `${pod.class.namespace}/${pod.name}`;
}

/** Works out a class from an admitted spec. */
export function toPodClass(
  identity: Pick<PodClass, 'index' | 'namespace' | 'labels' | 'annotations' | 'spec' | 'workload' | 'owner'>,
): PodClass {
  const {spec} = identity;
  return {
    ...identity,
    priority: spec.priority ?? 0,
    preemptionPolicy: spec.preemptionPolicy === 'Never' ? 'Never' : 'PreemptLowerPriority',
    schedulerName: schedulerNameOf(identity),
    qosClass: qosClass(spec),
    requests: effectiveRequests(spec),
    limits: toResources(podLimits(spec)),
    nonZeroRequests: nonZeroRequests(spec),
  };
}

const DEFAULT_SCHEDULER = 'default-scheduler';

function schedulerNameOf({spec, annotations}: Pick<PodClass, 'spec' | 'annotations'>): string {
  const isGrouped = annotations !== undefined && Object.hasOwn(annotations, GROUP_ANNOTATION);
  return isGrouped ? DEFAULT_SCHEDULER : (spec.schedulerName ?? DEFAULT_SCHEDULER);
}
