import type {PackingProblem} from '../packingProblem.ts';
import type {PackedBins, PackingSolution} from '../packingSolution.ts';

/** Whether a plan packs what it should and costs what it says; the faults in words, none if it is right. */
export function verifyPlan(problem: PackingProblem, solution: PackingSolution, cost: number): readonly string[] {
  const malformed = solution.flatMap((bins, index) => malformedBins(problem, bins, `bins ${index}`));
  if (malformed.length > 0) return malformed;
  return [
    ...solution.flatMap((bins, index) => overfullBins(problem, bins, `bins ${index}`)),
    ...unpackedItems(problem, solution),
    ...brokenLimits(problem, solution),
    ...wrongCost(problem, solution, cost),
  ];
}

function malformedBins({items, binTypes}: PackingProblem, bins: PackedBins, where: string): readonly string[] {
  const faults: string[] = [];
  const type = binTypes[bins.binType];
  if (type === undefined) faults.push(`${where}: there is no bin type ${bins.binType}`);
  else if (type.cost === null) faults.push(`${where}: ${type.name} has no price`);
  if (!isCount(bins.times)) faults.push(`${where}: ${bins.times} times`);
  const seen = new Set<number>();
  for (const {item, count} of bins.items) {
    if (items[item] === undefined) faults.push(`${where}: there is no item ${item}`);
    if (!isCount(count)) faults.push(`${where}: ${count} copies of item ${item}`);
    if (seen.has(item)) faults.push(`${where}: item ${item} is listed twice`);
    seen.add(item);
  }
  return faults;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function overfullBins(problem: PackingProblem, bins: PackedBins, where: string): readonly string[] {
  const faults: string[] = [];
  const {name, capacity} = problem.binTypes[bins.binType]!;
  for (const [dimension, label] of problem.dimensions.entries()) {
    let used = 0n;
    for (const {item, count} of bins.items) used += BigInt(problem.items[item]!.size[dimension]!) * BigInt(count);
    if (used > BigInt(capacity[dimension]!))
      faults.push(`${where}: ${used} of ${label} in ${capacity[dimension]} of ${name}`);
    const largest = problem.limits.largestBin?.[dimension] ?? null;
    if (largest !== null && capacity[dimension]! > largest) faults.push(`${where}: ${name} is larger than allowed`);
  }
  const held = new Set(bins.items.map(({item}) => item));
  for (const {item, count} of bins.items) {
    const {name: itemName, maxPerBin, binTypes} = problem.items[item]!;
    if (maxPerBin !== null && count > maxPerBin) faults.push(`${where}: ${count} of ${itemName}, at most ${maxPerBin}`);
    if (binTypes !== null && !binTypes.includes(bins.binType))
      faults.push(`${where}: ${itemName} may not be in ${name}`);
  }
  for (const [a, b] of problem.exclusions) {
    if (held.has(a) && held.has(b)) {
      faults.push(`${where}: ${problem.items[a]!.name} beside ${problem.items[b]!.name}`);
    }
  }
  return faults;
}

function unpackedItems({items}: PackingProblem, solution: PackingSolution): readonly string[] {
  const packed = items.map(() => 0n);
  for (const bins of solution) {
    for (const {item, count} of bins.items) {
      packed[items[item]!.standsFor ?? item]! += BigInt(count) * BigInt(bins.times);
    }
  }
  return items.flatMap(({name, count, standsFor}, item) =>
    standsFor === null && packed[item] !== BigInt(count) ? [`${name}: ${packed[item]} packed of ${count}`] : [],
  );
}

function brokenLimits({binTypes, limits}: PackingProblem, solution: PackingSolution): readonly string[] {
  const bought = binTypes.map(() => 0n);
  for (const {binType, times} of solution) bought[binType]! += BigInt(times);
  const faults: string[] = [];
  const total = bought.reduce((sum, count) => sum + count, 0n);
  if (limits.bins !== null && total > BigInt(limits.bins)) faults.push(`${total} bins, at most ${limits.bins}`);
  const kinds = new Set(binTypes.filter((_, index) => bought[index]! > 0n).map(({kind}) => kind));
  if (limits.kinds !== null && kinds.size > limits.kinds) faults.push(`${kinds.size} kinds, at most ${limits.kinds}`);
  for (const [index, {name, available}] of binTypes.entries()) {
    if (available !== null && bought[index]! > BigInt(available)) {
      faults.push(`${bought[index]} of ${name}, at most ${available}`);
    }
  }
  for (const {name, weights, atMost} of limits.budgets) {
    const spent = bought.reduce((sum, count, index) => sum + count * BigInt(weights[index]!), 0n);
    if (spent > BigInt(atMost)) faults.push(`${name}: ${spent}, at most ${atMost}`);
  }
  return faults;
}

function wrongCost({binTypes}: PackingProblem, solution: PackingSolution, cost: number): readonly string[] {
  const sum = solution.reduce(
    (total, {binType, times}) => total + BigInt(binTypes[binType]!.cost!) * BigInt(times),
    0n,
  );
  return Number.isSafeInteger(cost) && sum === BigInt(cost) ? [] : [`the bins cost ${sum}, not ${cost}`];
}
