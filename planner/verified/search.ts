/** From a packing to a fleet on which the scheduler, in its own way, leaves nothing pending. */
import {uniformInt} from 'pure-rand/distribution/uniformInt';
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus';
import type {Demand} from '../demand/demand.ts';
import {keepsToLimits} from '../keepsToLimits.ts';
import {changed, type NodeCounts, pricePerHour} from './nodeCounts.ts';
import {paletteOf, type Swatch} from './palette.ts';
import type {Outcome, Replay} from './replay.ts';

export interface SearchOptions {
  /** Fleets to try at most, so that the outcome is the same on every machine. */
  readonly tries: number;
  readonly seed: number;
  /** No fleet that costs less can hold, in the catalogue's currency in an hour. */
  readonly lowerBound: number;
  /** What a node costs beside its price where their number is limited, as the prices of items have it; absent: nothing. */
  readonly nodeFee?: number;
  /** Once it says true, the rest of the search goes to taking away what the best fleet can do without. */
  shouldTrim(): boolean;
  shouldStop(): boolean;
  /** Called with the price of each better fleet. */
  readonly onBetter?: (price: number) => void;
}

/** A fleet with what the scheduler makes of it. */
export interface Candidate {
  readonly counts: NodeCounts;
  readonly pricePerHour: number;
  readonly outcome: Outcome;
}

/** What is missing counts this many times its worth, at first and at the end: early on a way may lead through need. */
const PENALTY = {first: 2, last: 8} as const;
/** As a share of the starting price: how much worse a step may be at first. */
const WARMTH = 0.003;
/** Sums of prices differ in their last places. */
const SAME_PRICE = 1e-9;
/** Machines of so many types are tried as the whole fleet. */
const UNIFORM_STARTS = 12;
/** Those of them that are made larger until nothing is pending, in steps of this factor. */
const GROWN_STARTS = 3;
const GROWTH = 1.04;
const LARGEST_GROWTH = 4;
/** Machines that help for a price so much above the best are as good. */
const HELPFUL_RATIO = 1.08;
/** Where no more fleets than this are cheaper than the best, all of them are tried. */
const MOST_CHEAPER = 500;
/** Changes that are drawn before the search stays where it is, where limits forbid most of them. */
const MOST_DRAWS = 30;
/** Part of the tries that the last, systematic round may take. */
const LAST_ROUND = 0.3;

/**
 * The cheapest fleet within the limits that was found to leave nothing pending, else the one that leaves least. Starts from the given
 * fleets and from fleets of one machine, goes on by small random changes that may be for the worse at first, and ends by
 * taking away and making smaller what it can.
 */
export function searchFleet(
  replay: Replay,
  starts: readonly NodeCounts[],
  prices: readonly number[],
  options: SearchOptions,
): Candidate {
  return new Search(replay, prices, options).run(starts);
}

class Search {
  readonly #replay: Replay;
  readonly #demand: Demand;
  readonly #options: SearchOptions;
  readonly #palette: readonly Swatch[];
  readonly #prices: readonly number[];
  readonly #nodeFee: number;
  readonly #draw: (count: number) => number;
  #best: Candidate | null = null;

  constructor(replay: Replay, prices: readonly number[], options: SearchOptions) {
    const generator = xoroshiro128plus(options.seed);
    this.#replay = replay;
    this.#demand = replay.demand;
    this.#options = options;
    this.#prices = prices;
    this.#nodeFee = options.nodeFee ?? 0;
    this.#palette = paletteOf(replay.demand, prices, this.#nodeFee);
    this.#draw = (count) => uniformInt(generator, 0, count - 1);
  }

