import {compareNames} from './compareNames.ts';
import type {SimulationResult} from './simulationResult.ts';

interface CpuAndMemory {
  readonly cpu: number;
  readonly memory: number;
}

/** All nodes of one instance type together; CPU in cores, memory in bytes. */
export interface InstanceTypeRow {
  readonly name: string;
  readonly nodes: number;
  readonly pods: number;
  readonly allocatable: CpuAndMemory;
  readonly requested: CpuAndMemory;
  readonly limits: CpuAndMemory;
  readonly stranded: CpuAndMemory;
  /** Null as soon as one node's price is unknown. */
  readonly costPerHour: number | null;
}

/** The same with what one of the nodes costs, which zones and capacity types can make differ. */
export interface PricedInstanceTypeRow extends InstanceTypeRow {
  /** Null as soon as one node's price is unknown. */
  readonly pricePerHour: {readonly lowest: number; readonly highest: number} | null;
}

/** The name that stands for nodes whose instance type is not known. */
export const UNKNOWN_INSTANCE_TYPE = '(unknown)';

/** Nodes by instance type, in the order of their names. */
export function instanceTypeRows({nodes}: Pick<SimulationResult, 'nodes'>): PricedInstanceTypeRow[] {
  const byType = Map.groupBy(nodes, ({instanceType}) => instanceType ?? UNKNOWN_INSTANCE_TYPE);
  return [...byType]
    .map(([name, group]) => {
      const prices = group.map(({pricePerHour}) => pricePerHour).filter((price) => price !== null);
      const isKnown = prices.length === group.length;
      return {
        name,
        nodes: group.length,
        pods: group.reduce((sum, {pods}) => sum + pods, 0),
        allocatable: total(group.map(({allocatable}) => allocatable)),
        requested: total(group.map(({requested}) => requested)),
        limits: total(group.map(({limits}) => limits)),
        stranded: total(group.map(({stranded}) => stranded)),
        costPerHour: isKnown ? prices.reduce((sum, price) => sum + price, 0) : null,
        pricePerHour: isKnown ? {lowest: prices.reduce(smaller), highest: prices.reduce(larger)} : null,
      };
    })
    .sort((a, b) => compareNames(a.name, b.name));
}

function smaller(a: number, b: number): number {
  return Math.min(a, b);
}

function larger(a: number, b: number): number {
  return Math.max(a, b);
}

function total(rows: readonly Readonly<Record<string, number>>[]): CpuAndMemory {
  return {
    cpu: rows.reduce((sum, row) => sum + (row.cpu ?? 0), 0),
    memory: rows.reduce((sum, row) => sum + (row.memory ?? 0), 0),
  };
}
