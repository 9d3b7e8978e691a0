import {CPU, type Resources} from '../../model/resources.ts';

/** An amount of the scheduler as results have it: CPU in cores. */
export function inResultUnit(resource: string, amount: number): number {
  return resource === CPU ? amount / 1000 : amount;
}

/** Amounts of the scheduler as results have them, sorted by name. */
export function inResultUnits(amounts: Resources): Resources {
  const names = Object.keys(amounts).sort();
  return Object.fromEntries(names.map((name) => [name, inResultUnit(name, amounts[name]!)]));
}
