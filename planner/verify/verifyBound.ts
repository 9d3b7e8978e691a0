import {
  type CertificateLeaf,
  type CertificateNode,
  type CertificateRefutation,
  type CertificateSum,
  type CertificateValuation,
  type PackingCertificate,
  TIMES_BITS,
} from '../packingCertificate.ts';
import type {PackingProblem} from '../packingProblem.ts';
import {greatestDivisor} from './ceilings.ts';
import {createFillingCheck, type FillingCheck} from './fillingCheck.ts';
import {refutationFaults} from './refutationCheck.ts';

const ONCE = 1n << BigInt(TIMES_BITS);
const PRICES = 'prices have to be whole numbers of at least 0, one for each item';
const FEES = 'fees have to be whole numbers of the right sign, one for each limit and branch';

/** A sum over the bins of a plan that a certificate charges for. */
interface ChargedSum {
  readonly weightOf: (binType: number) => number;
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
  const check = createFillingCheck(problem);
  const {valuations} = certificate;
  const context = {problem, perCost, binTypes, step: Math.max(step, 1), check, valuations};
  const wrong = valuations.flatMap((valuation, index) => verifyValuation(context, valuation, `valuations[${index}]`));
  return wrong.length > 0 ? wrong : verifyNode(context, certificate.proof, limitSums(problem), bound, 'proof');
}

interface Context {
  readonly problem: PackingProblem;
  readonly perCost: number;
  readonly binTypes: readonly number[];
  /** Every cost of a plan is a multiple of it. */
  readonly step: number;
  readonly check: FillingCheck;
  readonly valuations: readonly CertificateValuation[];
}

function verifyValuation(
  {problem, binTypes, check}: Context,
  {prices, uppers}: CertificateValuation,
  where: string,
): readonly string[] {
  const isWhole = (amount: number) => Number.isSafeInteger(amount) && amount >= 0;
  if (prices.length !== problem.items.length || !prices.every(isWhole)) return [`${where}: ${PRICES}`];
  if (uppers.length !== problem.binTypes.length || !uppers.every(isWhole)) {
    return [`${where}: uppers have to be whole numbers of at least 0, one for each bin type`];
  }
  const worth = problem.items.map(({standsFor}, item) => prices[standsFor ?? item]!);
  return binTypes.flatMap((binType) => {
    const {name} = problem.binTypes[binType]!;
    const answer = check(binType, worth, uppers[binType]!);
    if (answer === 'within') return [];
    return [
      `${where}: ${answer === 'above' ? `a ${name} can hold more than that` : `what a ${name} can hold is too much to check`}`,
    ];
  });
}

function verifyNode(
  context: Context,
  node: CertificateNode,
  sums: readonly ChargedSum[],
  bound: number,
  where: string,
): readonly string[] {
  if ('prices' in node) return verifyLeaf(context, node, sums, bound, where);
  if ('parts' in node) return verifySum(context, node, sums, bound, where);
  if ('refutation' in node) return verifyRefutation(context, node, sums, where);
  const unknown = node.weights.filter(({binType}) => !(binType in context.problem.binTypes));
  if (unknown.length > 0) return unknown.map(({binType}) => `${where}: there is no bin type ${binType}`);
  const weights = new Map(node.weights.map(({binType, weight}) => [binType, weight]));
  if (!Number.isSafeInteger(node.at) || [...weights.values()].some((weight) => !Number.isSafeInteger(weight))) {
    return [`${where}: a sum that need not be whole`];
  }
  const sum = {weightOf: (binType: number) => weights.get(binType) ?? 0};
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
    return [`${where}: ${PRICES}`];
  }
  if (!areFees(fees, sums)) return [`${where}: ${FEES}`];
  const proved = roundedUp(worthOf(problem, prices) + feesOf(fees, sums), BigInt(perCost), step);
  if (proved < BigInt(bound)) return [`${where}: proves ${proved}, not ${bound}`];
  const worth = problem.items.map(({standsFor}, item) => prices[standsFor ?? item]!);
  return binTypes.flatMap((binType) => {
    const {name, cost} = problem.binTypes[binType]!;
    const allowed = BigInt(cost!) * BigInt(perCost) - chargeOf(fees, sums, binType);
    const most = allowed > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(allowed);
    const answer = check(binType, worth, most);
    if (answer === 'within') return [];
    return [
      answer === 'above'
        ? `${where}: a ${name} can hold more than it costs`
        : `${where}: whether a ${name} can hold more than it costs is too much to check`,
    ];
  });
}

