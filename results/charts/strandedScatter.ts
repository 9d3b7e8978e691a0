import {compareNames} from '../compareNames.ts';
import {formatCores, formatCount, formatGibibytes, formatPlural} from '../format.ts';
import type {ResultNode, SimulationResult} from '../simulationResult.ts';
import {limitRows, numberColumn, type Table, textColumn} from '../table.ts';
import {type Chart, VEGA_LITE_SCHEMA} from './chart.ts';
import {freeOn, instanceTypeOf, strandedOn} from './nodeContents.ts';
import {CHART_WIDTH, chartConfig, LEGEND_PADDING, SERIES_SHAPES, theme} from './theme.ts';

/** What an axis takes of the width, with its title. */
const AXIS_WIDTH = 54;
const PANEL_SPACING = 16;
const PANEL_SIZE = {width: (CHART_WIDTH - PANEL_SPACING) / 2 - AXIS_WIDTH, height: 270};
/** Away from the plot, so that marks at zero do not cover the figures. */
const AXIS = {offset: 14, tickCount: 6, domain: false} as const;
/** Around each legend, since two stand side by side. */
const LEGEND_GAP = 10;
/** So that no mark leaves the plot. */
const HEADROOM = 1.06;
const GIBIBYTE = 2 ** 30;
const OTHER_TYPES = 'other types';
/** Points of the table; the chart shows all. */
const MAX_ROWS = 200;

/** How the two panels measure a node. */
const MEASURES = {free: freeOn, stranded: strandedOn} as const;
type Measure = keyof typeof MEASURES;

/** Nodes of one series at one place. */
interface Point {
  readonly series: string;
  /** Cores, to one decimal. */
  readonly cpu: number;
  /** GiB, to one decimal. */
  readonly memory: number;
  readonly nodes: number;
}

/**
 * Two panels with the same axes, free capacity and the stranded part of it: CPU in cores against memory in GiB. Nodes
 * at the same place (to a tenth) are one mark whose area is their number; colour and shape are the instance type.
 * A node with much of the one and little of the other is out of balance with the load.
 */
export function strandedScatter(result: SimulationResult): Chart {
  const series = typeSeries(result.nodes);
  const panels = {free: points(result.nodes, series, 'free'), stranded: points(result.nodes, series, 'stranded')};
  const all = [...panels.free, ...panels.stranded];
  const panel = (measure: Measure, title: string) => ({
    ...PANEL_SIZE,
    title: {text: title, anchor: 'start' as const, fontSize: 11, fontWeight: 600 as const},
    data: {values: panels[measure]},
    mark: {type: 'point' as const, filled: true, opacity: 0.78, stroke: theme.ground, strokeWidth: 0.5},
    encoding: {
      x: {
        field: 'cpu',
        type: 'quantitative' as const,
        title: `${measure} CPU (cores)`,
        scale: {domain: [0, HEADROOM * axisEnd(all.map(({cpu}) => cpu))], nice: true},
        axis: AXIS,
      },
      y: {
        field: 'memory',
        type: 'quantitative' as const,
        title: `${measure} memory (GiB)`,
        scale: {domain: [0, HEADROOM * axisEnd(all.map(({memory}) => memory))], nice: true},
        axis: AXIS,
      },
      size: {
        field: 'nodes',
        type: 'quantitative' as const,
        scale: {type: 'linear' as const, domain: [0, axisEnd(all.map(({nodes}) => nodes))], range: [36, 560]},
        legend: {
          title: 'nodes',
          format: 'd',
          orient: 'top' as const,
          padding: LEGEND_GAP,
          values: sizeSteps(all),
          symbolFillColor: theme.other,
          symbolStrokeWidth: 0,
        },
      },
      color: {
        field: 'series',
        type: 'nominal' as const,
        scale: {
          domain: series,
          range: series.map((name, index) => (name === OTHER_TYPES ? theme.other : theme.series[index]!)),
        },
        legend: {
          title: 'instance type',
          orient: 'top' as const,
          columns: 5,
          columnPadding: LEGEND_PADDING,
          padding: LEGEND_GAP,
        },
      },
      shape: {
        field: 'series',
        type: 'nominal' as const,
        scale: {
          domain: series,
          range: series.map((name, index) => SERIES_SHAPES.at(name === OTHER_TYPES ? -1 : index)!),
        },
        legend: {
          title: 'instance type',
          orient: 'top' as const,
          columns: 5,
          columnPadding: LEGEND_PADDING,
          padding: LEGEND_GAP,
        },
      },
    },
  });
  return {
    $schema: VEGA_LITE_SCHEMA,
    title: {
      text: 'Free and stranded capacity',
      subtitle:
        'One mark per place, to a tenth of a core and of a GiB; its area is the number of nodes. Far along one axis and low on the other: out of balance with the load.',
    },
    description: `Scatter of ${formatPlural(result.summary.nodes, 'node')} by free CPU and memory, and by the stranded part of both, in cores and GiB, by instance type.`,
    spacing: PANEL_SPACING,
    config: chartConfig,
    hconcat: [panel('free', 'Free'), panel('stranded', 'Of that, stranded')],
  };
}

