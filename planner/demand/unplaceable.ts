import {ZONE_LABEL} from '../../model/labels.ts';
import type {PodClass} from '../../model/pod.ts';
import {amountOf, formatAmount, type Resources} from '../../model/resources.ts';
import type {NodeConstraint} from './eligibility.ts';
import {type Offering, offeringName, toNode} from './offering.ts';

/** Pods that no machine on offer can take. */
export interface Unplaceable {
  readonly podClass: PodClass;
  readonly pods: number;
  /** The smallest set of what it asks for that no machine satisfies together; of several, the first in this order. */
  readonly conflict: readonly string[];
  /** The machine that comes nearest, among those it may run on at all, and what that lacks; null where there is none. */
  readonly nearest: {readonly offering: string; readonly shortfall: Resources} | null;
}

/** Beyond this many at once, what is in the way is found by leaving out one by one. */
const LARGEST_SET = 3;

export function explainUnplaceable(
  podClass: PodClass,
  pods: number,
  constraints: readonly NodeConstraint[],
  offerings: readonly Offering[],
  roomIn: readonly Resources[],
): Unplaceable {
  const nodes = offerings.map((offering) => toNode(offering, '', offering.zone));
  const rules = [
    ...constraints.map(({text, allows}) => ({text, holds: offerings.map((one, index) => allows(nodes[index]!, one))})),
    ...Object.entries({...podClass.requests, pods: 1}).map(([name, amount]) => ({
      text: `${formatAmount(name, amount)} of ${name}`,
      holds: roomIn.map((room) => amountOf(room, name) >= amount),
    })),
  ];
  return {
    podClass,
    pods,
    conflict: smallestConflict(rules.map(({holds}) => holds)).map((index) => rules[index]!.text),
    nearest: nearestOffering(podClass, offerings, roomIn, (index) =>
      constraints.every((_constraint, rule) => rules[rule]!.holds[index]),
    ),
  };
}

/** Pods that refuse their own kind in a zone, of which there are more than zones. */
export function tooManyForZones(podClass: PodClass, pods: number, zones: number): Unplaceable {
  const conflict = [`anti-affinity to its own kind in ${ZONE_LABEL}`, zones === 1 ? '1 zone' : `${zones} zones`];
  return {podClass, pods, conflict, nearest: null};
}

/** Positions of the fewest rules that nothing satisfies together. */
export function smallestConflict(rules: readonly (readonly boolean[])[]): readonly number[] {
  return smallestSubset(
    rules.length,
    (chosen) => !(rules[0] ?? []).some((_, candidate) => chosen.every((rule) => rules[rule]![candidate])),
  );
}

/** The fewest of `count` positions that are in contradiction, given that all of them together are. */
export function smallestSubset(count: number, contradicts: (chosen: readonly number[]) => boolean): readonly number[] {
  for (let size = 1; size <= LARGEST_SET; size++) {
    const found = subsets(count, size).find(contradicts);
    if (found !== undefined) return found;
  }
  let left: readonly number[] = Array.from({length: count}, (_, index) => index);
  for (const index of left) {
    const without = left.filter((other) => other !== index);
    if (contradicts(without)) left = without;
  }
  return left;
}

function subsets(count: number, size: number, from = 0): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  const found: (readonly number[])[] = [];
  for (let first = from; first < count; first++) {
    for (const rest of subsets(count, size - 1, first + 1)) found.push([first, ...rest]);
  }
  return found;
}

function nearestOffering(
  {requests}: PodClass,
  offerings: readonly Offering[],
  roomIn: readonly Resources[],
  isAllowed: (index: number) => boolean,
): Unplaceable['nearest'] {
  let nearest: Unplaceable['nearest'] = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, offering] of offerings.entries()) {
    if (!isAllowed(index)) continue;
    const shortfall: Record<string, number> = {};
    let distance = 0;
    for (const [name, amount] of Object.entries({...requests, pods: 1})) {
      const missing = amount - amountOf(roomIn[index]!, name);
      if (missing <= 0) continue;
      shortfall[name] = missing;
      distance += missing / amount;
    }
    if (distance < least) {
      least = distance;
      nearest = {offering: offeringName(offering), shortfall};
    }
  }
  return nearest;
}
