import {compareNames} from '../compareNames.ts';
import {formatCount, formatGibibytes, formatPlural, printable} from '../format.ts';
import type {PlanResult} from '../planResult.ts';
import type {ResultNode, SimulationResult} from '../simulationResult.ts';
import {numberColumn, type Table, textColumn} from '../table.ts';
import {type Chart, VEGA_LITE_SCHEMA} from './chart.ts';
import {amountOf, freeOn, strandedOn} from './nodeContents.ts';
import {CHART_WIDTH, chartConfig, NAME_WIDTH, seriesLegend, theme} from './theme.ts';

const BAR_STEP = 26;

/** Where memory can go, in the order of the bars. */
const PARTS = [
  {name: 'pods', color: theme.series[0]!},
  {name: 'DaemonSets', color: theme.series[1]!},
  {name: 'free', color: theme.free},
  {name: 'stranded', color: theme.stranded},
  {name: 'eviction threshold', color: theme.series[3]!},
  {name: 'system-reserved', color: theme.series[4]!},
  {name: 'kube-reserved', color: theme.series[2]!},
  {name: 'kept from pods', color: theme.series[6]!},
  {name: 'machine and kernel', color: theme.other},
] as const;
type Part = (typeof PARTS)[number]['name'];

/** What a plan says of its machines. */
interface PlannedMachines {
  readonly nodes: readonly Pick<PlanResult['nodes'][number], 'instanceType' | 'capacity' | 'allocatable' | 'memory'>[];
}

/** The average node of an instance type. */
interface AverageMachine {
  readonly name: string;
  readonly nodes: number;
  /** Bytes, as advertised. */
  readonly nominal: number;
  /** Bytes; they add up to `nominal`. */
  readonly parts: Readonly<Record<Part, number>>;
}

/** From the memory that a machine is sold with to what pods use of it, for the average node of each instance type. */
export function machineMemory(plan: PlannedMachines, placement: SimulationResult): Chart {
  const machines = averageMachines(plan, placement);
  const label = ({name, nominal}: AverageMachine) =>
    `${printable(name)}, ${formatGibibytes(nominal).replace(/\.0$/, '')} GiB`;
  const parts = partsOf(machines);
  return {
    $schema: VEGA_LITE_SCHEMA,
    title: {text: 'Where the memory you pay for goes', subtitle: SUBTITLE},
    description: `Stacked bars of the memory of the average node of each of ${formatPlural(machines.length, 'instance type')}, in percent of what is advertised: ${parts.map(({name}) => name).join(', ')}.`,
    config: chartConfig,
    width: CHART_WIDTH - NAME_WIDTH,
    height: {step: BAR_STEP},
    data: {
      values: machines.flatMap((machine) => {
        let end = 0;
        return parts.flatMap(({name}) => {
          const start = end;
          end += machine.parts[name] / machine.nominal;
          return end > start ? [{machine: label(machine), part: name, start, end}] : [];
        });
      }),
    },
    mark: {type: 'bar', height: {band: 0.7}, stroke: theme.ground, strokeWidth: 0.4},
    encoding: {
      y: {
        field: 'machine',
        type: 'nominal',
        scale: {domain: machines.map(label)},
        axis: {
          title: null,
          ticks: false,
          domain: false,
          labelLimit: NAME_WIDTH,
          minExtent: NAME_WIDTH,
          maxExtent: NAME_WIDTH,
        },
      },
      x: {
        field: 'start',
        type: 'quantitative',
        title: 'memory (% of what is advertised)',
        scale: {domain: [0, 1], nice: false},
        axis: {domain: false, format: '.0%', tickCount: 10},
      },
      x2: {field: 'end'},
      color: {
        field: 'part',
        type: 'nominal',
        scale: {domain: parts.map(({name}) => name), range: parts.map(({color}) => color)},
        legend: {...seriesLegend, columns: 4},
      },
    },
  };
}

/** The figures of `machineMemory`, in GiB of the average node. */
export function machineMemoryTable(plan: PlannedMachines, placement: SimulationResult): Table {
  const machines = averageMachines(plan, placement);
  const shown = partsOf(machines);
  return {
    caption: SUBTITLE,
    columns: [
      textColumn('Instance type'),
      numberColumn('Nodes'),
      numberColumn('advertised', 'GiB per node'),
      ...shown.map(({name}) => numberColumn(name, 'GiB per node')),
    ],
    rows: machines.map(({name, nodes, nominal, parts: own}) => [
      name,
      formatCount(nodes),
      formatGibibytes(nominal),
      ...shown.map((part) => formatGibibytes(own[part.name])),
    ]),
    more: 0,
  };
}

/** The parts that any of the machines has. */
function partsOf(machines: readonly AverageMachine[]) {
  return PARTS.filter(({name}) => machines.some(({parts}) => parts[name] > 0));
}

const SUBTITLE =
  'Memory of the average node of each instance type, in shares of what is advertised: pods and DaemonSets have what they request; stranded is what is free and of no use, for want of CPU; kube-reserved, system-reserved and the eviction threshold are kept from pods by the provider; machine and kernel keep the rest.';

function averageMachines(plan: PlannedMachines, placement: SimulationResult): readonly AverageMachine[] {
  const daemons = daemonMemory(placement);
  const types = new Map(plan.nodes.map((line) => [line.instanceType, line]));
  return [...types.values()]
    .sort((a, b) => compareNames(a.instanceType, b.instanceType))
    .map(({instanceType, capacity, memory: {nominal, reserved}, allocatable}) => {
      const own = placement.nodes.filter((node) => node.instanceType === instanceType);
      const mean = (amount: (node: ResultNode) => number) =>
        own.reduce((sum, node) => sum + amount(node), 0) / Math.max(1, own.length);
      const ofDaemons = mean(({name}) => daemons.get(name) ?? 0);
      const stranded = mean((node) => strandedOn(node, 'memory'));
      const kept = Math.max(0, capacity.memory - allocatable.memory);
      const keptFor = (purpose: string) => reserved.find(({name}) => name === purpose)?.memory ?? 0;
      const [eviction, system] = [keptFor('eviction-hard'), keptFor('system-reserved')];
      // With the fractions of a MiB that rounding keeps.
      const kubelet = reserved.length === 0 ? 0 : Math.max(0, kept - eviction - system);
      return {
        name: instanceType,
        nodes: own.length,
        nominal,
        parts: {
          pods: mean(({requested}) => amountOf(requested, 'memory')) - ofDaemons,
          DaemonSets: ofDaemons,
          free: mean((node) => freeOn(node, 'memory')) - stranded,
          stranded,
          'eviction threshold': eviction,
          'system-reserved': system,
          'kube-reserved': kubelet,
          'kept from pods': reserved.length === 0 ? kept : 0,
          'machine and kernel': Math.max(0, nominal - capacity.memory),
        },
      };
    });
}

/** Bytes that pods of DaemonSets request, by node. */
function daemonMemory({placements, workloads}: SimulationResult): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const {node, workload} of placements) {
    const {kind, requests} = workloads[workload]!;
    if (kind === 'DaemonSet') sums.set(node, (sums.get(node) ?? 0) + amountOf(requests, 'memory'));
  }
  return sums;
}
