import {compareNames} from '../compareNames.ts';
import {formatCount, formatGibibytes} from '../format.ts';
import type {SimulationResult} from '../simulationResult.ts';
import {numberColumn, type Table, textColumn} from '../table.ts';
import {type Chart, VEGA_LITE_SCHEMA} from './chart.ts';
import {instanceTypeOf, type NodeContents, nodeContents} from './nodeContents.ts';
import {CHART_WIDTH, chartConfig, NAME_WIDTH, seriesLegend, theme} from './theme.ts';

/** Most bars that the chart shows. */
const MAX_TYPES = 30;
const GIBIBYTE = 2 ** 30;

/** One bar: the average node of an instance type. */
interface AverageNode {
  readonly label: string;
  readonly nodes: number;
  /** Bytes by series, in the order of the series. */
  readonly memory: readonly number[];
}

/**
 * Where the memory of a node goes, for the average node of each instance type, in GiB of what is allocatable: the
 * workloads or namespaces with the most memory, all others, free, stranded. Colours are those of `nodeBars`. With more than 30
 * types those with the most nodes are shown and the subtitle counts the rest.
 */
export function memoryBreakdown(result: SimulationResult): Chart {
  const contents = nodeContents(result);
  const {averages, subtitle} = averageNodes(contents);
  return {
    $schema: VEGA_LITE_SCHEMA,
    title: {text: 'Where memory goes', subtitle},
    description: `Stacked bars of the memory of the average node of each of ${formatCount(averages.length)} instance types, in GiB: requested by the biggest ${contents.by}s, free and stranded.`,
    config: chartConfig,
    width: CHART_WIDTH - NAME_WIDTH,
    height: {step: 26},
    data: {
      values: averages.flatMap(({label, memory}) => {
        let end = 0;
        return memory.flatMap((bytes, index) => {
          const start = end;
          end += bytes / GIBIBYTE;
          return end > start ? [{type: label, series: contents.series[index]!.name, start, end}] : [];
        });
      }),
    },
    mark: {type: 'bar', height: {band: 0.7}, stroke: theme.ground, strokeWidth: 0.4},
    encoding: {
      y: {
        field: 'type',
        type: 'nominal',
        scale: {domain: averages.map(({label}) => label)},
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
        title: 'memory per node (GiB)',
        scale: {domainMin: 0, nice: false},
        axis: {domain: false, tickCount: 10},
      },
      x2: {field: 'end'},
      color: {
        field: 'series',
        type: 'nominal',
        scale: {domain: contents.series.map(({name}) => name), range: contents.series.map(({color}) => color)},
        legend: seriesLegend,
      },
    },
  };
}

/** The figures of `memoryBreakdown`: a row for each instance type, a column for each series. */
export function memoryBreakdownTable(result: SimulationResult): Table {
  const contents = nodeContents(result);
  const {averages, subtitle} = averageNodes(contents);
  return {
    caption: subtitle,
    columns: [
      textColumn('Instance type'),
      numberColumn('Nodes'),
      ...contents.series.map(({name}) => numberColumn(name, 'GiB per node')),
    ],
    rows: averages.map(({label, nodes, memory}) => [label, formatCount(nodes), ...memory.map(formatGibibytes)]),
    more: 0,
  };
}

function averageNodes({by, nodes, series}: NodeContents): {averages: readonly AverageNode[]; subtitle: string} {
  const groups = [...Map.groupBy(nodes, ({node}) => instanceTypeOf(node))];
  const shown = new Set(
    groups.toSorted(([a, x], [b, y]) => y.length - x.length || compareNames(a, b)).slice(0, MAX_TYPES),
  );
  const averages = groups
    .filter((group) => shown.has(group))
    .map(([instanceType, group]) => ({
      label: instanceType,
      nodes: group.length,
      memory: series.map(
        (_, index) => group.reduce((sum, {amounts}) => sum + amounts[index]!.memory, 0) / group.length,
      ),
    }));
  const rest = groups.length - averages.length;
  const more =
    rest === 0
      ? ''
      : ` The ${MAX_TYPES} types with the most nodes are shown; ${formatCount(rest)} more are in the result file.`;
  return {averages, subtitle: `Allocatable memory of the average node of each instance type, by ${by}.${more}`};
}
