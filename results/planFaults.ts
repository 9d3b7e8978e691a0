import {CPU, formatAmount, MEMORY, type Resources} from '../model/resources.ts';
import type {PackingCertificate} from '../planner/packingCertificate.ts';
import {COST_UNITS, type PackingProblem, toCost} from '../planner/packingProblem.ts';
import type {PackingSolution} from '../planner/packingSolution.ts';
import {malformedProblem} from '../planner/verify/malformedProblem.ts';
import {verifyBound} from '../planner/verify/verifyBound.ts';
import {verifyPlan} from '../planner/verify/verifyPlan.ts';
import {formatPlural} from './format.ts';
import {limitsStated} from './planLimits.ts';
import type {PlanResult} from './planResult.ts';

/** Differences of sums that come from printing billionths as decimals. */
const ROUNDING = 1e-6;

/** What is wrong in the file of a plan, judged by the file alone; in words, none if it is right. */
export function planFaults(plan: PlanResult): readonly string[] {
  const malformed = malformedProblem(plan.problem).map((fault) => `problem: ${fault}`);
  if (malformed.length > 0) return malformed;
  return [...sums(plan), ...limited(plan), ...machines(plan), ...packed(plan), ...placed(plan), ...bound(plan)];
}

function sums({costPerHour, lowerBoundPerHour, gap, packing, nodes, verified, policies, ...plan}: PlanResult) {
  const faults: string[] = [];
  const sum = nodes.reduce((total, {count, pricePerHour}) => total + count * pricePerHour, 0);
  if (differ(sum, costPerHour)) faults.push(`costPerHour is ${costPerHour}, the nodes cost ${sum}`);
  const unplaceable = plan.unplaceable.reduce((total, {pods}) => total + pods, 0);
  const pending = plan.pending.length + unplaceable;
  if (verified.pending !== pending) {
    faults.push(
      `verified.pending is ${verified.pending}, but ${formatPlural(pending, 'pod')} without a node are listed`,
    );
  }
  const expectGap = (what: string, found: number | null, cost: number, isHeld: boolean): void => {
    const expected = isHeld && lowerBoundPerHour > 0 ? Math.max(0, cost / lowerBoundPerHour - 1) : null;
    if ((found === null) !== (expected === null) || differ(found ?? 0, expected ?? 0)) {
      faults.push(`${what} is ${found}, cost and bound make it ${expected}`);
    }
  };
  expectGap('gap', gap, costPerHour, plan.pending.length === 0);
  expectGap('packing.gap', packing.gap, packing.costPerHour, true);
  const [own] = policies;
  if (
    own !== undefined &&
    (differ(own.costPerHour ?? Number.NaN, costPerHour) || differ(own.lowerBoundPerHour, lowerBoundPerHour))
  ) {
    faults.push(`policies: the first, ${own.name}, is not the plan: ${own.costPerHour} above ${own.lowerBoundPerHour}`);
  }
  return faults;
}

/** Whether the machines to buy are those that the pods are on, at the prices that the bound is of. */
function machines({nodes, verified, problem: {binTypes}}: PlanResult): readonly string[] {
  const faults: string[] = [];
  const filled = new Map<number, number>();
  for (const {binType, times} of verified.bins) filled.set(binType, (filled.get(binType) ?? 0) + times);
  for (const {instanceType, count, pricePerHour, binType} of nodes) {
    const type = binTypes[binType];
    if (type?.kind !== instanceType) {
      faults.push(`nodes: ${instanceType} is not the bin type ${binType}, ${type?.name ?? 'which does not exist'}`);
      continue;
    }
    if (type.cost !== toCost(pricePerHour)) {
      const known = type.cost === null ? 'no price' : `the price ${type.cost / COST_UNITS}`;
      faults.push(`nodes: ${type.name} costs ${pricePerHour}, but has ${known} in the problem`);
    }
    const used = filled.get(binType) ?? 0;
    if (used !== count) faults.push(`nodes: ${count} of ${type.name}, but pods are placed on ${used}`);
    filled.delete(binType);
  }
  for (const [binType, count] of filled) {
    faults.push(`nodes: pods are placed on ${count} of ${binTypes[binType]?.name ?? binType}, of which there are none`);
  }
  return faults;
}

