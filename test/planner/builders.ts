import {type BinType, NO_LIMITS, type PackingItem, type PackingProblem} from '../../planner/packingProblem.ts';

export function item(
  name: string,
  size: readonly number[],
  count: number,
  rules: Partial<PackingItem> = {},
): PackingItem {
  return {name, size, count, maxPerBin: null, binTypes: null, standsFor: null, ...rules};
}

export function binType(
  name: string,
  capacity: readonly number[],
  cost: number | null,
  rules: Partial<BinType> = {},
): BinType {
  return {name, capacity, cost, available: null, kind: name, ...rules};
}

export function problem(
  items: readonly PackingItem[],
  binTypes: readonly BinType[],
  rules: Partial<PackingProblem> = {},
): PackingProblem {
  const dimensions = Array.from({length: binTypes[0]?.capacity.length ?? 1}, (_, index) => `dimension-${index}`);
  return {dimensions, items, binTypes, exclusions: [], limits: NO_LIMITS, ...rules};
}
