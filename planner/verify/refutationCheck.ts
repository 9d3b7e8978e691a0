import type {CertificateRefutation, RefutationCut, RefutedCase} from '../packingCertificate.ts';
import type {PackingProblem} from '../packingProblem.ts';

/** Sums over places, the copies of one item in one bin, that every filling keeps to; what is missing counts for 0. */
interface Row {
  readonly coefficients: ReadonlyMap<number, bigint>;
  readonly bound: bigint;
  readonly isEquality: boolean;
}

interface Filling {
  readonly problem: PackingProblem;
  /** By bin: its type. */
  readonly bins: readonly number[];
  /** The place of an item in a bin; undefined: the bin may not hold it. */
  placeOf(bin: number, item: number): number | undefined;
}

/** Bins that one refutation may tell apart. */
const MOST_BINS = 1000;

/** Whether cuts and splits show that no filling of the bins packs all items; the faults in words. */
export function refutationFaults(
  problem: PackingProblem,
  {bins: groups, refutation}: CertificateRefutation,
  where: string,
): readonly string[] {
  const isKnown = groups.every(
    ({binType, count, orderedBy}) =>
      binType in problem.binTypes &&
      Number.isSafeInteger(count) &&
      count >= 1 &&
      (orderedBy === null || orderedBy in problem.items),
  );
  const isTold = new Set(groups.map(({binType}) => binType)).size === groups.length;
  const total = groups.reduce((sum, {count}) => sum + count, 0);
  if (!isKnown || !isTold || total > MOST_BINS) return [`${where}: bins have to be of types that are there, each once`];
  const bins = groups.flatMap(({binType, count}) => Array.from({length: count}, () => binType));
  const places = new Map<string, number>();
  for (const [bin, binType] of bins.entries()) {
    for (const item of problem.items.keys()) {
      if (mayHold(problem, binType, item)) places.set(`${bin},${item}`, places.size);
    }
  }
  const filling: Filling = {problem, bins, placeOf: (bin, item) => places.get(`${bin},${item}`)};
  return caseFaults(filling, refutation, problemRows(filling, groups), where);
}

function mayHold({items, binTypes}: PackingProblem, binType: number, item: number): boolean {
  const {standsFor, size, maxPerBin, binTypes: allowed} = items[item]!;
  return (
    items[standsFor ?? item]!.count > 0 &&
    (maxPerBin === null || maxPerBin > 0) &&
    (allowed === null || allowed.includes(binType)) &&
    size.every((amount, dimension) => amount <= binTypes[binType]!.capacity[dimension]!)
  );
}

function problemRows({problem, bins, placeOf}: Filling, groups: CertificateRefutation['bins']): readonly Row[] {
  const {items, binTypes, dimensions} = problem;
  const row = (amountOf: (bin: number, item: number) => number, bound: number, isEquality = false): Row => {
    const coefficients = new Map<number, bigint>();
    for (const bin of bins.keys()) {
      for (const item of items.keys()) {
        const place = placeOf(bin, item);
        const amount = amountOf(bin, item);
        if (place !== undefined && amount !== 0) coefficients.set(place, BigInt(amount));
      }
    }
    return {coefficients, bound: BigInt(bound), isEquality};
  };
  const isPlace = (bin: number, item: number) => (atBin: number, atItem: number) =>
    Number(bin === atBin && item === atItem);
  const asked = [...items.keys()].filter((item) => items[item]!.standsFor === null && items[item]!.count > 0);
  const demands = asked.map((item) =>
    row((_, other) => Number((items[other]!.standsFor ?? other) === item), items[item]!.count, true),
  );
  const room = bins.flatMap((binType, bin) =>
    [...dimensions.keys()].map((dimension) =>
      row(
        (atBin, item) => (atBin === bin ? items[item]!.size[dimension]! : 0),
        binTypes[binType]!.capacity[dimension]!,
      ),
    ),
  );
  const order = groups.flatMap(({binType, count, orderedBy}) => {
    if (orderedBy === null) return [];
    const first = bins.indexOf(binType);
    return Array.from({length: count - 1}, (_, index) => {
      const next = isPlace(first + index + 1, orderedBy);
      const own = isPlace(first + index, orderedBy);
      return row((bin, item) => next(bin, item) - own(bin, item), 0);
    });
  });
  const largest = [...bins.keys()].flatMap((bin) =>
    [...items.keys()].flatMap((item) => {
      const {maxPerBin} = items[item]!;
      return maxPerBin === null || placeOf(bin, item) === undefined ? [] : [row(isPlace(bin, item), maxPerBin)];
    }),
  );
  return [...demands, ...room, ...order, ...largest];
}

function caseFaults(
  filling: Filling,
  {cuts, split}: RefutedCase,
  given: readonly Row[],
  where: string,
): readonly string[] {
  const rows = [...given];
  for (const [index, cut] of cuts.entries()) {
    const derived = cutRow(rows, cut);
    if (derived === null)
      return [`${where}.cuts[${index}]: has to be a sum of rows before it, inequalities not negative`];
    rows.push(derived);
  }
  if (split === null) {
    const last = rows.at(-1);
    const isContradiction =
      last !== undefined &&
      cuts.length > 0 &&
      last.bound < 0n &&
      [...last.coefficients.values()].every((one) => one >= 0n);
    return isContradiction ? [] : [`${where}: its last cut can be kept to`];
  }
  const {bin, item, at, below, above} = split;
  const place = filling.placeOf(bin, item);
  if (place === undefined || !Number.isSafeInteger(at) || at < 0) return [`${where}: a split on what no bin holds`];
  const atMost = (coefficients: ReadonlyMap<number, bigint>, bound: number): Row => ({
    coefficients,
    bound: BigInt(bound),
    isEquality: false,
  });
  const beside = excludedBy(filling, bin, item);
  const upper = atMost(new Map([[place, 1n]]), at);
  const lower = atMost(new Map([[place, -1n]]), -at - 1);
  const besides = beside.length === 0 ? [] : [atMost(new Map(beside.map((other) => [other, 1n])), 0)];
  return [
    ...caseFaults(filling, below, [...rows, upper], `${where}.below`),
    ...caseFaults(filling, above, [...rows, lower, ...besides], `${where}.above`),
  ];
}

function excludedBy({problem, placeOf}: Filling, bin: number, item: number): readonly number[] {
  const others = new Set(problem.exclusions.flatMap(([a, b]) => (a === item ? [b] : b === item ? [a] : [])));
  return [...others].flatMap((other) => placeOf(bin, other) ?? []);
}

/** null: not a sum that follows from the rows. */
function cutRow(rows: readonly Row[], {parts, over}: RefutationCut): Row | null {
  if (!Number.isSafeInteger(over) || over < 1) return null;
  const sums = new Map<number, bigint>();
  let bound = 0n;
  for (const {row: index, times} of parts) {
    const row = rows[index];
    if (row === undefined || !Number.isSafeInteger(times) || (times < 0 && !row.isEquality)) return null;
    for (const [place, amount] of row.coefficients) sums.set(place, (sums.get(place) ?? 0n) + BigInt(times) * amount);
    bound += BigInt(times) * row.bound;
  }
  const whole = (sum: bigint) => roundedDown(sum, BigInt(over));
  return {
    coefficients: new Map([...sums].map(([place, sum]) => [place, whole(sum)])),
    bound: whole(bound),
    isEquality: false,
  };
}

function roundedDown(sum: bigint, over: bigint): bigint {
  const quotient = sum / over;
  return quotient * over > sum ? quotient - 1n : quotient;
}
