import {formatCount, formatMoney, formatPercent, printable} from '../format.ts';
import {numberColumn, type Table, textColumn} from '../table.ts';
import {type Chart, VEGA_LITE_SCHEMA} from './chart.ts';
import {CHART_WIDTH, chartConfig, LEGEND_PADDING, SERIES_SHAPES, theme} from './theme.ts';

const AXIS_WIDTH = 64;
/** So that no mark leaves the plot. */
const HEADROOM = 1.08;
/** Fleets that cost more than this, by the cheapest, would press all others together. */
const DEAREST = 1.8;
/** Of fleets that another beats in both. */
const BEATEN_OPACITY = 0.5;

/** A fleet by what it costs and by what goes with its fullest node. */
export interface RiskyFleet {
  /** Fleets of one series share colour and shape. */
  readonly series: string;
  readonly name: string;
  readonly costPerHour: number;
  readonly nodes: number;
  /** Named in the chart, since it is what all others are compared with. */
  readonly isPlan?: boolean;
  /** Shares; jobs null where unknown. */
  readonly loss: {readonly pods: number; readonly memory: number; readonly jobs?: number | null};
}

/**
 * Cost against the share of all requested memory that is on the fullest node, for several fleets. Fleets that no other
 * beats in both make up the front.
 */
export function costAndRisk(fleets: readonly RiskyFleet[], currency: string | null): Chart {
  const shown = fleets.filter(isShown(fleets));
  const series = [...new Set(shown.map((fleet) => fleet.series))].slice(0, theme.series.length);
  const front = frontOf(shown);
  // Those of the front last, so that no other covers them.
  const points = [...shown.filter((fleet) => !front.includes(fleet)), ...front].map((fleet) => ({
    ...fleet,
    memory: fleet.loss.memory,
    cost: fleet.costPerHour,
    isOnFront: front.includes(fleet),
  }));
  const costs = shown.map(({costPerHour}) => costPerHour);
  const lowest = Math.min(...costs);
  const span = Math.max(Math.max(...costs) - lowest, lowest * 0.02);
  const x = {
    field: 'memory',
    type: 'quantitative' as const,
    scale: {domain: [0, Math.min(1, Math.max(...shown.map(({loss}) => loss.memory), 0.01) * HEADROOM)], nice: true},
    axis: {title: 'requested memory on the fullest node (% of all)', format: '.1~%', tickCount: 8, domain: false},
  };
  const y = {
    field: 'cost',
    type: 'quantitative' as const,
    scale: {domain: [Math.max(0, lowest - span * 0.1), lowest + span * HEADROOM], nice: true, zero: false},
    axis: {title: `cost per hour${currency === null ? '' : ` (${currency})`}`, tickCount: 6, domain: false},
  };
  const legend = {title: null, orient: 'top' as const, columns: 3, columnPadding: LEGEND_PADDING};
  return {
    $schema: VEGA_LITE_SCHEMA,
    title: {text: 'Cost and risk', subtitle: subtitleOf(fleets)},
    description: `Scatter of ${formatCount(shown.length)} fleets by cost per hour and by the share of the requested memory on the fullest node: ${shown.map(({name, costPerHour, loss}) => `${name} ${formatMoney(costPerHour, currency)}, ${formatPercent(loss.memory)}`).join('; ')}.`,
    config: chartConfig,
    width: CHART_WIDTH - AXIS_WIDTH,
    height: 300,
    layer: [
      {
        data: {values: front.map(({costPerHour, loss}) => ({cost: costPerHour, memory: loss.memory}))},
        mark: {type: 'line', interpolate: 'step-after', color: theme.other, strokeDash: [4, 3], strokeWidth: 1.2},
        encoding: {x, y, order: {field: 'memory'}},
      },
      {
        data: {values: points},
        mark: {type: 'point', filled: true, size: 130, stroke: theme.ground, strokeWidth: 0.8},
        encoding: {
          x,
          y,
          opacity: {condition: {test: 'datum.isOnFront', value: 0.95}, value: BEATEN_OPACITY},
          color: {
            field: 'series',
            type: 'nominal',
            scale: {domain: series, range: theme.series.slice(0, series.length)},
            legend,
          },
          shape: {
            field: 'series',
            type: 'nominal',
            scale: {domain: series, range: SERIES_SHAPES.slice(0, series.length)},
            legend,
          },
        },
      },
      {
        data: {values: points.filter(({name, series: own, isPlan}) => name !== own || isPlan === true)},
        mark: {type: 'text', align: 'left', dx: 7, dy: -9, color: theme.subtleText, fontSize: 11},
        encoding: {x, y, text: {field: 'name', type: 'nominal'}},
      },
    ],
  };
}

/** The figures of `costAndRisk`, the cheapest first. */
export function costAndRiskTable(fleets: readonly RiskyFleet[], currency: string | null, jobs: number): Table {
  const front = new Set(frontOf(fleets));
  return {
    caption: 'What goes with one node at worst; each figure is that of the node on which it is largest.',
    columns: [
      textColumn('Fleet'),
      numberColumn('Cost per hour'),
      numberColumn('Nodes'),
      numberColumn('memory', 'Lost with one node'),
      numberColumn('pods', 'Lost with one node'),
      ...(jobs === 0 ? [] : [numberColumn('jobs hit', 'Lost with one node')]),
      textColumn('On the front'),
    ],
    rows: fleets
      .toSorted((a, b) => a.costPerHour - b.costPerHour)
      .map((fleet) => [
        printable(fleet.series === fleet.name ? fleet.name : `${fleet.series}, ${fleet.name}`),
        formatMoney(fleet.costPerHour, currency),
        formatCount(fleet.nodes),
        formatPercent(fleet.loss.memory),
        formatPercent(fleet.loss.pods),
        ...(jobs === 0 ? [] : [jobsText(fleet, jobs)]),
        front.has(fleet) ? 'yes' : '',
      ]),
    more: 0,
  };
}

function jobsText({loss: {jobs}}: RiskyFleet, all: number): string {
  return jobs === null || jobs === undefined ? '–' : `${formatCount(jobs)} of ${formatCount(all)}`;
}

/** Those that no other beats: cheaper ones risk more. By rising risk. */
function frontOf(fleets: readonly RiskyFleet[]): readonly RiskyFleet[] {
  const order = fleets.toSorted((a, b) => a.loss.memory - b.loss.memory || a.costPerHour - b.costPerHour);
  let least = Number.POSITIVE_INFINITY;
  return order.filter(({costPerHour}) => {
    if (costPerHour >= least) return false;
    least = costPerHour;
    return true;
  });
}

function isShown(fleets: readonly RiskyFleet[]): (fleet: RiskyFleet) => boolean {
  const limit = Math.min(...fleets.map(({costPerHour}) => costPerHour)) * DEAREST;
  return ({costPerHour}) => costPerHour <= limit;
}

function subtitleOf(fleets: readonly RiskyFleet[]): string {
  const left = fleets.filter((fleet) => !isShown(fleets)(fleet)).map(({name}) => printable(name));
  const more = left.length === 0 ? '' : ` Too dear to be shown: ${left.join(', ')}; the table has them.`;
  return `Down is cheaper, left is safer: the less is on the fullest node, the less is lost with it. The dashed line joins fleets that no other beats in both; those that are beaten are pale. All but this plan are packings that no scheduler was asked about.${more}`;
}
