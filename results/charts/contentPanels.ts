import {shareOf} from '../format.ts';
import {amountOf, type NodeContent, type NodeContents} from './nodeContents.ts';
import {CHART_WIDTH, NAME_WIDTH, seriesLegend, theme} from './theme.ts';

const BAR_STEP = 14;
export const PANEL_SPACING = 18;
const PANEL_WIDTH = (CHART_WIDTH - NAME_WIDTH - PANEL_SPACING) / 2;
const TITLES = {cpu: 'CPU', memory: 'memory'} as const;

/** One row of bars: a node, or one that stands for several. */
export interface ContentRow {
  readonly label: string;
  readonly content: NodeContent;
}

/** Up to which share of what is allocatable the bars of some nodes go, to the next quarter; 1 at least. */
export function shareDomain(contents: readonly NodeContent[]): readonly [number, number] {
  const largest = contents.flatMap((content) => [requestedShare(content, 'cpu'), requestedShare(content, 'memory')]);
  return [0, Math.ceil(Math.max(1, ...largest) * 4) / 4];
}

export function requestedShare({node}: NodeContent, resource: 'cpu' | 'memory'): number {
  return shareOf(amountOf(node.requested, resource), amountOf(node.allocatable, resource)) ?? 0;
}

/** Bars of what is on nodes, in percent of what is allocatable: CPU on the left, memory on the right. */
export function contentPanels(
  rows: readonly ContentRow[],
  contents: NodeContents,
  {
    domain,
    hasAxis,
    step = BAR_STEP,
  }: {readonly domain: readonly [number, number]; readonly hasAxis: boolean; readonly step?: number},
) {
  const panel = (resource: 'cpu' | 'memory') => ({
    width: PANEL_WIDTH,
    height: {step},
    data: {values: rows.flatMap((row) => segments(row, contents, resource))},
    mark: {type: 'bar' as const, height: {band: 0.78}, stroke: theme.ground, strokeWidth: 0.4},
    encoding: {
      y: {
        field: 'row',
        type: 'nominal' as const,
        scale: {domain: rows.map(({label}) => label)},
        axis:
          resource === 'cpu'
            ? {
                title: null,
                ticks: false,
                domain: false,
                labelLimit: NAME_WIDTH,
                minExtent: NAME_WIDTH,
                maxExtent: NAME_WIDTH,
              }
            : null,
      },
      x: {
        field: 'start',
        type: 'quantitative' as const,
        scale: {domain: [...domain], nice: false},
        axis: {
          title: hasAxis ? `${TITLES[resource]} (% of allocatable)` : null,
          labels: hasAxis,
          ticks: hasAxis,
          domain: false,
          format: '.0%',
          tickCount: 4,
        },
      },
      x2: {field: 'end'},
      color: {
        field: 'series',
        type: 'nominal' as const,
        scale: {domain: contents.series.map(({name}) => name), range: contents.series.map(({color}) => color)},
        legend: seriesLegend,
      },
    },
  });
  return {spacing: PANEL_SPACING, hconcat: [panel('cpu'), panel('memory')]};
}

function segments({label, content}: ContentRow, {series}: NodeContents, resource: 'cpu' | 'memory') {
  const allocatable = amountOf(content.node.allocatable, resource);
  let end = 0;
  return content.amounts.flatMap((amount, index) => {
    const start = end;
    end += shareOf(amount[resource], allocatable) ?? 0;
    return end > start ? [{row: label, series: series[index]!.name, start, end}] : [];
  });
}