/** Whether what was asked for is what the bound is of, and no machine is larger than it may be. */
function limited({parameters, problem, nodes}: PlanResult): readonly string[] {
  const {nodes: mostNodes, instanceTypes, nodeSize} = limitsStated(parameters.limits);
  const {bins, kinds} = problem.limits;
  const stated = [
    ['nodes', mostNodes, bins],
    ['instanceTypes', instanceTypes, kinds],
  ] as const;
  const faults = stated
    .filter(([, asked, kept]) => asked !== kept)
    .map(([name, asked, kept]) => `parameters.limits.${name} is ${asked}, the bound is for ${kept}`);
  for (const {instanceType, capacity, memory} of nodes) {
    const advertised: Resources = {[CPU]: capacity.cpu * 1000, [MEMORY]: memory.nominal};
    for (const [name, amount] of Object.entries(advertised)) {
      const most = nodeSize[name] ?? amount;
      if (amount > most) {
        const [found, allowed] = [amount, most].map((one) => formatAmount(name, one));
        faults.push(`nodes: ${instanceType} has ${found} of ${name}, at most ${allowed}`);
      }
    }
  }
  return faults;
}

function packed({problem, packing: {bins, costPerHour}}: PlanResult): readonly string[] {
  return verifyPlan(problem, bins, toCost(costPerHour)).map((fault) => `packing: ${fault}`);
}

/** The scheduler's placement is a packing as well, of all pods but those that it leaves pending. */
function placed({problem, verified, costPerHour, ...plan}: PlanResult): readonly string[] {
  const copies = copiesOf(problem, verified.bins);
  const items = problem.items.map((item, index) => ({...item, count: Math.min(item.count, copies[index]!)}));
  const left = problem.items.reduce((sum, {count}, index) => sum + count - items[index]!.count, 0);
  const given = plan.pending.length === 0 ? problem : {...problem, items};
  const faults = [...verifyPlan(given, verified.bins, toCost(costPerHour))];
  if (plan.pending.length > 0 && left > plan.pending.length) {
    faults.push(`${formatPlural(left, 'pod')} on no node, but only ${plan.pending.length} pending`);
  }
  const all = copies.reduce((sum, count) => sum + count, 0);
  if (verified.placed < all) faults.push(`placed is ${verified.placed}, but ${formatPlural(all, 'pod')} are on nodes`);
  return faults.map((fault) => `verified: ${fault}`);
}

function copiesOf({items}: PackingProblem, bins: PackingSolution): readonly number[] {
  const copies = items.map(() => 0);
  for (const {items: held, times} of bins) {
    for (const {item, count} of held) {
      const counted = items[item]?.standsFor ?? item;
      if (copies[counted] !== undefined) copies[counted]! += count * times;
    }
  }
  return copies;
}

function bound({certificate, lowerBoundPerHour, costPerHour, packing, pending, problem}: PlanResult) {
  if (certificate === null) {
    return lowerBoundPerHour > 0 ? [`lowerBoundPerHour is ${lowerBoundPerHour}, without a certificate`] : [];
  }
  const {lowerBound, ...proof} = certificate;
  const faults: string[] = [];
  if (differ(lowerBound / COST_UNITS, lowerBoundPerHour)) {
    faults.push(`lowerBoundPerHour is ${lowerBoundPerHour}, the certificate is for ${lowerBound / COST_UNITS}`);
  }
  const least = pending.length === 0 ? Math.min(costPerHour, packing.costPerHour) : packing.costPerHour;
  if (lowerBoundPerHour - least > ROUNDING)
    faults.push(`lowerBoundPerHour is ${lowerBoundPerHour}, a plan costs ${least}`);
  return [...faults, ...verifyBound(problem, proof as PackingCertificate, lowerBound)];
}

function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > ROUNDING;
}