/** The marks of `strandedScatter`, those with the most nodes first. */
export function strandedScatterTable(result: SimulationResult): Table {
  const series = typeSeries(result.nodes);
  const {rows, more} = limitRows(points(result.nodes, series, 'stranded'), MAX_ROWS);
  return {
    caption: 'Nodes by stranded capacity, to a tenth of a core and of a GiB.',
    columns: [
      textColumn('Instance type'),
      numberColumn('Nodes'),
      numberColumn('CPU (cores)', 'Stranded per node'),
      numberColumn('Memory (GiB)', 'Stranded per node'),
    ],
    rows: rows.map(({series, nodes, cpu, memory}) => [
      series,
      formatCount(nodes),
      formatCores(cpu),
      formatGibibytes(memory * GIBIBYTE),
    ]),
    more,
  };
}

/** The instance types with the most nodes, by name, as many as there are colours; all others are one series. */
function typeSeries(nodes: readonly ResultNode[]): readonly string[] {
  const groups = [...Map.groupBy(nodes, instanceTypeOf)].map(([name, group]) => ({name, count: group.length}));
  const biggest = groups
    .sort((a, b) => b.count - a.count || compareNames(a.name, b.name))
    .slice(0, theme.series.length)
    .map(({name}) => name)
    .sort(compareNames);
  return groups.length > biggest.length ? [...biggest, OTHER_TYPES] : biggest;
}

/** The one with the most nodes first, so that it does not cover the others. */
function points(nodes: readonly ResultNode[], series: readonly string[], measure: Measure): readonly Point[] {
  const amount = MEASURES[measure];
  const places = nodes.map((node) => {
    const type = instanceTypeOf(node);
    return {
      series: series.includes(type) ? type : OTHER_TYPES,
      cpu: toTenth(amount(node, 'cpu')),
      memory: toTenth(amount(node, 'memory') / GIBIBYTE),
    };
  });
  const groups = Map.groupBy(places, ({series, cpu, memory}) => JSON.stringify([series, cpu, memory]));
  return [...groups.values()]
    .map((group) => ({...group[0]!, nodes: group.length}))
    .sort(
      (a, b) =>
        b.nodes - a.nodes ||
        series.indexOf(a.series) - series.indexOf(b.series) ||
        a.cpu - b.cpu ||
        a.memory - b.memory,
    );
}

function toTenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The largest value, or 1 where an axis would have no length. */
function axisEnd(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0) || 1;
}

/** One, about half and the most: enough to read the areas by. */
function sizeSteps(all: readonly Point[]): readonly number[] {
  const most = axisEnd(all.map(({nodes}) => nodes));
  return [...new Set([1, Math.max(1, Math.round(most / 2)), most])];
}
