import {formatPercent} from '../format.ts';
import type {PlanOutlook} from '../planOutlook.ts';
import type {Fact} from './assumptions.ts';
import {signedPercent} from './signedPercent.ts';

type ChangedBills = Pick<PlanOutlook, 'packingCostPerHour' | 'variations' | 'risks'>;
type Variation = PlanOutlook['variations'][number];

/** Costs that differ by less than this are taken for the same. */
const SAME = 1e-3;

/** What would change the answer and what would not, in words: one fact for each thing that was varied. */
export function changes(outlook: ChangedBills): readonly Fact[] {
  const of = (kind: Variation['kind']) => outlook.variations.filter((one) => one.kind === kind);
  const families = [...Map.groupBy(of('price'), ({subject}) => subject ?? '')];
  return [
    ...families.map(([family, rows]): Fact => [`Price of ${family}`, priceText(rows, outlook)]),
    ...factOf('Growth', growthText(of('growth'), outlook)),
    ...factOf('TaskManagers', taskManagersText(of('taskManagers'), outlook)),
    ...factOf('Smaller machines', smallerMachinesText(of('largestMachine'), outlook)),
  ];
}

function factOf(term: string, text: string): readonly Fact[] {
  return text === '' ? [] : [[term, text]];
}

function priceText(rows: readonly Variation[], {packingCostPerHour}: ChangedBills): string {
  const ordered = rows.toSorted((a, b) => a.factor - b.factor);
  const left = ordered.filter(
    ({costPerHour, keptCostPerHour}) =>
      costPerHour !== null && keptCostPerHour !== null && costPerHour < keptCostPerHour * (1 - SAME),
  );
  // The nearest to the price of today, on either side.
  const turns = [left.findLast(({factor}) => factor < 1), left.find(({factor}) => factor > 1)].filter(
    (turn) => turn !== undefined,
  );
  if (turns.length === 0) {
    const [lowest, highest] = [ordered[0]!, ordered.at(-1)!];
    const bill = ({keptCostPerHour}: Variation) => signedPercent((keptCostPerHour ?? 0) / packingCostPerHour - 1);
    return `From ${wholePercent(lowest.factor)} to ${wholePercent(highest.factor)}, no better machines were found than those of now; the bill goes with it, from ${bill(lowest)} to ${bill(highest)}.`;
  }
  return turns
    .map(({costPerHour, factor, keptCostPerHour, machines}) => {
      const bill = (cost: number | null) => signedPercent((cost ?? 0) / packingCostPerHour - 1);
      return `At ${wholePercent(factor)}, other machines are better than those of now, and most of the money goes to ${machines[0]!.instanceType}: the bill changes by ${bill(costPerHour)}; with the machines of now it would by ${bill(keptCostPerHour)}.`;
    })
    .join(' ');
}

function growthText(rows: readonly Variation[], {packingCostPerHour}: ChangedBills): string {
  const known = rows.filter(({costPerHour}) => costPerHour !== null);
  const ends = [...new Set([known[0], known.at(-1)])].flatMap((row) => row ?? []);
  const texts = ends.map(({costPerHour, factor, machines}) => {
    const bill = signedPercent(costPerHour! / packingCostPerHour - 1);
    return `${wholePercent(factor).slice(1)} more pods, and the bill changes by ${bill}; most of the money then goes to ${machines[0]!.instanceType}.`;
  });
  return texts.join(' ');
}

function taskManagersText(rows: readonly Variation[], outlook: ChangedBills): string {
  return rows.map((row) => `${capitalised(portionOf(row))}: ${verdictOn(row, outlook)}.`).join(' ');
}

/** How the same slots are divided. */
export function portionOf({factor}: Variation): string {
  return factor > 1 ? 'half as many, twice the size' : 'twice as many, half the size';
}

/** What is known of the price of a variation beside that of the packing: only its bound proves that it is dearer. */
function verdictOn({costPerHour, lowerBoundPerHour}: Variation, {packingCostPerHour}: ChangedBills): string {
  if (costPerHour === null) return 'no plan was found for them';
  const more = costPerHour / packingCostPerHour - 1;
  if (Math.abs(more) < SAME) return 'the bill stays the same';
  if (more < 0) return `${formatPercent(-more)} less`;
  const least = (lowerBoundPerHour ?? 0) / packingCostPerHour - 1;
  return least >= SAME
    ? `${formatPercent(more)} more`
    : `${formatPercent(more)} more as they were packed, but that this is the least is not proved`;
}

function smallerMachinesText(rows: readonly Variation[], {packingCostPerHour, risks}: ChangedBills): string {
  const now = risks.find(({name}) => name === 'packing')?.loss.memory;
  const row = rows.find(({costPerHour}) => costPerHour !== null);
  if (row === undefined || row.loss === null || now === undefined) return '';
  const bill = signedPercent(row.costPerHour! / packingCostPerHour - 1);
  return `With none larger than 1/${Math.round(1 / row.factor)} of the largest of now, the bill changes by ${bill}; one node then takes ${formatPercent(row.loss.memory)} of the requested memory with it, now ${formatPercent(now)}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A factor as a change: `+10%`. */
function wholePercent(factor: number): string {
  return `${factor < 1 ? '−' : '+'}${Math.round(Math.abs(factor - 1) * 100)}%`;
}
