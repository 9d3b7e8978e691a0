import type {KubernetesObject, PodTemplateSpec} from '../../model/kubernetes.ts';

/** The controller that owns pods directly: a ReplicaSet rather than its Deployment. */
export interface DirectOwner {
  readonly kind: string;
  readonly name: string;
}

/** How the pods of a set are called: a name of their own, or one the API server completes. */
export type PodNaming =
  | {readonly kind: 'fixed'; readonly name: (index: number) => string}
  | {readonly kind: 'generated'; readonly generateName: string}
  | {readonly kind: 'indexed'; readonly generateName: (index: number) => string};

/** Pods that a controller asks the API server for, all from one template. */
export interface PodSet {
  readonly owner: DirectOwner | null;
  /** With what the controller adds, before the API's defaults and admission. */
  readonly template: PodTemplateSpec;
  readonly count: number;
  readonly naming: PodNaming;
  /** Ordinal or completion index by position in the set; null where pods are all alike. */
  readonly ordinal: ((index: number) => number) | null;
  /** The one node of each pod of a DaemonSet. */
  readonly nodes: readonly string[] | null;
  /** Claims that are made before the pods, once for the set. */
  readonly claims: readonly KubernetesObject[];
}

/** What a controller does at the start of a cluster, given the pods it has already. */
export interface Expansion {
  /** Pods the controller wants, those it has included. */
  readonly wanted: number;
  readonly sets: readonly PodSet[];
  /** The pod that each node would get, where no nodes are given. */
  readonly perNode: PodSet | null;
  /** Objects the controller makes on the way that plugins look at: a Deployment's ReplicaSet. */
  readonly objects: readonly KubernetesObject[];
  /** Whether no further pod is asked for once one is refused, as an OrderedReady StatefulSet does. */
  readonly stopsAtRefusal: boolean;
  /** Why the controller wants no pods although it could, null when it does. */
  readonly idle: string | null;
}

export function expansion(wanted: number, sets: readonly PodSet[], rest: Partial<Expansion> = {}): Expansion {
  return {
    wanted,
    sets: sets.filter(({count}) => count > 0),
    perNode: null,
    objects: [],
    stopsAtRefusal: false,
    idle: null,
    ...rest,
  };
}

export function idle(wanted: number, reason: string): Expansion {
  return expansion(wanted, [], {idle: reason});
}

/** The common case: interchangeable pods with generated names. */
export function podSet(
  owner: DirectOwner,
  template: PodTemplateSpec,
  count: number,
  rest: Partial<Omit<PodSet, 'owner' | 'template' | 'count'>> = {},
): PodSet {
  const naming = {kind: 'generated', generateName: `${owner.name}-`} as const;
  return {owner, template, count, naming, ordinal: null, nodes: null, claims: [], ...rest};
}

/** A template with labels added to its own. */
export function withLabels(template: PodTemplateSpec, labels: Readonly<Record<string, string>>): PodTemplateSpec {
  return {...template, metadata: {...template.metadata, labels: {...template.metadata?.labels, ...labels}}};
}
