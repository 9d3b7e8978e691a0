import {isWide} from '../boundGap.ts';
import {formatMoney, formatPercent, printable, shareOf} from '../format.ts';
import {numberColumn, type Table, textColumn} from '../table.ts';
import {type Chart, VEGA_LITE_SCHEMA} from './chart.ts';
import {CHART_WIDTH, chartConfig, NAME_WIDTH, theme} from './theme.ts';

/** What a demand costs in an hour, bought in one way or another. */
export interface PlanCosts {
  readonly currency: string | null;
  /** The plan, as the scheduler has verified it. */
  readonly plan: number;
  /** No fleet that holds the demand costs less. */
  readonly bound: number;
  /** Others; null where one of them cannot hold the demand, or a price is not known. */
  readonly alternatives: readonly {readonly name: string; readonly costPerHour: number | null}[];
  /** What else is to be known of them; may be empty. */
  readonly remark?: string;
}

const PLAN = 'this plan';
const BOUND = 'lower bound';
const BAR_STEP = 26;
/** What the text behind the longest bar takes of the width. */
const TEXT_SHARE = 0.34;

/** The plan's cost beside that of other ways to buy, dearest last, with the bound that none can be below. */
export function planCost(costs: PlanCosts): Chart {
  const rows = rowsOf(costs);
  const {bound, currency} = costs;
  return {
    $schema: VEGA_LITE_SCHEMA,
    title: {
      text: 'What an hour costs',
      subtitle: `${subtitleOf(costs)} The dashed line is the lower bound. ${costs.remark ?? ''}`.trim(),
    },
    description: `Horizontal bars of cost per hour: ${rows.map(({name, text}) => `${name} ${text}`).join('; ')}; a line at the lower bound, ${formatMoney(bound, currency)}.`,
    width: CHART_WIDTH - NAME_WIDTH,
    height: {step: BAR_STEP},
    config: chartConfig,
    layer: [
      {
        data: {values: rows},
        mark: {type: 'bar', height: {band: 0.7}},
        encoding: {
          y: yOf(rows),
          x: {
            field: 'cost',
            type: 'quantitative',
            scale: {
              domain: [0, Math.max(bound, ...rows.map(({cost}) => cost), 1e-9) / (1 - TEXT_SHARE)],
              nice: false,
            },
            axis: {title: `cost per hour${currency === null ? '' : ` (${currency})`}`, domain: false, tickCount: 6},
          },
          color: {
            field: 'isPlan',
            type: 'nominal',
            scale: {domain: [true, false], range: [theme.series[0]!, theme.other]},
            legend: null,
          },
        },
      },
      {
        data: {values: rows},
        mark: {type: 'text', align: 'left', dx: 7, color: theme.text},
        encoding: {y: yOf(rows), x: {field: 'cost', type: 'quantitative'}, text: {field: 'text', type: 'nominal'}},
      },
      {
        data: {values: [{cost: bound}]},
        mark: {type: 'rule', color: theme.series[3]!, strokeWidth: 2, strokeDash: [4, 3]},
        encoding: {x: {field: 'cost', type: 'quantitative'}},
      },
    ],
  };
}

/** The figures of `planCost`. */
export function planCostTable(costs: PlanCosts): Table {
  const {alternatives, bound, currency} = costs;
  const unknown = alternatives.filter(({costPerHour}) => costPerHour === null);
  return {
    caption: subtitleOf(costs),
    columns: [
      textColumn('Bought by'),
      numberColumn('per hour', 'Cost'),
      numberColumn('above the bound', 'Cost'),
      numberColumn('more than this plan', 'Cost'),
    ],
    rows: [
      [BOUND, formatMoney(bound, currency), '', ''],
      ...rowsOf(costs).map(({name, cost, isPlan}) => [
        name,
        formatMoney(cost, currency),
        formatPercent(moreOf(cost, bound)),
        isPlan ? '' : formatPercent(moreOf(cost, costs.plan)),
      ]),
      ...unknown.map(({name}) => [printable(name), 'not possible', '', '']),
    ],
    more: 0,
  };
}

interface Row {
  readonly name: string;
  readonly cost: number;
  readonly text: string;
  readonly isPlan: boolean;
}

/** The plan first, then the others from the cheapest on. */
function rowsOf({alternatives, bound, currency, plan}: PlanCosts): readonly Row[] {
  const gap = moreOf(plan, bound);
  const row = (name: string, cost: number, distance: string): Row => ({
    name,
    cost,
    text: `${formatMoney(cost, currency)}${distance}`,
    isPlan: name === PLAN,
  });
  const known = alternatives.flatMap(({name, costPerHour}) =>
    costPerHour === null ? [] : [row(printable(name), costPerHour, distanceText(costPerHour, plan))],
  );
  return [
    row(PLAN, plan, isWide(gap) ? '' : `, ${formatPercent(gap)} above the bound`),
    ...known.toSorted((a, b) => a.cost - b.cost || (a.name < b.name ? -1 : 1)),
  ];
}

function distanceText(cost: number, plan: number): string {
  const more = moreOf(cost, plan);
  if (more === null) return '';
  const text = formatPercent(Math.abs(more));
  if (text === '0.0%') return ', as much as this plan';
  return `, ${text} ${more > 0 ? 'more' : 'less'} than this plan`;
}

function yOf(rows: readonly Row[]) {
  return {
    field: 'name',
    type: 'nominal' as const,
    scale: {domain: rows.map(({name}) => name)},
    axis: {
      title: null,
      ticks: false,
      domain: false,
      labelLimit: NAME_WIDTH,
      minExtent: NAME_WIDTH,
      maxExtent: NAME_WIDTH,
    },
  };
}

/** How much more `cost` is than `base`, as a share of it; null where that is nothing. */
function moreOf(cost: number, base: number): number | null {
  return shareOf(cost - base, base);
}

function subtitleOf({bound, currency, plan}: PlanCosts): string {
  const gap = moreOf(plan, bound);
  const least = `No fleet that holds these pods costs less than ${formatMoney(bound, currency)} an hour`;
  if (gap === null) return `${least}.`;
  if (isWide(gap)) return `${least}, which is too little to say how good the plan is.`;
  return `${least}; the plan is ${formatPercent(gap)} above it.`;
}
