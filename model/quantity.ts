/**
 * Kubernetes quantities, to apimachinery's grammar and rounding (`k8s.io/apimachinery/pkg/api/resource`).
 *
 * A quantity is a signed decimal number with a suffix: none, decimal (n u m k M G T P E), binary (Ki … Ei) or an
 * exponent (e3, E-2). It is kept as `unscaled * 10^scale`, exactly, so that sums never pass through a float.
 */

/** How a quantity was written, and so how its canonical form is printed. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** The value `unscaled * 10^scale`; `scale` lies in -9…, as Kubernetes keeps nothing finer than a nano. */
export interface Quantity {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly format: QuantityFormat;
}

/** The largest value Kubernetes holds; anything above it is taken as this. */
const MAX_VALUE = 2n ** 63n - 1n;
const NANO = -9;

const DECIMAL_EXPONENT: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const DECIMAL_SUFFIX = new Map(Object.entries(DECIMAL_EXPONENT).map(([suffix, exponent]) => [exponent, suffix]));
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;

/** sign, digits before the point, digits after it, suffix. */
const GRAMMAR = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
/** Exponents beyond these overflow or vanish in any case; the limit keeps `1e999999999` from building a huge number. */
const LARGEST_EXPONENT = 100;

/** Reads a quantity; `undefined` when the text is not one. A number is read as its shortest decimal text, as JSON does. */
export function parseQuantity(text: string | number): Quantity | undefined {
  const match = GRAMMAR.exec(typeof text === 'number' ? String(text) : text.trim());
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', leadingFraction = '', suffix = ''] = match;
  const decimals = fraction + leadingFraction;
  let unscaled = BigInt(whole + decimals || '0');
  let scale = -decimals.length;
  let format: QuantityFormat = 'DecimalSI';
  if (suffix.endsWith('i')) {
    format = 'BinarySI';
    unscaled <<= BigInt(BINARY_SUFFIXES.indexOf(suffix as (typeof BINARY_SUFFIXES)[number]) * 10);
  } else if (suffix.length > 1) {
    format = 'DecimalExponent';
    const exponent = Number(suffix.slice(1));
    if (Math.abs(exponent) > LARGEST_EXPONENT + decimals.length + whole.length) {
      if (unscaled === 0n) return {unscaled: 0n, scale: 0, format};
      unscaled = exponent > 0 ? MAX_VALUE : 1n;
      scale = exponent > 0 ? 0 : NANO;
    } else scale += exponent;
  } else scale += DECIMAL_EXPONENT[suffix] ?? 0;
  if (sign === '-') unscaled = -unscaled;

  const bounded = clamp(unscaled, scale);
  // apimachinery prints a binary quantity below one as a decimal one: "This avoids rounding and hopefully confusion".
  const belowOne = format === 'BinarySI' && bounded.unscaled > 0n && compareToInteger(bounded, 1n) < 0;
  return {...bounded, format: belowOne ? 'DecimalSI' : format};
}

/** Whether the text is written as Kubernetes writes quantities. */
export function isQuantity(text: string | number): boolean {
  return parseQuantity(text) !== undefined;
}

/** The value in whole units of 10^`scale`, rounded away from zero: `scale` -3 gives milli-units, 0 gives units. */
export function scaledValue(quantity: Quantity, scale: number): bigint {
  const shift = quantity.scale - scale;
  if (shift >= 0) return quantity.unscaled * 10n ** BigInt(shift);
  return divideAwayFromZero(quantity.unscaled, 10n ** BigInt(-shift));
}

/** Exact sum; the first operand's format wins, as in apimachinery, unless it is zero. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  const scale = Math.min(a.scale, b.scale);
  const unscaled = scaledValue(a, scale) + scaledValue(b, scale);
  return {unscaled, scale, format: a.unscaled === 0n ? b.format : a.format};
}

/** Negative, zero or positive as a < b, a = b, a > b. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  const scale = Math.min(a.scale, b.scale);
  const difference = scaledValue(a, scale) - scaledValue(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The text Kubernetes prints for a quantity it had to compute: `0.5Gi` is `512Mi`, `1500m` stays, `2000m` is `2`. */
export function formatQuantity({unscaled, scale, format}: Quantity): string {
  if (unscaled === 0n) return '0';
  if (format === 'BinarySI' && compareMagnitude(unscaled, scale, 1024n) >= 0) {
    const whole = scale >= 0 ? unscaled * 10n ** BigInt(scale) : exactQuotient(unscaled, 10n ** BigInt(-scale));
    if (whole !== undefined) {
      const [mantissa, times] = removeFactors(whole, 1024n, BINARY_SUFFIXES.length - 1);
      return `${mantissa}${BINARY_SUFFIXES[times]}`;
    }
  }
  const [digits, tens] = removeFactors(unscaled, 10n, Number.MAX_SAFE_INTEGER);
  let exponent = scale + tens;
  let mantissa = digits;
  while (exponent % 3 !== 0) {
    mantissa *= 10n;
    exponent -= 1;
  }
  if (format === 'DecimalExponent') return exponent === 0 ? String(mantissa) : `${mantissa}e${exponent}`;
  const suffix = DECIMAL_SUFFIX.get(exponent);
  return suffix === undefined ? `${mantissa}e${exponent}` : `${mantissa}${suffix}`;
}

/** Rounds to nano away from zero and caps at 2^63-1, as apimachinery does on reading. */
function clamp(unscaled: bigint, scale: number): {unscaled: bigint; scale: number} {
  if (scale < NANO) return {unscaled: divideAwayFromZero(unscaled, 10n ** BigInt(NANO - scale)), scale: NANO};
  return compareMagnitude(unscaled, scale, MAX_VALUE) > 0 && unscaled > 0n
    ? {unscaled: MAX_VALUE, scale: 0}
    : {unscaled, scale};
}

function compareToInteger(quantity: {unscaled: bigint; scale: number}, integer: bigint): number {
  return compareQuantities({...quantity, format: 'DecimalSI'}, {unscaled: integer, scale: 0, format: 'DecimalSI'});
}

function compareMagnitude(unscaled: bigint, scale: number, integer: bigint): number {
  return compareToInteger({unscaled: unscaled < 0n ? -unscaled : unscaled, scale}, integer);
}

function divideAwayFromZero(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  if (quotient * divisor === dividend) return quotient;
  return dividend < 0n ? quotient - 1n : quotient + 1n;
}

function exactQuotient(dividend: bigint, divisor: bigint): bigint | undefined {
  return dividend % divisor === 0n ? dividend / divisor : undefined;
}

function removeFactors(value: bigint, factor: bigint, limit: number): [value: bigint, times: number] {
  let rest = value;
  let times = 0;
  while (times < limit && rest % factor === 0n) {
    rest /= factor;
    times += 1;
  }
  return [rest, times];
}
