import {formatCount, formatPercent, formatPlural, printable, shareOf} from '../format.ts';
import type {SimulationResult} from '../simulationResult.ts';
import {numberColumn, type Table, textColumn} from '../table.ts';
import {type Chart, VEGA_LITE_SCHEMA} from './chart.ts';
import {contentPanels, requestedShare, shareDomain} from './contentPanels.ts';
import {
  amountOf,
  instanceTypeOf,
  type NodeContent,
  type NodeContents,
  nodeContents,
  STRANDED,
  strandedOn,
} from './nodeContents.ts';
import {chartConfig} from './theme.ts';

/** Most rows that one chart shows. */
const MAX_ROWS = 60;

/** One row of the chart: a node, or several nodes of one type that hold the same. */
interface Row {
  readonly label: string;
  readonly instanceType: string;
  readonly first: NodeContent;
  readonly count: number;
}

interface Rows {
  readonly rows: readonly Row[];
  readonly subtitle: string;
}

/**
 * Each node's CPU and memory as bars: what the biggest workloads or namespaces request, what is free, what is stranded, in percent of what is
 * allocatable. Up to 60 nodes each has a row of its own; beyond that nodes with the same contents share one, and where
 * that is not enough the subtitle says which rows are shown and how many nodes are not.
 */
export function nodeBars(result: SimulationResult): Chart {
  const contents = nodeContents(result);
  const {rows, subtitle} = chooseRows(contents);
  const groups = [...Map.groupBy(rows, ({instanceType}) => instanceType)];
  const domain = shareDomain(rows.map(({first}) => first));
  return {
    $schema: VEGA_LITE_SCHEMA,
    title: {text: 'What is on each node', subtitle},
    description: `Horizontal bars of CPU and memory for ${formatPlural(result.summary.nodes, 'node')}, by instance type and name: the share that each ${contents.by} requests, the share that is free and the share that is stranded.`,
    spacing: 10,
    config: chartConfig,
    vconcat: groups.map(([instanceType, group], index) => ({
      title: {
        text: `${instanceType}: ${formatPlural(sum(group.map(({count}) => count)), 'node')}`,
        anchor: 'start' as const,
        fontSize: 11,
        fontWeight: 600 as const,
        offset: 4,
      },
      ...contentPanels(
        group.map(({label, first}) => ({label, content: first})),
        contents,
        {domain, hasAxis: index === groups.length - 1},
      ),
    })),
  };
}

/** The figures of `nodeBars`, row by row. */
export function nodeBarsTable(result: SimulationResult): Table {
  const contents = nodeContents(result);
  const {rows, subtitle} = chooseRows(contents);
  return {
    caption: subtitle,
    columns: [
      textColumn('Node'),
      textColumn('Instance type'),
      numberColumn('requested', 'CPU'),
      numberColumn('stranded', 'CPU'),
      numberColumn('requested', 'Memory'),
      numberColumn('stranded', 'Memory'),
      textColumn('Most memory'),
    ],
    rows: rows.map(({label, instanceType, first}) => [
      label,
      instanceType,
      formatPercent(requestedShare(first, 'cpu')),
      formatPercent(strandedShare(first, 'cpu')),
      formatPercent(requestedShare(first, 'memory')),
      formatPercent(strandedShare(first, 'memory')),
      biggestSeries(first, contents),
    ]),
    more: 0,
  };
}

function chooseRows({by, nodes}: NodeContents): Rows {
  if (nodes.length <= MAX_ROWS) {
    return {
      rows: nodes.map((content) => toRow([content])),
      subtitle: `Requested share of allocatable CPU and memory, by ${by}, one row per node.`,
    };
  }
  const all = [...Map.groupBy(nodes, contentKey).values()].map(toRow);
  if (all.length <= MAX_ROWS) {
    return {
      rows: all,
      subtitle: `Requested share of allocatable CPU and memory, by ${by}; ${formatCount(nodes.length)} nodes, those that hold the same in one row.`,
    };
  }
  const chosen = new Set(
    all
      .toSorted(
        (a, b) => b.count - a.count || strandedOf(b.first) - strandedOf(a.first) || all.indexOf(a) - all.indexOf(b),
      )
      .slice(0, MAX_ROWS),
  );
  const rows = all.filter((row) => chosen.has(row));
  const shown = sum(rows.map(({count}) => count));
  return {
    rows,
    subtitle: `Requested share of allocatable CPU and memory, by ${by}; nodes that hold the same in one row. ${MAX_ROWS} rows with ${formatPlural(shown, 'node')} are shown, chosen by most nodes, then by most stranded; ${formatCount(nodes.length - shown)} more nodes are in the result file.`,
  };
}

function toRow(alike: readonly NodeContent[]): Row {
  const first = alike[0]!;
  const name = printable(first.node.name);
  return {
    label: alike.length === 1 ? name : `${name} + ${formatCount(alike.length - 1)} alike`,
    instanceType: instanceTypeOf(first.node),
    first,
    count: alike.length,
  };
}

/** Nodes with the same key look the same in the chart. */
function contentKey({node, amounts}: NodeContent): string {
  const rounded = amounts.map(({cpu, memory}) => [Math.round(cpu * 1000), Math.round(memory)]);
  return JSON.stringify([
    node.instanceType,
    amountOf(node.allocatable, 'cpu'),
    amountOf(node.allocatable, 'memory'),
    rounded,
  ]);
}

function strandedShare({node}: NodeContent, resource: 'cpu' | 'memory'): number {
  return shareOf(strandedOn(node, resource), amountOf(node.allocatable, resource)) ?? 0;
}

function strandedOf(content: NodeContent): number {
  return strandedShare(content, 'cpu') + strandedShare(content, 'memory');
}

/** The three workloads that request the most of the node's memory. */
function biggestSeries({node, amounts}: NodeContent, {series}: NodeContents): string {
  return amounts
    .slice(0, series.findIndex(({name}) => name === STRANDED) - 1)
    .map(({memory}, index) => ({name: series[index]!.name, memory}))
    .filter(({memory}) => memory > 0)
    .sort((a, b) => b.memory - a.memory)
    .slice(0, 3)
    .map(({name, memory}) => `${name} ${formatPercent(shareOf(memory, amountOf(node.allocatable, 'memory')))}`)
    .join(', ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
