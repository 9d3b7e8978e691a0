import {formatCores, formatCount, formatGibibytes, formatPercent, formatPlural, shareOf} from '../format.ts';
import type {SimulationResult} from '../simulationResult.ts';
import {numberColumn, type Table, textColumn} from '../table.ts';
import {type Chart, VEGA_LITE_SCHEMA} from './chart.ts';
import {type ContentRow, contentPanels, requestedShare, shareDomain} from './contentPanels.ts';
import {amountOf, instanceTypeOf, type NodeContent, type NodeContents, nodeContents} from './nodeContents.ts';
import {chartConfig} from './theme.ts';

const BAR_STEP = 24;
/** Most instance types that the chart shows. */
const MAX_TYPES = 30;

/** What is on a typical node of each instance type: the one that is filled most like the average of its type. */
export function typicalNodes(result: SimulationResult): Chart {
  const contents = nodeContents(result);
  const {rows, subtitle} = chooseNodes(contents);
  return {
    $schema: VEGA_LITE_SCHEMA,
    title: {text: 'A typical node of each type', subtitle},
    description: `Horizontal bars of CPU and memory of one node of each of ${formatPlural(rows.length, 'instance type')}: the share that each ${contents.by} requests, the share that is free and the share that is stranded.`,
    config: chartConfig,
    ...contentPanels(rows, contents, {
      domain: shareDomain(rows.map(({content}) => content)),
      hasAxis: true,
      step: BAR_STEP,
    }),
  };
}

/** The figures of `typicalNodes`: what each series requests of a node, one row for each that is on it. */
export function typicalNodesTable(result: SimulationResult): Table {
  const contents = nodeContents(result);
  const {rows, subtitle} = chooseNodes(contents);
  return {
    caption: `${subtitle} Shares are of what is allocatable to pods.`,
    columns: [
      textColumn('Node'),
      textColumn(contents.by === 'workload' ? 'Workload' : 'Namespace'),
      numberColumn('cores', 'CPU'),
      numberColumn('share', 'CPU'),
      numberColumn('GiB', 'Memory'),
      numberColumn('share', 'Memory'),
    ],
    rows: rows.flatMap(({label, content: {node, amounts}}) =>
      amounts.flatMap(({cpu, memory}, index) =>
        cpu === 0 && memory === 0
          ? []
          : [
              [
                label,
                contents.series[index]!.name,
                formatCores(cpu),
                formatPercent(shareOf(cpu, amountOf(node.allocatable, 'cpu'))),
                formatGibibytes(memory),
                formatPercent(shareOf(memory, amountOf(node.allocatable, 'memory'))),
              ],
            ],
      ),
    ),
    more: 0,
  };
}

function chooseNodes({by, nodes}: NodeContents): {rows: readonly ContentRow[]; subtitle: string} {
  const groups = [...Map.groupBy(nodes, ({node}) => instanceTypeOf(node))];
  const shown = new Set(groups.toSorted(([, a], [, b]) => b.length - a.length).slice(0, MAX_TYPES));
  const rows = groups
    .filter((group) => shown.has(group))
    .map(([instanceType, group]) => ({
      label: `${formatCount(group.length)} × ${instanceType}`,
      content: mostAverage(group),
    }));
  const rest = groups.length - rows.length;
  const more = rest === 0 ? '' : ` The ${MAX_TYPES} types with the most nodes are shown, ${formatCount(rest)} are not.`;
  return {
    rows,
    subtitle: `Of each instance type the node that is filled most like the average of its type, by ${by}.${more}`,
  };
}

function mostAverage(group: readonly NodeContent[]): NodeContent {
  const mean = (resource: 'cpu' | 'memory') =>
    group.reduce((sum, content) => sum + requestedShare(content, resource), 0) / group.length;
  const average = {cpu: mean('cpu'), memory: mean('memory')};
  const distance = (content: NodeContent) =>
    Math.abs(requestedShare(content, 'cpu') - average.cpu) +
    Math.abs(requestedShare(content, 'memory') - average.memory);
  return group.reduce((best, content) => (distance(content) < distance(best) ? content : best));
}
