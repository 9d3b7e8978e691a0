import type {Gang, PodGroup, PodGroupQueue} from './gang.ts';
import type {KubernetesObject} from './kubernetes.ts';
import type {Node} from './node.ts';
import type {Pod, PodClass, Workload} from './pod.ts';

/** A pod the API server would not create, with the server's own message. */
export interface RejectedPod {
  readonly namespace: string;
  readonly name: string;
  readonly workload: Workload;
  readonly message: string;
}

/** A kind of the input that Stowage does not turn into pods. */
export interface UnusedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly count: number;
}

/** Everything a simulation or a plan starts from, after admission and expansion. Immutable. */
export interface ClusterModel {
  readonly nodes: readonly Node[];
  /** In arrival order: bound pods first, then pending ones in the order given. The queue sorts them by priority. */
  readonly pods: readonly Pod[];
  readonly classes: readonly PodClass[];
  readonly workloads: readonly Workload[];
  readonly gangs: readonly Gang[];
  /** Groups whose pods start together, whatever gang they make up. */
  readonly podGroups: readonly PodGroup[];
  readonly podGroupQueues: readonly PodGroupQueue[];
  readonly rejected: readonly RejectedPod[];
  /** Objects that make no pods but that plugins look at: Service, PodDisruptionBudget, PersistentVolumeClaim … */
  readonly objects: readonly KubernetesObject[];
  readonly unusedKinds: readonly UnusedKind[];
}
