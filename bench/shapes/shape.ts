import type {KubernetesObject, NodeObject, PodSpec} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';

/** A cluster and the pods to schedule in it, as Kubernetes objects. */
export interface Workload {
  readonly nodes: readonly NodeObject[];
  /** Services, Namespaces and others that plugins look at. */
  readonly objects: readonly KubernetesObject[];
  /** On their nodes before anything is measured. */
  readonly running: readonly PodSet[];
  /** Scheduled in this order, the most important ones first. */
  readonly pending: readonly PodSet[];
  /** Whether sets come one after the other, or the first pod of each, then the second of each … */
  readonly order: 'bySet' | 'interleaved';
  readonly churn: Churn | null;
  /** 2 where every pending pod makes room for itself first. */
  readonly attemptsPerPod: 1 | 2;
}

/** What happens every so many pods: one scheduled before is deleted, and a visitor is tried in vain and leaves again. */
export interface Churn {
  readonly interval: number;
  readonly visitor: PodSet;
}

/** Equal pods without a controller. */
export interface PodSet {
  /** Unique in the workload; pods are called `NAME-0`, `NAME-1` … */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly spec: PodSpec;
  readonly count: number;
  /** Where running pods are: `each` puts them on the nodes in turn, `scheduled` leaves it to the scheduler. */
  readonly place?: 'each' | 'scheduled';
}

/** The gate of scheduler_perf's own continuous integration, for the whole control plane. */
export interface PublishedFloor {
  readonly podsPerSecond: number;
  readonly nodes: number;
  /** The Kubernetes version that it was read at. */
  readonly version: string;
}

/** What Stowage has to reach at one size. */
export type Bar =
  | {readonly nodes: number; readonly podsPerSecond: number}
  | {readonly nodes: number; readonly seconds: number; readonly peakBytes?: number};

export interface Shape {
  readonly name: string;
  /** What the pods are, in a few words. */
  readonly title: string;
  /** The test case of scheduler_perf that it repeats; null for a shape of our own. */
  readonly schedulerPerf: string | null;
  readonly published: PublishedFloor | null;
  readonly bar: Bar | null;
  /** More nodes than this take more memory than machines have. */
  readonly mostNodes: number;
  readonly build: (nodes: number) => Workload;
}
