import {CPU, formatAmount} from '../../model/resources.ts';
import {formatResource} from '../../results/format.ts';

/** `; r5.4xlarge comes nearest and lacks 12 GiB of memory`: what the nearest machine lacks, in the scheduler's units. */
export function nearestText(instanceType: string, shortfall: Readonly<Record<string, number>>): string {
  const lacking = Object.entries(shortfall).map(
    ([name, amount]) => `${name === CPU ? formatAmount(CPU, amount) : formatResource(name, amount)} of ${name}`,
  );
  return lacking.length === 0 ? '' : `; ${instanceType} comes nearest and lacks ${lacking.join(' and ')}`;
}
