import type {NodeObject, Taint} from './kubernetes.ts';
import {INSTANCE_TYPE_LABEL, type Labels, labelValue, ZONE_LABEL} from './labels.ts';
import {type Resources, toQuantities, toResources} from './resources.ts';

export interface ContainerImage {
  readonly names: readonly string[];
  readonly sizeBytes: number;
}

/** A node as the scheduler and the reports see it. */
export interface Node {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly unschedulable: boolean;
  /** In the scheduler's units; `pods` is among them. A resource that is absent is zero. */
  readonly allocatable: Resources;
  readonly capacity: Resources;
  readonly images: readonly ContainerImage[];
  readonly declaredFeatures: readonly string[];
  readonly instanceType: string | null;
  readonly zone: string | null;
  /** Name of the scenario's node pool, if it comes from one. */
  readonly nodePool: string | null;
  /** Price in the run's currency per hour; null when unknown, never 0 for that. */
  readonly pricePerHour: number | null;
}

/** Reads a v1 Node; what the API does not know (pool, price) is the caller's to say. */
export function toNode(
  object: NodeObject,
  extra: {readonly nodePool?: string | null; readonly pricePerHour?: number | null} = {},
): Node {
  const {metadata, spec, status} = object;
  const labels = metadata.labels ?? {};
  const capacity = toResources(toQuantities(status?.capacity));
  return {
    name: metadata.name ?? '',
    labels,
    taints: spec?.taints ?? [],
    unschedulable: spec?.unschedulable ?? false,
    allocatable: status?.allocatable === undefined ? capacity : toResources(toQuantities(status.allocatable)),
    capacity,
    images: (status?.images ?? []).map(({names = [], sizeBytes = 0}) => ({names, sizeBytes})),
    declaredFeatures: status?.declaredFeatures ?? [],
    instanceType:
      labelValue(labels, INSTANCE_TYPE_LABEL) ?? labelValue(labels, 'beta.kubernetes.io/instance-type') ?? null,
    zone: labelValue(labels, ZONE_LABEL) ?? labelValue(labels, 'failure-domain.beta.kubernetes.io/zone') ?? null,
    nodePool: extra.nodePool ?? null,
    pricePerHour: extra.pricePerHour ?? null,
  };
}