  run(given: readonly NodeCounts[]): Candidate {
    const starts = given.map(this.#redundant, this).flatMap((counts) => this.#try(counts) ?? []);
    let current = best([...starts, ...given.slice(0, 1).flatMap((first) => this.#uniformStarts(first))], PENALTY.first);
    if (this.#best === null) current = this.#repaired(current);
    const warmth = current.pricePerHour * WARMTH;
    const until = this.#options.tries * (1 - LAST_ROUND);
    // Where there are few fleets to try, the same ones come again.
    for (let step = 0; step < until && !this.#isOver(until) && !this.#options.shouldTrim(); step++) {
      const share = this.#replay.tries / until;
      const penalty = PENALTY.first + (PENALTY.last - PENALTY.first) * share;
      const next = this.#try(this.#neighbour(current.counts)) ?? current;
      const slack = warmth * (1 - share) * (this.#draw(1000) / 1000);
      if (score(next, penalty) <= score(current, penalty) + slack) current = next;
    }
    return this.#best === null ? current : this.#withoutDoubt(this.#trimmed(this.#best));
  }

  #isOver(until: number): boolean {
    return this.#replay.tries >= until || this.#options.shouldStop();
  }

  #keepsToLimits(counts: NodeCounts): boolean {
    return keepsToLimits(this.#demand.problem, counts);
  }

  /** null: it breaks a limit. */
  #try(counts: NodeCounts): Candidate | null {
    if (!this.#keepsToLimits(counts)) return null;
    const outcome = this.#replay.run(counts);
    const candidate = {counts, pricePerHour: pricePerHour(counts, this.#demand), outcome};
    const isWhole = outcome.pending.length === 0;
    if (isWhole && (this.#best === null || candidate.pricePerHour < this.#best.pricePerHour)) {
      this.#best = candidate;
      this.#options.onBetter?.(candidate.pricePerHour);
    }
    return candidate;
  }

  /**
   * Fleets of one machine that cost what the demand is worth, and those of the most promising of them that are larger:
   * what is tainted stays as it is in the first, and labels are given to as many nodes as their pods are worth.
   */
  #uniformStarts(first: NodeCounts): readonly Candidate[] {
    const {offerings} = this.#demand;
    const kept = new Map([...first].filter(([offering]) => offerings[offering]!.pool.taints.length > 0));
    const {items} = this.#demand.problem;
    const worth = items.reduce((sum, {count}, item) => sum + count * this.#prices[item]!, 0);
    const budget = Math.max(0, worth - pricePerHour(kept, this.#demand));
    const names = new Set(
      this.#palette
        .filter(({offering}) => offerings[offering]!.pool.isGeneral)
        .map(({offering}) => offerings[offering]!.machine.instanceType.name),
    );
    const shares = this.#placeShares();
    const found = [...names].slice(0, UNIFORM_STARTS).flatMap((name) => {
      if (this.#isOver(this.#options.tries)) return [];
      const candidate = this.#try(this.#uniform(name, budget, kept, shares));
      return candidate === null ? [] : [{name, candidate}];
    });
    found.sort((a, b) => score(a.candidate, PENALTY.first) - score(b.candidate, PENALTY.first));
    const grown = found.slice(0, GROWN_STARTS).flatMap(({name}) => {
      const larger: Candidate[] = [];
      for (let factor = GROWTH; factor < LARGEST_GROWTH; factor *= GROWTH) {
        if (this.#isOver(this.#options.tries)) break;
        const candidate = this.#try(this.#uniform(name, budget * factor, kept, shares));
        if (candidate === null) break;
        larger.push(candidate);
        if (candidate.outcome.pending.length === 0) break;
      }
      return larger;
    });
    return [...found.map(({candidate}) => candidate), ...grown];
  }

  #uniform(name: string, budget: number, kept: NodeCounts, shares: ReadonlyMap<string, number>): NodeCounts {
    let counts = kept;
    for (const [offering, {machine, pool, zone}] of this.#demand.offerings.entries()) {
      const share = shares.get(placeOf(pool.name, zone));
      if (machine.instanceType.name !== name || pool.taints.length > 0 || share === undefined) continue;
      counts = changed(
        counts,
        offering,
        Math.max(1, Math.round((budget * share) / (machine.pricePerHour + this.#nodeFee))),
      );
    }
    return this.#redundant(counts);
  }

  /** Where something may fail, no pool hangs on one node: its only one gets a second, which is in the next zone. */
  #redundant(counts: NodeCounts): NodeCounts {
    const {node, zone} = this.#replay.losses;
    if (!node && !zone) return counts;
    const {offerings} = this.#demand;
    const pools = Map.groupBy(counts.keys(), (offering) => offerings[offering]!.pool);
    let redundant = counts;
    for (const own of pools.values()) {
      const [only] = own;
      if (own.length === 1 && counts.get(only!) === 1) redundant = changed(redundant, only!, 1);
    }
    return this.#keepsToLimits(redundant) ? redundant : counts;
  }

  /** What share of the demand's worth has to be in each pool and zone without taints. */
  #placeShares(): ReadonlyMap<string, number> {
    const {problem, offerings} = this.#demand;
    const places = offerings.map(({pool, zone}) => placeOf(pool.name, zone));
    const open = new Set(places.filter((_, index) => offerings[index]!.pool.taints.length === 0));
    const general = new Set(places.filter((_, index) => offerings[index]!.pool.isGeneral));
    const worth = new Map([...open].map((place) => [place, 0]));
    for (const [item, {count, binTypes}] of problem.items.entries()) {
      const allowed = new Set((binTypes ?? [...places.keys()]).map((index) => places[index]!));
      const own = [...open].filter((place) => allowed.has(place));
      // Pods that select no pool belong in the general one.
      const unlabelled = own.filter((place) => general.has(place));
      const taken = unlabelled.length > 0 ? unlabelled : own;
      for (const place of taken) worth.set(place, worth.get(place)! + (count * this.#prices[item]!) / taken.length);
    }
    const sum = [...worth.values()].reduce((a, b) => a + b, 0);
    return new Map([...worth].filter(([, value]) => value > 0).map(([place, value]) => [place, value / sum]));
  }

  /** Adds what helps most for its price until nothing is pending, or nothing helps; where no more may be added, exchanges. */
  #repaired(start: Candidate): Candidate {
    let current = start;
    // Even where time is up: a fleet that does not hold is no answer, and this comes to one in few steps.
    while (current.outcome.pending.length > 0 && this.#replay.tries < this.#options.tries) {
      const next = this.#larger(current);
      const candidate = next === null ? null : this.#try(next);
      if (candidate === null) break;
      current = candidate;
    }
    return current;
  }

  /** With more of what helps most, else with a larger machine in place of one; null: the limits allow neither. */
  #larger({counts, outcome}: Candidate): NodeCounts | null {
    const [offering, nodes] = this.#helpful(counts, outcome) ?? [-1, 0];
    if (offering < 0) return this.#exchangedForLarger(counts, outcome.missing);
    for (let more = nodes; more > 1; more = Math.floor(more / 2)) {
      const next = changed(counts, offering, more);
      if (this.#keepsToLimits(next)) return next;
    }
    return changed(counts, offering, 1);
  }

  /** The cheapest exchange of one machine that gains as much worth as is missing, else the one that gains most. */
  #exchangedForLarger(counts: NodeCounts, missing: number): NodeCounts | null {
    const {offerings} = this.#demand;
    const worth = new Map(
      this.#palette.map(({offering, pricePerHour: price, ratio}) => [offering, (price + this.#nodeFee) / ratio]),
    );
    const worthOf = (offering: number): number =>
      worth.get(offering) ?? offerings[offering]!.machine.pricePerHour + this.#nodeFee;
    let chosen: {readonly counts: NodeCounts; readonly gain: number; readonly price: number} | null = null;
    for (const own of counts.keys()) {
      for (const {offering: other, pricePerHour: price} of this.#palette) {
        const gain = Math.min(missing, worthOf(other) - worthOf(own));
        const more = price - offerings[own]!.machine.pricePerHour;
        if (gain <= 0 || more <= 0) continue;
        if (chosen !== null && (gain < chosen.gain || (gain === chosen.gain && more >= chosen.price))) continue;
        const next = changed(changed(counts, own, -1), other, 1);
        if (this.#keepsToLimits(next)) chosen = {counts: next, gain, price: more};
      }
    }
    return chosen?.counts ?? null;
  }

  /** The offering that holds most of what is pending for its price, and how many would be full of it. */
  #helpful(owned: NodeCounts, {pending}: Outcome): readonly [offering: number, nodes: number] | null {
    const {problem, shapes} = this.#demand;
    const counts = problem.items.map(() => 0);
    const itemOf = new Map(shapes.flatMap(({classes}, item) => classes.map((podClass) => [podClass, item] as const)));
    for (const {pod} of pending) {
      const item = itemOf.get(this.#replay.original(pod.class));
      if (item !== undefined) counts[item] = counts[item]! + 1;
    }
    const isAllowed = ({offering}: Swatch): boolean => this.#keepsToLimits(changed(owned, offering, 1));
    // Only pods of DaemonSets are left, for which any room will do.
    if (counts.every((count) => count === 0)) {
      const any = this.#palette.find(isAllowed);
      return any === undefined ? null : [any.offering, 1];
    }
    const needed = problem.items.map((item, index) => ({...item, count: counts[index]!}));
    const needs = {...this.#demand, problem: {...problem, items: needed}};
    const swatches = paletteOf(needs, this.#prices, this.#nodeFee).filter(isAllowed);
    if (swatches[0] === undefined) return null;
    const worth = needed.reduce((sum, {count}, item) => sum + count * this.#prices[item]!, 0);
    const limit = swatches[0].ratio * HELPFUL_RATIO;
    // Of those that do about as well, the largest that would be full: fewer nodes leave less room unused.
    const chosen = swatches
      .filter(({ratio, pricePerHour: price}) => ratio <= limit && (price + this.#nodeFee) / ratio <= worth)
      .reduce((a, b) => (b.pricePerHour > a.pricePerHour ? b : a), swatches[0]);
    const each = (chosen.pricePerHour + this.#nodeFee) / chosen.ratio;
    return [chosen.offering, Math.max(1, Math.floor(worth / each / 2))];
  }

  /** A small change that keeps to the limits; none where that is hard to come by. */
  #neighbour(counts: NodeCounts): NodeCounts {
    for (let drawn = 0; drawn < MOST_DRAWS; drawn++) {
      const next = this.#drawnNear(counts);
      if (this.#keepsToLimits(next)) return next;
    }
    return counts;
  }

  /** One machine more, one fewer, or one in place of another; where types are limited, at times all of one type. */
  #drawnNear(counts: NodeCounts): NodeCounts {
    const owned = [...counts.keys()];
    const any = (): number => this.#palette[this.#draw(this.#palette.length)]!.offering;
    const own = (): number => owned[this.#draw(owned.length)]!;
    if (this.#demand.problem.limits.kinds !== null && owned.length > 0 && this.#draw(10) === 0) {
      return this.#retyped(counts, own(), any());
    }
    const kind = this.#draw(10);
    if (kind < 2 || owned.length === 0) return changed(counts, any(), 1);
    if (kind < 4) return changed(counts, own(), -1);
    if (kind < 5) return this.#relabelled(counts, own());
    const one = own();
    const swapped = changed(changed(counts, one, -1), any(), 1);
    return kind < 8 ? swapped : changed(swapped, any(), 1);
  }

  /** All machines of the type of one offering as those of another for about as much, each in its pool and zone. */
  #retyped(counts: NodeCounts, from: number, to: number): NodeCounts {
    const {offerings} = this.#demand;
    const nameOf = (offering: number): string => offerings[offering]!.machine.instanceType.name;
    const twins = new Map(
      offerings.flatMap(({pool, zone}, index) =>
        nameOf(index) === nameOf(to) ? [[placeOf(pool.name, zone), index] as const] : [],
      ),
    );
    let retyped = counts;
    for (const [offering, count] of counts) {
      const {pool, zone, machine} = offerings[offering]!;
      const twin = twins.get(placeOf(pool.name, zone));
      if (nameOf(offering) !== nameOf(from) || twin === undefined) continue;
      const price = machine.pricePerHour / offerings[twin]!.machine.pricePerHour;
      retyped = changed(changed(retyped, offering, -count), twin, Math.max(1, Math.round(count * price)));
    }
    return retyped;
  }

  /** The same machine in another pool or zone. */
  #relabelled(counts: NodeCounts, offering: number): NodeCounts {
    const {offerings} = this.#demand;
    const {name} = offerings[offering]!.machine.instanceType;
    const twins = offerings.flatMap((one, index) =>
      one.machine.instanceType.name === name && index !== offering ? [index] : [],
    );
    if (twins.length === 0) return counts;
    return changed(changed(counts, offering, -1), twins[this.#draw(twins.length)]!, 1);
  }

  /** Takes away what is not needed, and puts smaller machines for larger ones, the largest saving first. */
  #trimmed(best: Candidate): Candidate {
    let current = best;
    let isBetter = true;
    while (isBetter) {
      isBetter = false;
      for (const step of this.#savings(current.counts)) {
        if (this.#isOver(this.#options.tries)) return current;
        const next = this.#try(step);
        if (next === null || next.outcome.pending.length > 0) continue;
        current = next;
        isBetter = true;
        break;
      }
    }
    return current;
  }

  /** The cheapest of all fleets of the palette, where so few are cheaper than the best that each can be tried. */
  #withoutDoubt(best: Candidate): Candidate {
    const cheaper = this.#cheaperFleets(best.pricePerHour) ?? [];
    for (const counts of cheaper) {
      if (this.#options.shouldStop()) break;
      const candidate = this.#try(counts);
      if (candidate?.outcome.pending.length === 0) return candidate;
    }
    return best;
  }

  /** Fleets from the lower bound up to below a price, the cheapest first; null: too many. */
  #cheaperFleets(price: number): readonly NodeCounts[] | null {
    const {offerings} = this.#demand;
    const found: NodeCounts[] = [];
    let steps = 0;
    const extend = (from: number, counts: NodeCounts, spent: number): boolean => {
      for (let index = from; index < this.#palette.length; index++) {
        const {offering} = this.#palette[index]!;
        const sum = spent + offerings[offering]!.machine.pricePerHour;
        if (sum > price - SAME_PRICE) continue;
        steps++;
        const next = changed(counts, offering, 1);
        if (!this.#keepsToLimits(next)) continue;
        if (sum > this.#options.lowerBound - SAME_PRICE) found.push(next);
        if (found.length > MOST_CHEAPER || steps > MOST_CHEAPER * 10) return false;
        if (!extend(index, next, sum)) return false;
      }
      return true;
    };
    if (!extend(0, new Map(), 0)) return null;
    const priceOf = (counts: NodeCounts): number => pricePerHour(counts, this.#demand);
    return found
      .map((counts) => ({counts, price: priceOf(counts)}))
      .sort((a, b) => a.price - b.price)
      .map(({counts}) => counts);
  }

  /** Cheaper fleets: one machine fewer, or another one for one or more of a kind; the cheapest first. */
  #savings(counts: NodeCounts): readonly NodeCounts[] {
    const {offerings} = this.#demand;
    const steps: {readonly counts: NodeCounts; readonly saving: number}[] = [];
    for (const [offering, count] of counts) {
      const {machine} = offerings[offering]!;
      steps.push({counts: changed(counts, offering, -1), saving: machine.pricePerHour});
      for (const {offering: other, pricePerHour: price} of this.#palette) {
        // As few of its kind as cost more than the other.
        const times = Math.floor(price / machine.pricePerHour + 1e-9) + 1;
        if (other === offering || times > count) continue;
        steps.push({
          counts: changed(changed(counts, offering, -times), other, 1),
          saving: times * machine.pricePerHour - price,
        });
      }
    }
    return steps.sort((a, b) => b.saving - a.saving).map(({counts: step}) => step);
  }
}

function score({pricePerHour: price, outcome}: Candidate, penalty: number): number {
  return price + penalty * outcome.missing;
}

function best(candidates: readonly Candidate[], penalty: number): Candidate {
  return candidates.reduce((a, b) => (score(b, penalty) < score(a, penalty) ? b : a));
}

function placeOf(pool: string, zone: string | null): string {
  return `${pool}@${zone}`;
}
