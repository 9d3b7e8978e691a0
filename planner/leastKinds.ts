import type {PackingProblem} from './packingProblem.ts';

/** By item, the kinds of bins that can hold it; items of which there is none are left out. */
export function kindsByItem({items, binTypes}: PackingProblem): ReadonlyMap<number, ReadonlySet<string>> {
  const kindsOf = (item: number): ReadonlySet<string> => {
    const {size, binTypes: own} = items[item]!;
    const allowed = own === null ? binTypes : own.map((index) => binTypes[index]!);
    const held = allowed.filter(
      ({cost, capacity}) => cost !== null && size.every((amount, dimension) => amount <= capacity[dimension]!),
    );
    return new Set(held.map(({kind}) => kind));
  };
  const wanted = [...items.keys()].filter((item) => items[item]!.count > 0);
  return new Map(wanted.map((item) => [item, kindsOf(item)]));
}

/** The fewest kinds of which each set has one, empty ones aside; as many bins of each as are wanted then hold everything. */
export function fewestKinds(sets: readonly ReadonlySet<string>[]): readonly string[] {
  const wanted = sets.filter(({size}) => size > 0);
  const distinct = [...new Map(wanted.map((kinds) => [[...kinds].sort().join('\n'), kinds])).values()];
  const least = distinct.filter((kinds) => !distinct.some((other) => other !== kinds && other.isSubsetOf(kinds)));
  for (let most = 0; ; most++) {
    const found = chosenKinds(least, most);
    if (found !== null) return found;
  }
}

function chosenKinds(sets: readonly ReadonlySet<string>[], most: number): readonly string[] | null {
  const [first] = sets.toSorted((a, b) => a.size - b.size);
  if (first === undefined) return [];
  if (most === 0) return null;
  // Kinds that are in the same sets are as good as each other.
  const tried = new Set<string>();
  for (const kind of first) {
    const left = sets.filter((kinds) => !kinds.has(kind));
    const key = left.map((kinds) => sets.indexOf(kinds)).join();
    if (tried.has(key)) continue;
    tried.add(key);
    const rest = chosenKinds(left, most - 1);
    if (rest !== null) return [kind, ...rest];
  }
  return null;
}
