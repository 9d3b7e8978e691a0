import {allocatable, ruleOf} from '../../catalog/allocatable.ts';
import type {Catalog, InstanceType} from '../../catalog/instanceType.ts';
import {CPU, EPHEMERAL_STORAGE, MEMORY, PODS, type Resources} from '../../model/resources.ts';
import {type FleetLimits, isOversized, UNLIMITED} from './fleetLimits.ts';
import {GPU, type Specialty, specialtyOf} from './specialTypes.ts';

const MIB = 2 ** 20;
/** Bytes: more than any node's pods ask for. */
const UNPLANNED_STORAGE = 2 ** 50;

/** A machine that a plan may buy. */
export interface Machine {
  readonly instanceType: InstanceType;
  /** What a node of it offers, in the scheduler's units; `pods` is among them. */
  readonly allocatable: Resources;
  readonly capacity: Resources;
  /** In the catalogue's currency. */
  readonly pricePerHour: number;
}

/** Why types of the catalogue are not considered. */
export interface LeftOut {
  /** No price is known. */
  readonly unpriced: readonly string[];
  /** How much memory pods can use is not published. */
  readonly unpublished: readonly string[];
  /** They promise only a part of their cores all the time, and no pattern names them. */
  readonly burstable: readonly string[];
  /** They have GPUs that no pod asks for, or other accelerators and no pattern names them. */
  readonly accelerated: readonly string[];
  /** They are larger than one machine may be. */
  readonly oversized: readonly string[];
}

export interface MachineOptions {
  readonly kubernetesVersion: string;
  /** Names, with `*` for any part and `!` before those to leave out; where none is named, all but special types. */
  readonly patterns: readonly string[];
  /** Whether machines with GPUs are considered. */
  readonly gpus: boolean;
  /** Whether nodes are given as much local storage as is asked for, where their type does not state it. */
  readonly storage: boolean;
  readonly memoryOverheadPercent?: number;
  readonly maxPods?: number;
  /** Of these, the size of one machine decides here; absent: none. */
  readonly limits?: FleetLimits;
}

/** The machines of a catalogue that can be planned with, in its order, and those that cannot. */
export function plannableMachines(
  catalog: Catalog,
  {patterns, gpus, storage, kubernetesVersion, memoryOverheadPercent, maxPods, limits = UNLIMITED}: MachineOptions,
): {readonly machines: readonly Machine[]; readonly leftOut: LeftOut} {
  const rule = ruleOf(catalog, kubernetesVersion);
  const wanted = matcher(patterns);
  const machines: Machine[] = [];
  const unpriced: string[] = [];
  const unpublished: string[] = [];
  const oversized: string[] = [];
  const special: Record<Specialty, string[]> = {burstable: [], accelerated: []};
  const isNamed = patterns.some((pattern) => !pattern.startsWith('!'));
  for (const type of catalog.instanceTypes.values()) {
    if (!wanted(type.name)) continue;
    const specialty =
      type.gpus > 0 && !gpus ? 'accelerated' : isNamed ? null : specialtyOf(catalog.provider, type.name);
    if (specialty !== null) {
      special[specialty].push(type.name);
      continue;
    }
    const offer = allocatable(type, {
      rule,
      ...(memoryOverheadPercent === undefined ? {} : {memoryOverheadPercent}),
      ...(maxPods === undefined ? {} : {maxPods}),
    });
    if (type.pricePerHour === null) unpriced.push(type.name);
    else if (offer.memoryMiB === null) unpublished.push(type.name);
    else if (isOversized(type, limits)) oversized.push(type.name);
    else {
      machines.push({
        instanceType: type,
        allocatable: {
          ...(type.gpus > 0 ? {[GPU]: type.gpus} : {}),
          ...(storage ? {[EPHEMERAL_STORAGE]: UNPLANNED_STORAGE} : {}),
          ...type.allocatable,
          [CPU]: offer.cpu,
          [MEMORY]: offer.memoryMiB * MIB,
          [PODS]: offer.pods,
        },
        capacity: {[CPU]: Math.floor(type.vcpu * 1000), [MEMORY]: offer.capacityMiB * MIB, [PODS]: offer.pods},
        pricePerHour: type.pricePerHour,
      });
    }
  }
  return {machines, leftOut: {unpriced, unpublished, oversized, ...special}};
}

/** Whether a name is wanted: by one of the patterns, or by none where all of them leave out, and not left out. */
export function matcher(patterns: readonly string[]): (name: string) => boolean {
  const taken = patterns.filter((pattern) => !pattern.startsWith('!')).map(toExpression);
  const dropped = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => toExpression(pattern.slice(1)));
  return (name) =>
    (taken.length === 0 || taken.some((expression) => expression.test(name))) &&
    !dropped.some((expression) => expression.test(name));
}

/** A name with `*` for any part. */
function toExpression(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
