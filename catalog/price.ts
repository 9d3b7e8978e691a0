import type {InstanceType} from './instanceType.ts';

/** From this hour of a machine's life on, the hour costs this much. */
export interface PriceTier {
  readonly fromHour: number;
  readonly pricePerHour: number;
}

const HOURS_PER_MONTH = 730;

/**
 * What one machine costs that runs `hours` without a break, in the catalogue's currency; null when the price is unknown.
 * Tiers are in rising order, the first from hour 0.
 */
export function costOfHours(
  {pricePerHour, priceTiers}: Pick<InstanceType, 'pricePerHour' | 'priceTiers'>,
  hours: number,
): number | null {
  if (priceTiers === null) return pricePerHour === null ? null : pricePerHour * hours;
  return tieredCost(priceTiers, hours);
}

/** The price of an hour, averaged over a month of 730 hours without a break. */
export function averagePricePerHour(tiers: readonly PriceTier[]): number {
  return tieredCost(tiers, HOURS_PER_MONTH) / HOURS_PER_MONTH;
}

function tieredCost(tiers: readonly PriceTier[], hours: number): number {
  let cost = 0;
  for (const [index, {fromHour, pricePerHour}] of tiers.entries()) {
    const end = Math.min(hours, tiers[index + 1]?.fromHour ?? Number.POSITIVE_INFINITY);
    if (end > fromHour) cost += (end - fromHour) * pricePerHour;
  }
  return cost;
}
