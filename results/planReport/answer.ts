import {isWide} from '../boundGap.ts';
import {formatBytes, formatCores, formatCount, formatMoney, formatPercent, formatPlural, shareOf} from '../format.ts';
import type {KeyFigure} from '../keyFigure.ts';
import {HOURS_PER_MONTH} from '../metrics.ts';
import type {PlanResult} from '../planResult.ts';
import type {SimulationResult} from '../simulationResult.ts';
import {alternativeName, TODAY} from './names.ts';

/** Types that a sentence names before it counts the rest. */
const MOST_TYPES = 4;

/** The answer in three lines: what to buy, what it costs, how far that is from the best possible and from others. */
export function answer(plan: PlanResult): readonly string[] {
  const {costPerHour, currency, verified} = plan;
  const month = wholeMoney(costPerHour * HOURS_PER_MONTH, currency);
  const waiting =
    verified.pending === 0
      ? `${verified.placed === 1 ? 'The one pod has' : `All ${formatCount(verified.placed)} pods have`} a place on them.`
      : `${formatPlural(verified.pending, 'pod')} would have no place.`;
  return [
    `Buy ${machinesText(plan)}. ${waiting}`,
    `They cost ${formatMoney(costPerHour, currency)} an hour, ${month} a month.`,
    `${distanceText(plan)} ${comparisonText(plan)}`.trim(),
  ];
}

export function keyFigures(plan: PlanResult, placement: SimulationResult): readonly KeyFigure[] {
  const {costPerHour, currency, gap, lowerBoundPerHour, packing, verified} = plan;
  const {allocatable, requested, stranded} = placement.summary;
  const share = (amounts: {cpu: number; memory: number}, resource: 'cpu' | 'memory') =>
    formatPercent(shareOf(amounts[resource], allocatable[resource]));
  return [
    {
      title: 'Cost per month',
      figure: wholeMoney(costPerHour * HOURS_PER_MONTH, currency),
      details: [`${formatMoney(costPerHour, currency)} per hour`],
    },
    {
      title: 'Above the bound',
      figure: isWide(gap) ? 'not settled' : formatPercent(gap),
      details: [
        `bound ${formatMoney(lowerBoundPerHour, currency)} per hour`,
        ...(isWide(gap) ? [] : [`packing ${formatPercent(packing.gap)}`]),
      ],
    },
    {
      title: 'Machines',
      figure: formatCount(machinesOf(plan)),
      details: [`${formatCores(allocatable.cpu)} cores`, formatBytes(allocatable.memory)],
    },
    {title: 'Pods placed', figure: formatCount(verified.placed), details: [`${formatCount(verified.pending)} pending`]},
    {
      title: 'CPU requested',
      figure: share(requested, 'cpu'),
      details: [`stranded ${share(stranded, 'cpu')}`],
    },
    {
      title: 'Memory requested',
      figure: share(requested, 'memory'),
      details: [`stranded ${share(stranded, 'memory')}`],
    },
  ];
}

/** Without decimals, which nobody reads in the bill of a month. */
function wholeMoney(amount: number, currency: string): string {
  return formatMoney(Math.round(amount), currency).replace(/\.00$/, '');
}

export function machinesOf({nodes}: Pick<PlanResult, 'nodes'>): number {
  return nodes.reduce((sum, {count}) => sum + count, 0);
}

/** `45 machines: 37 × c6a.48xlarge, 2 × c6a.xlarge and 6 others`. */
function machinesText(plan: PlanResult): string {
  const counts = new Map<string, number>();
  const byCost = plan.nodes.toSorted((a, b) => b.count * b.pricePerHour - a.count * a.pricePerHour);
  for (const {instanceType, count} of byCost) counts.set(instanceType, (counts.get(instanceType) ?? 0) + count);
  const types = [...counts].map(([name, count]) => `${formatCount(count)} × ${name}`);
  if (types.length === 1) return types[0]!;
  const isLong = types.length > MOST_TYPES + 1;
  const shown = isLong ? types.slice(0, MOST_TYPES) : types.slice(0, -1);
  const others = machinesOf(plan) - [...counts.values()].slice(0, MOST_TYPES).reduce((sum, count) => sum + count, 0);
  const last = isLong
    ? `${formatPlural(others, 'machine')} of ${types.length - MOST_TYPES} other types`
    : types.at(-1)!;
  return `${formatPlural(machinesOf(plan), 'machine')}: ${shown.join(', ')} and ${last}`;
}

function distanceText({costPerHour, lowerBoundPerHour, currency, gap}: PlanResult): string {
  const bound = formatMoney(lowerBoundPerHour, currency);
  if (gap === null) return 'How cheap it could be at best is not known.';
  if (isWide(gap)) {
    return `How cheap it could be at best is not settled: somewhere between ${bound} and this plan.`;
  }
  if (gap < 5e-4) return `No choice of machines is cheaper by more than a thousandth.`;
  const saving = formatPercent(1 - lowerBoundPerHour / costPerHour);
  return `No choice of machines costs less than ${bound} an hour, so that at most ${saving} could still be saved.`;
}

/** What the others cost more, or less, from the nearest on; today's fleet apart, since nobody has asked what it holds. */
function comparisonText({comparisons, costPerHour}: PlanResult): string {
  const known = comparisons
    .flatMap(({name, costPerHour: other}) => (other === null ? [] : [{name, more: other / costPerHour - 1}]))
    .sort((a, b) => a.more - b.more);
  const packed = known.filter(({name}) => name !== TODAY);
  return [
    ...(packed.length === 0
      ? []
      : [
          `Others, packed by hand and not by the scheduler, would cost: ${packed.map(({name, more}) => `${alternativeName(name)} ${moreText(more)}`).join('; ')}.`,
        ]),
    ...known
      .filter(({name}) => name === TODAY)
      .map(({more}) => `The machines of today cost ${moreText(more)}, whether they hold these pods or not.`),
  ].join(' ');
}

function moreText(more: number): string {
  if (Math.abs(more) < 5e-4) return 'as much';
  return `${formatPercent(Math.abs(more))} ${more > 0 ? 'more' : 'less'}`;
}
