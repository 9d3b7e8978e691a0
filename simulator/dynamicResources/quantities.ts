import {addQuantities, type Quantity} from '../../model/quantity.ts';

export const ZERO: Quantity = {unscaled: 0n, scale: 0, format: 'DecimalSI'};

/** Exact difference; the first operand's format wins. */
export function subtractQuantities(a: Quantity, {unscaled, ...b}: Quantity): Quantity {
  return addQuantities(a, {...b, unscaled: -unscaled});
}

/** Adds to one of several amounts, in place. */
export function addTo(amounts: Map<string, Quantity>, name: string, amount: Quantity): void {
  const known = amounts.get(name);
  amounts.set(name, known === undefined ? amount : addQuantities(known, amount));
}
