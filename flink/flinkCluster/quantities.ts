import {parseQuantity, type Quantity, scaledValue} from '../../model/quantity.ts';
import type {Resources} from './clusterSpec.ts';

const ZERO: Readonly<Record<'cpu' | 'memory', Quantity>> = {
  cpu: {unscaled: 0n, scale: 0, format: 'DecimalSI'},
  memory: {unscaled: 0n, scale: 0, format: 'BinarySI'},
};

/** The quantity of that name; zero in the resource's own format where there is none. */
export function resourceQuantity(list: Readonly<Record<string, string>> | undefined, name: 'cpu' | 'memory'): Quantity {
  return quantity(list, name) ?? ZERO[name];
}

export function quantity(list: Readonly<Record<string, string>> | undefined, name: string): Quantity | undefined {
  const text = list !== undefined && Object.hasOwn(list, name) ? list[name] : undefined;
  return text === undefined ? undefined : parseQuantity(text);
}

/** Spotify's measure of a container: the limit, or the request where there is none or it is zero. */
export function upperBound({requests, limits}: Resources, name: 'cpu' | 'memory'): Quantity {
  const limit = resourceQuantity(limits, name);
  return limit.unscaled === 0n ? resourceQuantity(requests, name) : limit;
}

/** In whole units, rounded away from zero. */
export function wholeUnits(value: Quantity | undefined): bigint {
  return value === undefined ? 0n : scaledValue(value, 0);
}

/** Bytes of a quantity written alone. */
export function bytesOf(text: string): bigint {
  return wholeUnits(parseQuantity(text));
}
