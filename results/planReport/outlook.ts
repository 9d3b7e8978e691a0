import {costAndRisk, costAndRiskTable, type RiskyFleet} from '../charts/costAndRisk.ts';
import {formatCount, formatMoney, formatPlural} from '../format.ts';
import type {PlanOutlook} from '../planOutlook.ts';
import {numberColumn, type Table, textColumn} from '../table.ts';
import type {Block} from './block.ts';
import {changes, portionOf} from './changes.ts';
import {alternativeName} from './names.ts';
import {signedPercent} from './signedPercent.ts';

type Variation = PlanOutlook['variations'][number];

/** Types of machines that a cell names before it counts the rest. */
const MOST_TYPES = 3;
const RISK_NAMES: ReadonlyMap<string, string> = new Map([
  ['plan', 'this plan'],
  ['packing', 'its packing'],
]);

/** What is lost with a node, for the plan, for others, and with smaller machines. */
export function riskFigure({jobs, risks, variations}: PlanOutlook, currency: string): Block {
  const fleets: readonly RiskyFleet[] = [
    ...risks.map(({name, ...risk}) => {
      const shown = RISK_NAMES.get(name) ?? alternativeName(name);
      return {...risk, name: shown, series: shown, isPlan: name === 'plan'};
    }),
    ...smallerMachines(variations).flatMap(({costPerHour, factor, loss, machines}) =>
      costPerHour === null || loss === null
        ? []
        : [
            {
              name: `at most ${fraction(factor)} of the largest`,
              series: SMALLER_SERIES,
              costPerHour,
              loss,
              nodes: countOf(machines),
            },
          ],
    ),
  ];
  return {
    kind: 'figure',
    chart: costAndRisk(fleets, currency),
    table: costAndRiskTable(fleets, currency, jobs),
  };
}

/** Without those that cost more than with still smaller machines, which would do for them as well. */
function smallerMachines(variations: readonly Variation[]): readonly Variation[] {
  const own = variations.filter(({kind}) => kind === 'largestMachine');
  return own.filter(
    ({factor, costPerHour}) =>
      !own.some(
        (other) => other.factor < factor && other.costPerHour !== null && other.costPerHour <= (costPerHour ?? 0),
      ),
  );
}

const SMALLER_SERIES = 'smaller machines only';

/** What prices, growth and other TaskManagers would make of the plan. */
export function outlookBlocks(outlook: PlanOutlook, currency: string): readonly Block[] {
  const {binTypes, packingCostPerHour, variations} = outlook;
  const of = (kind: Variation['kind']) => variations.filter((one) => one.kind === kind);
  const stopped = variations.filter(({isStopped}) => isStopped).length;
  return [
    {kind: 'facts', facts: changes(outlook)},
    {
      kind: 'text',
      text: `In figures: each row asks the question of this plan again with one thing changed, and packs the answer by hand: ${formatMoney(packingCostPerHour, currency)} an hour is the packing to compare with. To be quick, it chooses among the ${formatPlural(binTypes, 'kind')} of machines that come nearest, so its own bound is for these alone.${stopped === 0 ? '' : ` ${stopped === variations.length ? 'All' : formatCount(stopped)} of these packings were ended by the time limit: where cost and bound are far apart, the cost may be that of a hasty search.`}`,
    },
    ...tableBlock(of('price'), (rows) => priceTable(rows, outlook, currency)),
    ...tableBlock(of('growth'), (rows) => growthTable(rows, outlook, currency)),
    ...tableBlock(of('taskManagers'), (rows) => taskManagerTable(rows, outlook, currency)),
    ...(of('taskManagers').length === 0
      ? []
      : [
          {
            kind: 'text',
            text: 'Other sizes of TaskManagers assume that CPU and memory go with the slots, but for 512 MiB of each TaskManager (framework and metaspace, by the defaults of Flink). An odd one out stays as a whole. Those with an odd number of slots are not halved. What a job makes of it, in checkpoints or garbage collection, is not looked at.',
          } as const,
        ]),
  ];
}

function tableBlock(rows: readonly Variation[], toTable: (rows: readonly Variation[]) => Table): readonly Block[] {
  return rows.length === 0 ? [] : [{kind: 'table', table: toTable(rows)}];
}

function priceTable(rows: readonly Variation[], {packingCostPerHour}: PlanOutlook, currency: string): Table {
  return {
    caption: 'Prices: a family of machines dearer or cheaper, all others as they are',
    columns: [
      textColumn('Family'),
      numberColumn('Price'),
      numberColumn('as it is', 'Bill with the machines'),
      numberColumn('chosen anew', 'Bill with the machines'),
      numberColumn('per hour', 'Chosen anew'),
      numberColumn('at least', 'Chosen anew'),
      textColumn('Machines'),
    ],
    rows: rows.map(({subject, factor, costPerHour, keptCostPerHour, lowerBoundPerHour, machines}) => [
      subject ?? '',
      signedPercent(factor - 1),
      change(keptCostPerHour, packingCostPerHour),
      change(costPerHour, packingCostPerHour),
      formatMoney(costPerHour, currency),
      formatMoney(lowerBoundPerHour, currency),
      machinesText(machines),
    ]),
    more: 0,
  };
}

function growthTable(rows: readonly Variation[], outlook: PlanOutlook, currency: string): Table {
  return {
    caption: 'Growth: more pods of every kind, each as large as now',
    columns: [numberColumn('Pods'), ...costColumns()],
    rows: rows.map((row) => [`× ${row.factor}`, ...costCells(row, outlook, currency)]),
    more: 0,
  };
}

function taskManagerTable(rows: readonly Variation[], outlook: PlanOutlook, currency: string): Table {
  return {
    caption: 'TaskManagers: the same slots of Flink in other portions',
    columns: [textColumn('TaskManagers'), ...costColumns()],
    rows: rows.map((row) => [portionOf(row), ...costCells(row, outlook, currency)]),
    more: 0,
  };
}

function costColumns() {
  return [numberColumn('Bill'), numberColumn('Per hour'), numberColumn('At least'), textColumn('Machines')];
}

function costCells(
  {costPerHour, lowerBoundPerHour, machines}: Variation,
  {packingCostPerHour}: PlanOutlook,
  currency: string,
): readonly string[] {
  if (costPerHour === null) return ['not possible', '–', '–', ''];
  return [
    change(costPerHour, packingCostPerHour),
    formatMoney(costPerHour, currency),
    formatMoney(lowerBoundPerHour, currency),
    machinesText(machines),
  ];
}

function change(cost: number | null, base: number): string {
  return cost === null || base === 0 ? '–' : signedPercent(cost / base - 1);
}

function fraction(factor: number): string {
  return `1/${Math.round(1 / factor)}`;
}

function countOf(machines: Variation['machines']): number {
  return machines.reduce((sum, {count}) => sum + count, 0);
}

function machinesText(machines: Variation['machines']): string {
  const shown = machines.slice(0, MOST_TYPES).map(({instanceType, count}) => `${formatCount(count)} × ${instanceType}`);
  const rest = machines.slice(MOST_TYPES);
  return [...shown, ...(rest.length === 0 ? [] : [`${formatCount(countOf(rest))} others`])].join(', ');
}
