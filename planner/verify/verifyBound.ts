import type {CertificateBranch, CertificateLeaf, CertificateNode, PackingCertificate} from '../packingCertificate.ts';
import type {PackingProblem} from '../packingProblem.ts';
import {greatestDivisor} from './ceilings.ts';
import {createFillingCheck, type FillingCheck} from './fillingCheck.ts';

/** A sum over the bins of a plan that a certificate charges for. */
interface ChargedSum {
  readonly weightOf: (binType: number) => number;
  readonly holding: CertificateBranch['holding'];
  /** The fee is at most 0 where the sum may not exceed `bound`, else at least 0. */
  readonly isUpper: boolean;
  readonly bound: number;
}

/**
 * Whether a certificate proves that no plan costs less than `bound`; the faults in words, none if it does. Shares nothing
 * with the search but the form of problem and certificate, and all its arithmetic is exact.
 */
export function verifyBound(
  problem: PackingProblem,
  certificate: PackingCertificate,
  bound: number,
): readonly string[] {
  const {perCost, replaced} = certificate;
  if (!Number.isSafeInteger(perCost) || perCost < 1) return [`${perCost} units in one of cost`];
  const faults = replaced.flatMap(({binType, by}) => unfitReplacement(problem, certificate, binType, by));
  if (faults.length > 0) return faults;
  const away = new Set(replaced.map(({binType}) => binType));
  const binTypes = [...problem.binTypes.keys()].filter((index) => !away.has(index) && isUsable(problem, index));
  const step = binTypes.reduce((common, index) => greatestDivisor(common, problem.binTypes[index]!.cost!), 0);
  return verifyNode(
    {problem, perCost, binTypes, step: Math.max(step, 1), check: createFillingCheck(problem)},
    certificate.proof,
    limitSums(problem),
    bound,
    'proof',
  );
}

interface Context {
  readonly problem: PackingProblem;
  readonly perCost: number;
  readonly binTypes: readonly number[];
  /** Every cost of a plan is a multiple of it. */
  readonly step: number;
  readonly check: FillingCheck;
}

function verifyNode(
  context: Context,
  node: CertificateNode,
  sums: readonly ChargedSum[],
  bound: number,
  where: string,
): readonly string[] {
  if (!('below' in node)) return verifyLeaf(context, node, sums, bound, where);
  const {items, binTypes} = context.problem;
  const unknown = [
    ...node.weights.flatMap(({binType}) => (binType in binTypes ? [] : [`there is no bin type ${binType}`])),
    ...node.holding.flatMap(({item}) => (item in items ? [] : [`there is no item ${item}`])),
  ];
  if (unknown.length > 0) return unknown.map((fault) => `${where}: ${fault}`);
  const weights = new Map(node.weights.map(({binType, weight}) => [binType, weight]));
  if (!Number.isSafeInteger(node.at) || [...weights.values()].some((weight) => !Number.isSafeInteger(weight))) {
    return [`${where}: a sum that need not be whole`];
  }
  if (node.holding.some(({count}) => count < 1)) return [`${where}: a condition that always holds`];
  const sum = {weightOf: (binType: number) => weights.get(binType) ?? 0, holding: node.holding};
  return [
    ...verifyNode(context, node.below, [...sums, {...sum, isUpper: true, bound: node.at}], bound, `${where}.below`),
    ...verifyNode(
      context,
      node.above,
      [...sums, {...sum, isUpper: false, bound: node.at + 1}],
      bound,
      `${where}.above`,
    ),
  ];
}

