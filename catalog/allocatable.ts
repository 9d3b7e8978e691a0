import {CPU, MEMORY, PODS} from '../model/resources.ts';
import type {Catalog, InstanceType} from './instanceType.ts';
import {ACK} from './rules/ack.ts';
import {AKS} from './rules/aks.ts';
import {AKS_BEFORE_129} from './rules/aksBefore129.ts';
import type {AllocatableRule, Reservation, RuleName} from './rules/allocatableRule.ts';
import {CCE} from './rules/cce.ts';
import {CCE_V1} from './rules/cceV1.ts';
import {EKS} from './rules/eks.ts';
import {GKE} from './rules/gke.ts';
import {KUBELET} from './rules/kubelet.ts';
import {TKE} from './rules/tke.ts';
import {TKE_BEFORE_130} from './rules/tkeBefore130.ts';
import {VKE} from './rules/vke.ts';

const MIB = 2 ** 20;

/** What a node of an instance type offers to pods, and how it comes about. CPU in millicores, memory in MiB. */
export interface Allocatable {
  readonly cpu: number;
  /** Null where the provider does not publish what it keeps; then the user has to state it. */
  readonly memoryMiB: number | null;
  readonly pods: number;
  /** What the kernel reports, before anything is reserved. */
  readonly capacityMiB: number;
  readonly reservations: readonly Reservation[];
  readonly rule: AllocatableRule;
}

export interface AllocatableOptions {
  readonly rule: RuleName;
  /** Overrides the type's own number; most rules keep less memory for fewer pods. */
  readonly maxPods?: number;
  /** The gap between advertised and real memory; the rule's own model when left out. */
  readonly memoryOverheadPercent?: number;
}

const RULES: Readonly<Record<RuleName, AllocatableRule>> = {
  EKS,
  GKE,
  AKS,
  AKSBefore129: AKS_BEFORE_129,
  TKE,
  TKEBefore130: TKE_BEFORE_130,
  ACK,
  VKE,
  CCE,
  CCEv1: CCE_V1,
  Kubelet: KUBELET,
};

/** The rules of a provider, the newest first, each from a minor version of Kubernetes 1 on. */
const BY_PROVIDER: ReadonlyMap<string, readonly (readonly [from: number, rule: RuleName])[]> = new Map([
  ['aws', [[0, 'EKS']]],
  ['gcp', [[0, 'GKE']]],
  [
    'azure',
    [
      [29, 'AKS'],
      [0, 'AKSBefore129'],
    ],
  ],
  [
    'tencent',
    [
      [30, 'TKE'],
      [0, 'TKEBefore130'],
    ],
  ],
  ['alibaba', [[0, 'ACK']]],
  ['volcengine', [[0, 'VKE']]],
  [
    'huawei',
    [
      [25, 'CCE'],
      [0, 'CCEv1'],
    ],
  ],
]);

/** The rule of a catalogue's provider for a Kubernetes version such as `1.36`; that of the kubelet for unknown ones. */
export function ruleOf(
  {provider, allocatableRule}: Pick<Catalog, 'provider' | 'allocatableRule'>,
  kubernetesVersion: string,
): RuleName {
  if (allocatableRule !== null) return allocatableRule;
  const minor = Number(kubernetesVersion.split('.')[1]);
  return BY_PROVIDER.get(provider)?.find(([from]) => minor >= from)?.[1] ?? 'Kubelet';
}

/**
 * From a machine to what pods can use: nominal memory less what hypervisor and kernel keep is the capacity; less what the
 * provider reserves and the eviction threshold it is allocatable, in whole MiB and never below 0. What is stated of the
 * type itself outranks the rule.
 */
export function allocatable(type: InstanceType, options: AllocatableOptions): Allocatable {
  const rule = RULES[options.rule];
  const stated = type.allocatable ?? {};
  const pods = options.maxPods ?? stated[PODS] ?? type.maxPods ?? rule.defaultMaxPods;
  const machine = {name: type.name, arch: type.arch, vcpu: type.vcpu, memoryMiB: type.memoryMiB, pods};
  const capacity = rule.capacityMiB(machine, options.memoryOverheadPercent);
  const reservations = rule.reservations(machine);
  const reservedMillicores = reservations.reduce((sum, {cpu}) => sum + cpu, 0);
  let left: number | null = capacity;
  for (const {memoryMiB} of reservations) left = left === null || memoryMiB === null ? null : left - memoryMiB;
  return {
    cpu: stated[CPU] ?? Math.max(0, Math.floor(type.vcpu * 1000) - reservedMillicores),
    memoryMiB:
      stated[MEMORY] === undefined ? (left === null ? null : Math.max(0, Math.floor(left))) : stated[MEMORY] / MIB,
    pods,
    capacityMiB: Math.floor(capacity),
    reservations,
    rule,
  };
}
