/** The tables of a report, each from a result to texts in rows and columns. */
import {compareNames} from './compareNames.ts';
import {
  formatCores,
  formatCount,
  formatGibibytes,
  formatMoney,
  formatPercent,
  formatPrice,
  formatResource,
  shareOf,
} from './format.ts';
import {instanceTypeRows, type PricedInstanceTypeRow} from './instanceTypes.ts';
import {pendingGroups} from './pendingGroups.ts';
import type {ResultJob, ResultWorkload, SimulationResult} from './simulationResult.ts';
import {type Column, limitRows, numberColumn, type Table, textColumn} from './table.ts';

/** Most rows of one table of a page; the result file has all. */
const MAX_ROWS = 200;

/** One row per instance type, in the order of their names, and one for all nodes. */
export function instanceTypesTable(result: SimulationResult): Table {
  const {summary} = result;
  const {currency} = summary;
  const {rows, more} = limitRows(instanceTypeRows(result), MAX_ROWS);
  return {
    caption: 'Nodes by instance type; shares are of what is allocatable',
    columns: [
      textColumn('Instance type'),
      numberColumn('Nodes'),
      numberColumn('Pods'),
      ...shareColumns('CPU', 'cores'),
      ...shareColumns('Memory', 'GiB'),
      numberColumn('each', 'Price per hour'),
      numberColumn('all', 'Price per hour'),
    ],
    rows: rows.map((row) => [
      row.name,
      formatCount(row.nodes),
      formatCount(row.pods),
      ...shares(row),
      formatPriceRange(row, currency),
      formatMoney(row.costPerHour, currency),
    ]),
    total: [
      'all',
      formatCount(summary.nodes),
      formatCount(summary.placed),
      ...shares(summary),
      '',
      formatMoney(summary.costPerHour, currency),
    ],
    more,
  };
}

/** One row per workload, that with the most memory over all its replicas first. */
export function workloadsTable({workloads}: SimulationResult): Table {
  const memoryOf = ({replicas, requests}: ResultWorkload) => replicas * (requests.memory ?? 0);
  const cpuOf = ({replicas, requests}: ResultWorkload) => replicas * (requests.cpu ?? 0);
  const {rows, more} = limitRows(
    workloads.toSorted((a, b) => memoryOf(b) - memoryOf(a) || cpuOf(b) - cpuOf(a)),
    MAX_ROWS,
  );
  const isOther = (name: string) => name !== 'cpu' && name !== 'memory' && name !== 'pods';
  const others = [...new Set(workloads.flatMap(({requests}) => Object.keys(requests).filter(isOther)))].sort(
    compareNames,
  );
  return {
    caption: 'Workloads, the one with the most memory over all replicas first',
    columns: [
      textColumn('Kind'),
      textColumn('Namespace'),
      textColumn('Name'),
      textColumn('Component'),
      numberColumn('wanted', 'Pods'),
      numberColumn('placed', 'Pods'),
      numberColumn('pending', 'Pods'),
      numberColumn('rejected', 'Pods'),
      numberColumn('CPU', 'Requests of one pod'),
      numberColumn('memory', 'Requests of one pod'),
      ...others.map((name) => numberColumn(name, 'Requests of one pod')),
      numberColumn('cores', 'Requests of all'),
      numberColumn('GiB', 'Requests of all'),
    ],
    rows: rows.map((workload) => [
      workload.kind,
      workload.namespace,
      workload.name,
      workload.component ?? '',
      formatCount(workload.replicas),
      formatCount(workload.placed),
      formatCount(workload.pending),
      formatCount(workload.rejected),
      ...['cpu', 'memory', ...others].map((name) => formatRequest(workload, name)),
      formatCores(cpuOf(workload)),
      formatGibibytes(memoryOf(workload)),
    ]),
    more,
  };
}

/** Pods gathered by their message: why they are pending, gated, ignored or rejected. */
export function messagesTable(caption: string, pods: SimulationResult['gated']): Table {
  const {rows, more} = limitRows(pendingGroups(pods), MAX_ROWS);
  return {
    caption,
    columns: [numberColumn('Pods'), textColumn('Message'), textColumn('For example')],
    rows: rows.map(({count, message, examples}) => [
      formatCount(count),
      message,
      count > examples.length ? `${examples.join(', ')} …` : examples.join(', '),
    ]),
    more,
  };
}

/** Jobs that need several pods at once. */
export function jobsTable({jobs}: SimulationResult): Table {
  const {rows, more} = limitRows(jobs, MAX_ROWS);
  const slotCount = (slots: ResultJob['slots'], key: 'used' | 'total' | 'idle'): string =>
    slots === null || slots[key] === null ? 'unknown' : formatCount(slots[key]);
  return {
    caption: 'Jobs: each runs when the pods it needs are placed and all its slots exist',
    columns: [
      textColumn('Job'),
      textColumn('State'),
      numberColumn('used', 'Slots'),
      numberColumn('all', 'Slots'),
      numberColumn('idle', 'Slots'),
      textColumn('Parts placed'),
      textColumn('Why it does not run'),
    ],
    rows: rows.map(({name, state, slots, members, message}) => [
      name,
      state,
      slotCount(slots, 'used'),
      slotCount(slots, 'total'),
      slotCount(slots, 'idle'),
      members
        .map(({component, placed, wanted}) => `${component} ${formatCount(placed)}/${formatCount(wanted)}`)
        .join(', '),
      message ?? '',
    ]),
    more,
  };
}

/** Remarks about the input. */
export function warningsTable({warnings}: SimulationResult): Table {
  // Those that no object is known of can be the same many times.
  const groups = [
    ...Map.groupBy(warnings, ({code, object, message}) => JSON.stringify([code, object, message])).values(),
  ];
  const {rows, more} = limitRows(groups, MAX_ROWS);
  return {
    caption: 'What the simulation has to say about the input; stowage explain CODE says more',
    columns: [textColumn('Code'), textColumn('Object'), textColumn('Message')],
    rows: rows.map((group) => {
      const {code, object, message} = group[0]!;
      return [code, object ?? '', group.length === 1 ? message : `${message} (${formatCount(group.length)} times)`];
    }),
    more,
  };
}

interface Amounts {
  readonly cpu: number;
  readonly memory: number;
}

/** What shares are made of. */
type Totals = Readonly<Record<'allocatable' | 'requested' | 'stranded' | 'limits', Amounts>>;

function shareColumns(group: string, unit: string): readonly Column[] {
  return [unit, 'requested', 'stranded', 'limits'].map((title) => numberColumn(title, group));
}

function shares({allocatable, requested, stranded, limits}: Totals): readonly string[] {
  return (['cpu', 'memory'] as const).flatMap((resource) => [
    resource === 'cpu' ? formatCores(allocatable.cpu) : formatGibibytes(allocatable.memory),
    ...[requested, stranded, limits].map((amounts) => formatPercent(shareOf(amounts[resource], allocatable[resource]))),
  ]);
}

function formatRequest({requests}: ResultWorkload, name: string): string {
  const amount = Object.hasOwn(requests, name) ? requests[name] : undefined;
  return amount === undefined || amount === 0 ? '–' : formatResource(name, amount);
}

function formatPriceRange({pricePerHour}: PricedInstanceTypeRow, currency: string | null): string {
  const lowest = formatPrice(pricePerHour?.lowest ?? null, currency);
  const highest = formatPrice(pricePerHour?.highest ?? null, currency);
  return lowest === highest ? lowest : `${lowest} to ${highest}`;
}
