import {type BinType, NO_LIMITS, type PackingItem, type PackingProblem} from '../../planner/packingProblem.ts';

/** Reads the `.vbp` format: dimensions, one capacity, and items with a size and a demand each; every bin costs 1. */
export function readVbp(text: string): PackingProblem {
  const next = numbersOf(text);
  const dimensions = next();
  const capacity = times(dimensions, next);
  const items = times(next(), (index) => item(`item-${index}`, times(dimensions, next), next()));
  return problem(dimensions, items, [{name: 'bin', kind: 'bin', capacity, cost: 1, available: null}]);
}

/** Reads the `.mvp` format: several bins with a cost and a number (-1: any), and items that may come in several sizes. */
export function readMvp(text: string): PackingProblem {
  const next = numbersOf(text);
  const dimensions = next();
  const binTypes = times(next(), (index): BinType => {
    const capacity = times(dimensions, next);
    const cost = next();
    const available = next();
    return {name: `bin-${index}`, kind: `bin-${index}`, capacity, cost, available: available === -1 ? null : available};
  });
  const items: PackingItem[] = [];
  for (let left = next(), index = 0; left > 0; left--, index++) {
    const sizes = next();
    const demand = next();
    const first = items.length;
    for (let size = 0; size < sizes; size++) {
      const name = `item-${index}-${size}`;
      items.push({
        ...item(name, times(dimensions, next), size === 0 ? demand : 0),
        standsFor: size === 0 ? null : first,
      });
    }
  }
  return problem(dimensions, items, binTypes);
}

function numbersOf(text: string): () => number {
  const numbers = text.trim().split(/\s+/).map(Number);
  let position = 0;
  return () => {
    const value = numbers[position++];
    if (value === undefined || Number.isNaN(value)) throw new Error(`number ${position} is missing`);
    return value;
  };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({length: count}, (_, index) => make(index));
}

function item(name: string, size: readonly number[], count: number): PackingItem {
  return {name, size, count, maxPerBin: null, binTypes: null, standsFor: null};
}

function problem(dimensions: number, items: readonly PackingItem[], binTypes: readonly BinType[]): PackingProblem {
  return {
    dimensions: times(dimensions, (index) => `dimension-${index}`),
    items,
    binTypes,
    exclusions: [],
    limits: NO_LIMITS,
  };
}
