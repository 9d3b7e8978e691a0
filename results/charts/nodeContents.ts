import {compareNames} from '../compareNames.ts';
import {printable} from '../format.ts';
import {UNKNOWN_INSTANCE_TYPE} from '../instanceTypes.ts';
import type {ResultNode, ResultWorkload, SimulationResult} from '../simulationResult.ts';
import {theme} from './theme.ts';

/** CPU in cores and memory in bytes. */
export interface CpuAndMemory {
  readonly cpu: number;
  readonly memory: number;
}

/** One part of what a node has: requests of a workload or namespace, of all others, free capacity, stranded capacity. */
export interface Series {
  readonly name: string;
  readonly color: string;
}

/** A node and what is on it, one amount for each series. */
export interface NodeContent {
  readonly node: ResultNode;
  readonly amounts: readonly CpuAndMemory[];
}

export interface NodeContents {
  /** What has a series of its own. */
  readonly by: 'workload' | 'namespace';
  /** Those with the most memory, all others, `free`, `stranded`; the amounts of nodes keep this order. */
  readonly series: readonly Series[];
  /** By instance type, then by name. */
  readonly nodes: readonly NodeContent[];
}

export const OTHERS = {workload: 'other workloads', namespace: 'other namespaces'} as const;
export const FREE = 'free';
export const STRANDED = 'stranded';

/** Below this share of the placed memory the biggest workloads say too little, and namespaces are shown. */
const TELLING_SHARE = 0.5;

/** How far sums of floats may be off before a difference counts as one. */
const TOLERANCE = 1e-6;

/**
 * Splits each node's allocatable CPU and memory into what workloads request, what is free and what is stranded. The
 * workloads with the most memory in the run get a series of their own, as many as there are colours; where these hold
 * less than half of the memory, and no namespace more than half, the biggest namespaces do.
 *
 * The result file holds one request per workload, that of its largest pod. Where pods differ, their shares are scaled
 * down so that they add up to what the node says is requested; what no placement accounts for goes to the others.
 */
export function nodeContents(result: SimulationResult): NodeContents {
  const {by, groups} = biggestGroups(result.workloads);
  const other = groups.length;
  const seriesOfWorkload = new Map(groups.flatMap((group, index) => group.map((workload) => [workload, index])));
  const podsOnNode = Map.groupBy(result.placements, ({node}) => node);

  const nodes = result.nodes.map((node): NodeContent => {
    const amounts = Array.from({length: other + 1}, () => ({cpu: 0, memory: 0}));
    for (const {workload: index} of podsOnNode.get(node.name) ?? []) {
      const workload = result.workloads[index];
      if (workload === undefined) continue;
      const amount = amounts[seriesOfWorkload.get(workload) ?? other]!;
      amount.cpu += amountOf(workload.requests, 'cpu');
      amount.memory += amountOf(workload.requests, 'memory');
    }
    for (const resource of ['cpu', 'memory'] as const) reconcile(amounts, resource, amountOf(node.requested, resource));
    const stranded = {cpu: strandedOn(node, 'cpu'), memory: strandedOn(node, 'memory')};
    const free = {cpu: freeOn(node, 'cpu') - stranded.cpu, memory: freeOn(node, 'memory') - stranded.memory};
    return {node, amounts: [...amounts, free, stranded]};
  });

  const names =
    by === 'namespace'
      ? groups.map(([workload]) => `${printable(workload!.namespace)}/*`)
      : workloadNames(groups.map(([workload]) => workload!));

  return {
    by,
    series: [
      ...names.map((name, index) => ({name, color: theme.series[index]!})),
      {name: OTHERS[by], color: theme.other},
      {name: FREE, color: theme.free},
      {name: STRANDED, color: theme.stranded},
    ],
    nodes: nodes.sort(
      (a, b) => compareNames(instanceTypeOf(a.node), instanceTypeOf(b.node)) || compareNames(a.node.name, b.node.name),
    ),
  };
}

/** The node's instance type, safe to show. */
export function instanceTypeOf(node: ResultNode): string {
  return printable(node.instanceType ?? UNKNOWN_INSTANCE_TYPE);
}

/** What is allocatable and not requested; never below zero. */
export function freeOn(node: ResultNode, resource: 'cpu' | 'memory'): number {
  return Math.max(0, amountOf(node.allocatable, resource) - amountOf(node.requested, resource));
}

/** What is free and stranded. */
export function strandedOn(node: ResultNode, resource: 'cpu' | 'memory'): number {
  return Math.min(Math.max(0, node.stranded[resource]), freeOn(node, resource));
}

/** An amount by resource name; 0 where the resource is absent. */
export function amountOf(amounts: Readonly<Record<string, number>>, resource: string): number {
  return Object.hasOwn(amounts, resource) ? (amounts[resource] ?? 0) : 0;
}

/** `NAMESPACE/NAME` with the component, and with the kind where that alone would name two of the workloads. */
export function workloadNames(workloads: readonly ResultWorkload[]): readonly string[] {
  const short = workloads.map(({namespace, name, component}) =>
    printable(`${namespace}/${name}${component === null ? '' : ` ${component}`}`),
  );
  const groups = Map.groupBy(short, (name) => name);
  return workloads.map(({kind}, index) => {
    const name = short[index]!;
    return (groups.get(name)?.length ?? 0) > 1 ? `${printable(kind)} ${name}` : name;
  });
}

type Group = readonly ResultWorkload[];

/** The workloads that belong to each colour, one for each workload or one for each namespace. */
function biggestGroups(workloads: readonly ResultWorkload[]): Pick<NodeContents, 'by'> & {groups: readonly Group[]} {
  const placed = workloads.filter((workload) => workload.placed > 0);
  const byWorkload = biggest(placed.map((workload) => [workload]));
  const byNamespace = biggest([...Map.groupBy(placed, ({namespace}) => namespace).values()]);
  const telling = TELLING_SHARE * amountPlaced(placed, 'memory');
  return amountPlaced(byWorkload.flat(), 'memory') < telling && amountPlaced(byNamespace[0]!, 'memory') <= telling
    ? {by: 'namespace', groups: byNamespace}
    : {by: 'workload', groups: byWorkload};
}

/** As many groups as there are colours, the one with the most memory first. */
function biggest(groups: readonly Group[]): readonly Group[] {
  return groups
    .toSorted(
      (a, b) =>
        amountPlaced(b, 'memory') - amountPlaced(a, 'memory') || amountPlaced(b, 'cpu') - amountPlaced(a, 'cpu'),
    )
    .slice(0, theme.series.length);
}

function amountPlaced(workloads: Group, resource: string): number {
  return workloads.reduce((sum, {placed, requests}) => sum + placed * amountOf(requests, resource), 0);
}

/** Makes the amounts of one resource add up to `requested`: too much is scaled down, what is missing goes to the last. */
function reconcile(amounts: {cpu: number; memory: number}[], resource: 'cpu' | 'memory', requested: number): void {
  const sum = amounts.reduce((total, amount) => total + amount[resource], 0);
  if (Math.abs(sum - requested) <= TOLERANCE * Math.max(sum, requested)) return;
  if (sum > requested) for (const amount of amounts) amount[resource] *= requested / sum;
  else amounts.at(-1)![resource] += requested - sum;
}