function verifySum(
  {problem, perCost, binTypes, step, valuations}: Context,
  {parts, fees}: CertificateSum,
  sums: readonly ChargedSum[],
  bound: number,
  where: string,
): readonly string[] {
  if (!parts.every(({valuation, times}) => valuation in valuations && Number.isInteger(times) && times >= 0)) {
    return [`${where}: parts have to be of valuations that are there, whole numbers of times of at least 0`];
  }
  if (!areFees(fees, sums)) return [`${where}: ${FEES}`];
  const summed = (amountOf: (valuation: CertificateValuation) => bigint) =>
    parts.reduce((sum, {valuation, times}) => sum + BigInt(times) * amountOf(valuations[valuation]!), 0n);
  const worth = summed(({prices}) => worthOf(problem, prices));
  const proved = roundedUp(worth + feesOf(fees, sums) * ONCE, BigInt(perCost) * ONCE, step);
  if (proved < BigInt(bound)) return [`${where}: proves ${proved}, not ${bound}`];
  return binTypes.flatMap((binType) => {
    const {name, cost} = problem.binTypes[binType]!;
    const allowed = BigInt(cost!) * BigInt(perCost) - chargeOf(fees, sums, binType);
    const most = summed(({uppers}) => BigInt(uppers[binType]!));
    return most <= allowed * ONCE ? [] : [`${where}: a ${name} may hold more than it costs`];
  });
}

/** Where there is no plan at all, every bound holds. */
function verifyRefutation(
  {problem, binTypes}: Context,
  refutation: CertificateRefutation,
  sums: readonly ChargedSum[],
  where: string,
): readonly string[] {
  const counts = new Map(refutation.bins.map(({binType, count}) => [binType, count]));
  const missing = binTypes.filter((binType) => mostBins(problem, binType, sums) > (counts.get(binType) ?? 0));
  if (missing.length > 0) {
    return missing.map((binType) => `${where}: there may be more of ${problem.binTypes[binType]!.name}`);
  }
  return refutationFaults(problem, refutation, where);
}

/** How many bins of the type the sums allow, each looked at alone. */
function mostBins({binTypes}: PackingProblem, binType: number, sums: readonly ChargedSum[]): number {
  const uppers = sums.filter(
    ({weightOf, isUpper}) =>
      isUpper && weightOf(binType) >= 1 && [...binTypes.keys()].every((one) => weightOf(one) >= 0),
  );
  return Math.min(...uppers.map(({weightOf, bound}) => Math.floor(bound / weightOf(binType))));
}

/** What a bin of the type is paid by the sums that it counts for; negative: what it is charged. */
function chargeOf(fees: readonly number[], sums: readonly ChargedSum[], binType: number): bigint {
  return sums.reduce((charge, {weightOf}, index) => charge + BigInt(fees[index]!) * BigInt(weightOf(binType)), 0n);
}

function areFees(fees: readonly number[], sums: readonly ChargedSum[]): boolean {
  return (
    fees.length === sums.length &&
    fees.every((fee, index) => Number.isSafeInteger(fee) && (sums[index]!.isUpper ? fee <= 0 : fee >= 0))
  );
}

function worthOf({items}: PackingProblem, prices: readonly number[]): bigint {
  let worth = 0n;
  for (const [item, {count, standsFor}] of items.entries()) {
    if (standsFor === null) worth += BigInt(prices[item]!) * BigInt(count);
  }
  return worth;
}

function feesOf(fees: readonly number[], sums: readonly ChargedSum[]): bigint {
  return fees.reduce((sum, fee, index) => sum + BigInt(fee) * BigInt(sums[index]!.bound), 0n);
}

/** As a cost, rounded up to what a sum of costs can be. */
function roundedUp(worth: bigint, perCost: bigint, step: number): bigint {
  if (worth <= 0n) return 0n;
  const unit = perCost * BigInt(step);
  return ((worth + unit - 1n) / unit) * BigInt(step);
}

function limitSums({binTypes, limits}: PackingProblem): readonly ChargedSum[] {
  const upper = (bound: number, weightOf: (binType: number) => number): ChargedSum => ({
    weightOf,
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
