import type {PackingItem, PackingProblem} from '../packingProblem.ts';
import type {PackedBins} from '../packingSolution.ts';

/** Bins of one type that are filled alike, while more is put into them. */
interface BinGroup {
  readonly binType: number;
  readonly used: readonly number[];
  /** Counts by item. */
  readonly items: ReadonlyMap<number, number>;
  readonly times: number;
}

/**
 * Bins in the order in which they were opened, filled first fit. Bins that hold the same are kept as one, so that the
 * work does not grow with the number of copies.
 */
export class OpenBins {
  readonly #problem: PackingProblem;
  readonly #excludes: ReadonlyMap<number, ReadonlySet<number>>;
  readonly #mayHold: (binType: number, item: number) => boolean;
  #groups: BinGroup[] = [];

  constructor(problem: PackingProblem, mayHold: (binType: number, item: number) => boolean) {
    this.#problem = problem;
    this.#excludes = excluded(problem);
    this.#mayHold = mayHold;
  }

  /** Bins opened so far. */
  get count(): number {
    return this.#groups.reduce((sum, {times}) => sum + times, 0);
  }

  get solution(): readonly PackedBins[] {
    return this.#groups.map(({binType, items, times}) => ({
      binType,
      items: [...items].map(([item, count]) => ({item, count})).sort((a, b) => a.item - b.item),
      times,
    }));
  }

  /** Puts copies of an item into open bins, each into the first with room; the number that found none. */
  fill(item: number, count: number): number {
    let left = count;
    const groups: BinGroup[] = [];
    for (const [index, group] of this.#groups.entries()) {
      if (left === 0) {
        groups.push(...this.#groups.slice(index));
        break;
      }
      const room = Math.min(left, this.#roomIn(group, item));
      if (room === 0) {
        groups.push(group);
        continue;
      }
      const full = Math.min(group.times, Math.floor(left / room));
      groups.push({...this.#with(group, item, room), times: full});
      left -= full * room;
      const part = full < group.times ? left : 0;
      if (part > 0) groups.push({...this.#with(group, item, part), times: 1});
      left -= part;
      const untouched = group.times - full - (part > 0 ? 1 : 0);
      if (untouched > 0) groups.push({...group, times: untouched});
    }
    this.#groups = groups;
    return left;
  }

  /** Puts copies of an item into new bins of a type, at most so many; the number of copies that are left. */
  open(binType: number, item: number, count: number, most: number): number {
    const empty = {binType, used: this.#problem.dimensions.map(() => 0), items: new Map(), times: 1};
    const room = Math.min(count, this.#roomIn(empty, item));
    const bins = room === 0 ? 0 : Math.min(most, Math.ceil(count / room));
    if (bins === 0) return count;
    const packed = Math.min(count, bins * room);
    const full = Math.floor(packed / room);
    this.#groups.push({...this.#with(empty, item, room), times: full});
    if (packed > full * room) this.#groups.push(this.#with(empty, item, packed - full * room));
    return count - packed;
  }

  #roomIn({binType, used, items}: BinGroup, item: number): number {
    if (!this.#mayHold(binType, item)) return 0;
    const {size, maxPerBin} = this.#problem.items[item]!;
    const {capacity} = this.#problem.binTypes[binType]!;
    let room = maxPerBin === null ? Number.POSITIVE_INFINITY : maxPerBin - (items.get(item) ?? 0);
    for (let d = 0; d < size.length && room > 0; d++) {
      if (size[d]! > 0) room = Math.min(room, Math.floor((capacity[d]! - used[d]!) / size[d]!));
    }
    if (room <= 0) return 0;
    const enemies = this.#excludes.get(item);
    if (enemies !== undefined && [...items.keys()].some((other) => enemies.has(other))) return 0;
    return room;
  }

  #with({binType, used, items, times}: BinGroup, item: number, count: number): BinGroup {
    const {size} = this.#problem.items[item]!;
    return {
      binType,
      used: used.map((amount, d) => amount + size[d]! * count),
      items: new Map(items).set(item, (items.get(item) ?? 0) + count),
      times,
    };
  }
}

/** Which items never share a bin with which. */
export function excluded({exclusions}: PackingProblem): ReadonlyMap<number, ReadonlySet<number>> {
  const excludes = new Map<number, Set<number>>();
  const add = (a: number, b: number): void => {
    const known = excludes.get(a);
    if (known === undefined) excludes.set(a, new Set([b]));
    else known.add(b);
  };
  for (const [a, b] of exclusions) {
    add(a, b);
    add(b, a);
  }
  return excludes;
}

/** Whether a bin type may hold an item, and has a price, so that it can be bought. */
export function eligibility({items, binTypes}: PackingProblem): (binType: number, item: number) => boolean {
  const allowed = items.map(({binTypes: own}: PackingItem) => {
    const marks = new Uint8Array(binTypes.length).fill(own === null ? 1 : 0);
    for (const binType of own ?? []) marks[binType] = 1;
    for (const [binType, {cost}] of binTypes.entries()) if (cost === null) marks[binType] = 0;
    return marks;
  });
  return (binType, item) => allowed[item]![binType] === 1;
}
