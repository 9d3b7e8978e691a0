import type {InstanceType} from '../../catalog/instanceType.ts';
import {amountOf, CPU, formatAmount, MEMORY, type Resources} from '../../model/resources.ts';
import {NO_LIMITS, type PackingLimits} from '../packingProblem.ts';
import {GPU} from './specialTypes.ts';

/** What all machines of a plan together, and each of them, have to keep to; null and empty: no limit. */
export interface FleetLimits {
  /** Machines in all. */
  readonly nodes: number | null;
  /** Different instance types. */
  readonly instanceTypes: number | null;
  /** Of one machine, as it is advertised, in the scheduler's units: a larger one in any of them is not bought. */
  readonly nodeSize: Resources;
}

export const UNLIMITED: FleetLimits = {nodes: null, instanceTypes: null, nodeSize: {}};

/** What of a machine is advertised, and so can be limited. */
export const SIZES = [CPU, MEMORY, GPU] as const;

/** Those that a packing has to keep to; machines that are too large are not among its bin types. */
export function packingLimits({nodes, instanceTypes}: FleetLimits): PackingLimits {
  return {...NO_LIMITS, bins: nodes, kinds: instanceTypes};
}

/** Whether a machine is larger, as advertised, than one may be. */
export function isOversized({vcpu, memoryMiB, gpus}: InstanceType, {nodeSize}: FleetLimits): boolean {
  const advertised: Resources = {[CPU]: vcpu * 1000, [MEMORY]: memoryMiB * 2 ** 20, [GPU]: gpus};
  return Object.keys(nodeSize).some((name) => amountOf(advertised, name) > amountOf(nodeSize, name));
}

/** The limits as flags of `stowage plan`. */
export function limitFlags({nodes, instanceTypes, nodeSize}: FleetLimits): readonly string[] {
  const sizes = Object.entries(nodeSize).map(([name, amount]) => `${name}=${formatAmount(name, amount)}`);
  return [
    ...(nodes === null ? [] : [`--max-nodes ${nodes}`]),
    ...(instanceTypes === null ? [] : [`--max-instance-types ${instanceTypes}`]),
    ...(sizes.length === 0 ? [] : [`--max-node-size ${sizes.join(',')}`]),
  ];
}
