/** Quantities as the operator's Kubernetes client reads them: looser than Kubernetes, and with words of its own. */

/** unscaled · 10^-scale, as a Java BigDecimal. */
interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

export type FabricQuantity = {readonly text: string} | {readonly error: string};

const UNIT = /[eEinumkKMGTP]/;
/** `MathContext.DECIMAL64` keeps so many digits. */
const DIGITS = 16;

/** The amount in bytes, as the text that Java prints of it. */
export function amountInBytes(text: string): FabricQuantity {
  const first = split(text);
  if ('error' in first) return first;
  const quantity = text.startsWith('.') ? split(`0${text}`) : first;
  if ('error' in quantity) return quantity;
  const digits = parseDecimal(quantity.amount);
  if ('error' in digits) return digits;
  const multiple = multipleOf(quantity.format);
  return 'error' in multiple ? multiple : {text: formatDecimal(multiply(digits, multiple))};
}

function split(text: string): {readonly amount: string; readonly format: string} | {readonly error: string} {
  if (text === '') return {error: 'Invalid quantity string format passed.'};
  const index = text.search(UNIT);
  const amount = index < 0 ? text : text.slice(0, index);
  const format = index < 0 ? '' : text.slice(index);
  if (/\d/.test(format) && /\p{L}$/u.test(format)) return {error: 'Invalid quantity string format passed'};
  return {amount, format};
}

/** `new BigDecimal(text)` of a text without an exponent. */
function parseDecimal(text: string): Decimal | {readonly error: string} {
  if (text === '') return {error: 'null'};
  const digits = text.replace(/^[+-]/, '');
  let point = -1;
  for (const [index, character] of [...digits].entries()) {
    if (/\d/.test(character)) continue;
    if (character !== '.') {
      return {
        error: `Character ${character} is neither a decimal digit number, decimal point, nor "e" notation exponential mark.`,
      };
    }
    if (point >= 0) return {error: 'Character array contains more than one decimal point.'};
    point = index;
  }
  if (!/\d/.test(digits)) return {error: 'No digits found.'};
  const unscaled = BigInt(digits.replace('.', ''));
  return {
    unscaled: text.startsWith('-') ? -unscaled : unscaled,
    scale: point < 0 ? 0 : digits.length - point - 1,
  };
}

const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL: Readonly<Record<string, number>> = {n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18};

function multipleOf(format: string): Decimal | {readonly error: string} {
  if (format === '') return {unscaled: 1n, scale: 0};
  if (/\d/.test(format) && format.length > 1) {
    const exponent = /^[+-]?\d{1,9}$/.test(format.slice(1)) ? Number(format.slice(1)) : undefined;
    return exponent === undefined ? {error: `For input string: "${format.slice(1)}"`} : powerOfTen(exponent);
  }
  const binary = BINARY.indexOf(format);
  if (binary >= 0) return rounded({unscaled: 2n ** BigInt((binary + 1) * 10), scale: 0});
  const exponent = Object.hasOwn(DECIMAL, format) ? DECIMAL[format] : undefined;
  return exponent === undefined ? {error: 'Invalid quantity format passed to parse'} : powerOfTen(exponent);
}

/** Java keeps the zeros that fit, and an exponent for the rest. */
function powerOfTen(exponent: number): Decimal {
  if (exponent < 0) return {unscaled: 1n, scale: -exponent};
  const kept = Math.min(exponent, DIGITS - 1);
  return {unscaled: 10n ** BigInt(kept), scale: kept - exponent};
}

/** Rounds half to even. */
function rounded({unscaled, scale}: Decimal): Decimal {
  const excess = String(unscaled).length - DIGITS;
  if (excess <= 0) return {unscaled, scale};
  const divisor = 10n ** BigInt(excess);
  const quotient = unscaled / divisor;
  const twice = (unscaled % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return {unscaled: up ? quotient + 1n : quotient, scale: scale - excess};
}

function multiply(a: Decimal, b: Decimal): Decimal {
  return {unscaled: a.unscaled * b.unscaled, scale: a.scale + b.scale};
}

/** `BigDecimal.toString`: plain where the point lies near the digits, else with an exponent. */
function formatDecimal({unscaled, scale}: Decimal): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled);
  if (scale === 0) return `${sign}${digits}`;
  const exponent = digits.length - 1 - scale;
  if (scale > 0 && exponent >= -6) {
    const padded = digits.padStart(scale + 1, '0');
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${sign}${mantissa}E${exponent >= 0 ? '+' : ''}${exponent}`;
}
