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
import {pendingGroups} from './pendingGroups.ts';
import type {ResultNode, ResultWorkload, SimulationResult} from './simulationResult.ts';
import {type Column, limitRows, numberColumn, type Table, textColumn} from './table.ts';

/** Most rows of one table of a page; the result file has all. */
const MAX_ROWS = 200;

/** One row per instance type, in the order of their names, and one for all nodes. */
export function instanceTypesTable({nodes, summary}: SimulationResult): Table {
  const {currency} = summary;
  const groups = [...Map.groupBy(nodes, ({instanceType}) => instanceType ?? 'unknown type')].sort(([a], [b]) =>
    compareNames(a, b),
  );
  const {rows, more} = limitRows(groups, MAX_ROWS);
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
    rows: rows.map(([instanceType, group]) => [
      instanceType,
      formatCount(group.length),
      formatCount(sum(group, ({pods}) => pods)),
      ...shares(totals(group)),
      formatPriceRange(group, currency),
      formatMoney(totalPrice(group), currency),
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
  return {
    caption: 'Jobs: each runs when all its parts are placed',
    columns: [
      textColumn('Job'),
      textColumn('State'),
      numberColumn('used', 'Slots'),
      numberColumn('all', 'Slots'),
      textColumn('Parts placed'),
    ],
    rows: rows.map(({name, state, slots, members}) => [
      name,
      state,
      slots === null ? 'unknown' : slots.used === null ? 'unknown' : formatCount(slots.used),
      slots === null ? 'unknown' : formatCount(slots.total),
      members
        .map(({component, placed, wanted}) => `${component} ${formatCount(placed)}/${formatCount(wanted)}`)
        .join(', '),
    ]),
    more,
  };
}

/** Remarks about the input. */
export function warningsTable({warnings}: SimulationResult): Table {
  const {rows, more} = limitRows(warnings, MAX_ROWS);
  return {
    caption: 'What the simulation has to say about the input; stowage explain CODE says more',
    columns: [textColumn('Code'), textColumn('Object'), textColumn('Message')],
    rows: rows.map(({code, object, message}) => [code, object ?? '', message]),
    more,
  };
}

interface Amounts {
  readonly cpu: number;
  readonly memory: number;
}

/** Sums that shares are made of. */
type Totals = Readonly<Record<'allocatable' | 'requested' | 'stranded' | 'limits', Amounts>>;

function totals(nodes: readonly ResultNode[]): Totals {
  const amounts = (of: (node: ResultNode) => Readonly<Record<string, number>>) => ({
    cpu: sum(nodes, (node) => of(node).cpu ?? 0),
    memory: sum(nodes, (node) => of(node).memory ?? 0),
  });
  return {
    allocatable: amounts(({allocatable}) => allocatable),
    requested: amounts(({requested}) => requested),
    stranded: amounts(({stranded}) => stranded),
    limits: amounts(({limits}) => limits),
  };
}

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

/** Unknown as soon as one price is. */
function totalPrice(nodes: readonly ResultNode[]): number | null {
  return nodes.some(({pricePerHour}) => pricePerHour === null)
    ? null
    : sum(nodes, ({pricePerHour}) => pricePerHour ?? 0);
}

function formatPriceRange(nodes: readonly ResultNode[], currency: string | null): string {
  const prices = nodes.map(({pricePerHour}) => pricePerHour);
  if (prices.some((price) => price === null)) return formatMoney(null, currency);
  const known = prices.filter((price) => price !== null).sort((a, b) => a - b);
  const [lowest, highest] = [known[0] ?? null, known.at(-1) ?? null].map((price) => formatPrice(price, currency));
  return lowest === highest ? lowest! : `${lowest} to ${highest}`;
}

function sum<Item>(items: readonly Item[], amount: (item: Item) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
