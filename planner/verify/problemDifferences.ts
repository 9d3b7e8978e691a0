import type {BinType, PackingItem, PackingProblem} from '../packingProblem.ts';

/** How a problem that was stored differs from the one that the input makes; in words, none if they are the same. */
export function problemDifferences(stored: PackingProblem, made: PackingProblem): readonly string[] {
  if (stored.dimensions.join() !== made.dimensions.join()) {
    return [`the plan counts ${stored.dimensions.join(', ')}, the input asks for ${made.dimensions.join(', ')}`];
  }
  return [
    ...compared('item', named(stored.items), named(made.items), (a, b) => [
      ...amountDifferences(stored.dimensions, a.size, b.size),
      ...difference('copies', a.count, b.count),
      ...difference('copies in one bin at most', a.maxPerBin, b.maxPerBin),
      ...difference('what it stands for', itemName(stored, a.standsFor), itemName(made, b.standsFor)),
      ...typeDifferences(stored, a, made, b),
    ]),
    ...compared('bin type', named(stored.binTypes), named(made.binTypes), (a, b) => [
      ...amountDifferences(stored.dimensions, a.capacity, b.capacity),
      ...difference('cost', a.cost, b.cost),
      ...difference('available', a.available, b.available),
      ...difference('kind', a.kind, b.kind),
    ]),
    ...difference('pairs that exclude each other', pairsOf(stored), pairsOf(made)),
    ...difference('limits', JSON.stringify(stored.limits), JSON.stringify(made.limits)),
  ];
}

/** By name; of several with the same, the second is `NAME (2)`. */
function named<T extends PackingItem | BinType>(all: readonly T[]): ReadonlyMap<string, T> {
  const seen = new Map<string, number>();
  return new Map(
    all.map((one) => {
      const times = (seen.get(one.name) ?? 0) + 1;
      seen.set(one.name, times);
      return [times === 1 ? one.name : `${one.name} (${times})`, one];
    }),
  );
}

function compared<T>(
  what: string,
  stored: ReadonlyMap<string, T>,
  made: ReadonlyMap<string, T>,
  differencesOf: (stored: T, made: T) => readonly string[],
): readonly string[] {
  const missing = [...made.keys()].filter((name) => !stored.has(name));
  return [
    ...missing.map((name) => `${what} ${name}: not in the plan`),
    ...[...stored].flatMap(([name, one]) => {
      const other = made.get(name);
      return other === undefined
        ? [`${what} ${name}: not in the input`]
        : differencesOf(one, other).map((text) => `${what} ${name}: ${text}`);
    }),
  ];
}

function difference<T>(what: string, stored: T, made: T): readonly string[] {
  return stored === made ? [] : [`${what}: ${stored} in the plan, ${made} by the input`];
}

function amountDifferences(dimensions: readonly string[], stored: readonly number[], made: readonly number[]) {
  return dimensions.flatMap((name, index) => difference(name, stored[index], made[index]));
}

function itemName({items}: PackingProblem, item: number | null): string | null {
  return item === null ? null : items[item]!.name;
}

function typeDifferences(
  stored: PackingProblem,
  {binTypes: a}: PackingItem,
  made: PackingProblem,
  {binTypes: b}: PackingItem,
): readonly string[] {
  const before = typeNames(stored, a);
  const after = typeNames(made, b);
  const kept = [...before].filter((name) => !after.has(name));
  const added = [...after].filter((name) => !before.has(name));
  return [
    ...(kept.length === 0 ? [] : [`may be on ${listed(kept)} in the plan, but not by the input`]),
    ...(added.length === 0 ? [] : [`may be on ${listed(added)} by the input, but not in the plan`]),
  ];
}

function typeNames({binTypes}: PackingProblem, allowed: readonly number[] | null): ReadonlySet<string> {
  return new Set((allowed ?? [...binTypes.keys()]).map((index) => binTypes[index]!.name));
}

const MOST_NAMES = 3;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more <= 0 ? names.join(', ') : `${names.slice(0, MOST_NAMES).join(', ')} and ${more} more`;
}

function pairsOf({items, exclusions}: PackingProblem): string {
  const pairs = exclusions.map((pair) =>
    pair
      .map((item) => items[item]!.name)
      .sort()
      .join(' and '),
  );
  return pairs.length === 0 ? 'none' : [...new Set(pairs)].sort().join(', ');
}