function verifyLeaf(
  {problem, perCost, binTypes, step, check}: Context,
  {prices, fees}: CertificateLeaf,
  sums: readonly ChargedSum[],
  bound: number,
  where: string,
): readonly string[] {
  if (prices.length !== problem.items.length || !prices.every((price) => Number.isSafeInteger(price) && price >= 0)) {
    return [`${where}: prices have to be whole numbers of at least 0, one for each item`];
  }
  if (
    fees.length !== sums.length ||
    !fees.every((fee, index) => Number.isSafeInteger(fee) && (sums[index]!.isUpper ? fee <= 0 : fee >= 0))
  ) {
    return [`${where}: fees have to be whole numbers of the right sign, one for each limit and branch`];
  }
  const proved = provedCost(problem, prices, fees, sums, perCost, step);
  if (proved < BigInt(bound)) return [`${where}: proves ${proved}, not ${bound}`];
  const worth = problem.items.map(({standsFor}, item) => prices[standsFor ?? item]!);
  return binTypes.flatMap((binType) => {
    const {name, cost} = problem.binTypes[binType]!;
    let allowed = BigInt(cost!) * BigInt(perCost);
    const rewards: {holding: CertificateBranch['holding']; amount: number}[] = [];
    for (const [index, {weightOf, holding}] of sums.entries()) {
      const weight = weightOf(binType);
      if (holding.length === 0) allowed -= BigInt(fees[index]!) * BigInt(weight);
      else if (weight !== 0 && fees[index] !== 0) rewards.push({holding, amount: fees[index]! * weight});
    }
    const most = allowed > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(allowed);
    const answer = check(binType, worth, most, rewards);
    if (answer === 'within') return [];
    return [
      answer === 'above'
        ? `${where}: a ${name} can hold more than it costs`
        : `${where}: whether a ${name} can hold more than it costs is too much to check`,
    ];
  });
}

/** The sum of prices and fees as a cost, rounded up to what a sum of costs can be. */
function provedCost(
  {items}: PackingProblem,
  prices: readonly number[],
  fees: readonly number[],
  sums: readonly ChargedSum[],
  perCost: number,
  step: number,
): bigint {
  let worth = 0n;
  for (const [item, {count, standsFor}] of items.entries()) {
    if (standsFor === null) worth += BigInt(prices[item]!) * BigInt(count);
  }
  for (const [index, fee] of fees.entries()) worth += BigInt(fee) * BigInt(sums[index]!.bound);
  if (worth <= 0n) return 0n;
  const unit = BigInt(perCost) * BigInt(step);
  return ((worth + unit - 1n) / unit) * BigInt(step);
}

function limitSums({binTypes, limits}: PackingProblem): readonly ChargedSum[] {
  const upper = (bound: number, weightOf: (binType: number) => number): ChargedSum => ({
    weightOf,
    holding: [],
    isUpper: true,
    bound,
  });
  return [
    ...(limits.bins === null ? [] : [upper(limits.bins, () => 1)]),
    ...binTypes.flatMap(({available}, index) =>
      available === null ? [] : [upper(available, (binType) => (binType === index ? 1 : 0))],
    ),
    ...limits.budgets.map(({weights, atMost}) => upper(atMost, (binType) => weights[binType]!)),
  ];
}

/** Whether a plan might use the bin type at all. */
function isUsable({items, binTypes, limits}: PackingProblem, index: number): boolean {
  const {cost, capacity} = binTypes[index]!;
  if (cost === null) return false;
  if (capacity.some((amount, dimension) => amount > (limits.largestBin?.[dimension] ?? amount))) return false;
  return items.some(
    ({count, standsFor, size, maxPerBin, binTypes: allowed}) =>
      (standsFor === null ? count : items[standsFor]!.count) > 0 &&
      (maxPerBin === null || maxPerBin > 0) &&
      (allowed === null || allowed.includes(index)) &&
      size.every((amount, dimension) => amount <= capacity[dimension]!),
  );
}

function unfitReplacement(
  problem: PackingProblem,
  {replaced}: PackingCertificate,
  binType: number,
  by: number,
): readonly string[] {
  const {items, binTypes, limits} = problem;
  const type = binTypes[binType];
  const other = binTypes[by];
  if (type === undefined || other === undefined) return [`there is no bin type ${binType} or ${by}`];
  const isFit =
    replaced.every((entry) => entry.binType !== by) &&
    limits.kinds === null &&
    isUsable(problem, by) &&
    type.cost !== null &&
    other.cost! <= type.cost &&
    other.available === null &&
    other.capacity.every((amount, dimension) => amount >= type.capacity[dimension]!) &&
    limits.budgets.every(({weights}) => weights[by]! <= weights[binType]!) &&
    items.every(({binTypes: allowed}) => allowed === null || !allowed.includes(binType) || allowed.includes(by));
  return isFit ? [] : [`${other.name} cannot replace ${type.name}`];
}
