import type {PackingProblem} from '../packingProblem.ts';

/** What does not hang together in a problem that was read from a file; the faults in words, none if all of it does. */
export function malformedProblem({dimensions, items, binTypes, exclusions, limits}: PackingProblem): readonly string[] {
  const faults: string[] = [];
  const expectLength = (what: string, {length}: readonly unknown[], expected: number): void => {
    if (length !== expected) faults.push(`${what}: ${length} numbers, not ${expected}`);
  };
  const expectIndex = (what: string, index: number, {length}: readonly unknown[]): void => {
    if (index >= length) faults.push(`${what}: ${index} is beyond the last of ${length}`);
  };
  for (const {name, size, binTypes: allowed, standsFor} of items) {
    expectLength(`size of ${name}`, size, dimensions.length);
    for (const index of allowed ?? []) expectIndex(`bin types of ${name}`, index, binTypes);
    if (standsFor === null) continue;
    expectIndex(`what ${name} stands for`, standsFor, items);
    if ((items[standsFor]?.standsFor ?? null) !== null) faults.push(`${name} stands for what stands for another`);
  }
  for (const {name, capacity} of binTypes) expectLength(`capacity of ${name}`, capacity, dimensions.length);
  for (const pair of exclusions) for (const item of pair) expectIndex('an exclusion', item, items);
  if (limits.largestBin !== null) expectLength('the largest bin', limits.largestBin, dimensions.length);
  for (const {name, weights} of limits.budgets) expectLength(`weights of ${name}`, weights, binTypes.length);
  return faults;
}
