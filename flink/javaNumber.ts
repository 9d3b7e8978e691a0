/** Numbers as Java reads and prints them, where JavaScript's own reading or printing gives another answer. */

export type JavaNumber = {readonly value: number} | {readonly error: string};

/** `String.trim`: cuts every character up to the blank, and no other. */
export function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/** `Integer.parseInt`: 32 bits, no blanks. */
export function readJavaInteger(text: string): JavaNumber {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  // Adding 0 makes -0 the zero that an integer has.
  if (value >= -(2 ** 31) && value < 2 ** 31) return {value: value + 0};
  return {error: `For input string: "${text}"`};
}

/** `Double.parseDouble`. */
export function readJavaDouble(text: string): JavaNumber {
  return readFloatingPoint(text, ({exact, nearest}) => nearest ?? hexadecimal(exact, 53, -1074, 1023));
}

/** `Float.parseFloat`, which rounds what is written once, to 24 bits. */
export function readJavaFloat(text: string): JavaNumber {
  return readFloatingPoint(text, ({exact, nearest}) =>
    nearest === undefined ? hexadecimal(exact, 24, -149, 127) : decimalToFloat(exact, nearest),
  );
}

/** What is written without its sign: an exact fraction, and for a decimal the double nearest to it. */
interface Written {
  readonly exact: Fraction;
  readonly nearest?: number;
}

/** mantissa · 2^two · 10^ten */
interface Fraction {
  readonly mantissa: bigint;
  readonly two: number;
  readonly ten: number;
}

const DECIMAL = /^(\d+)?(?:\.(\d*))?(?:[eE]([+-]?\d+))?[fFdD]?$/;
const HEXADECIMAL = /^0[xX]([\da-fA-F]+)?(?:\.([\da-fA-F]*))?[pP]([+-]?\d+)[fFdD]?$/;

function readFloatingPoint(text: string, round: (written: Written) => number): JavaNumber {
  const trimmed = javaTrim(text);
  if (trimmed === '') return {error: 'empty String'};
  const sign = trimmed.startsWith('-') ? -1 : 1;
  const magnitude = trimmed.replace(/^[+-]/, '');
  if (magnitude === 'NaN') return {value: Number.NaN};
  if (magnitude === 'Infinity') return {value: sign * Number.POSITIVE_INFINITY};
  const written = readDecimal(magnitude) ?? readHexadecimal(magnitude);
  if (written !== undefined) return {value: sign * round(written)};
  // Java stops at the second point, whatever comes after it.
  if (/^\d*\.\d*\./.test(magnitude)) return {error: 'multiple points'};
  return {error: `For input string: "${trimmed}"`};
}

function readDecimal(text: string): Written | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = `${whole}${fraction}`;
  const nearest = Number(`${whole === '' ? '0' : whole}.${fraction === '' ? '0' : fraction}e${exponent}`);
  return {exact: {mantissa: BigInt(digits), two: 0, ten: Number(exponent) - fraction.length}, nearest};
}

function readHexadecimal(text: string): Written | undefined {
  const match = HEXADECIMAL.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  return {exact: {mantissa: BigInt(`0x${whole}${fraction}`), two: Number(exponent) - 4 * fraction.length, ten: 0}};
}

/**
 * The float nearest to a decimal. Rounding the nearest double once more is wrong only where that double lies in the
 * very middle of two floats and the decimal beside it.
 */
function decimalToFloat(exact: Fraction, nearest: number): number {
  const float = Math.fround(nearest);
  if (float === nearest || !Number.isFinite(nearest)) return float;
  const other = neighbour(float, nearest);
  if (Math.abs(nearest - float) !== Math.abs(nearest - other)) return float;
  const side = compare(exact, nearest);
  if (side === 0) return float;
  return side > 0 ? Math.max(float, other) : Math.min(float, other);
}

/** The float on the other side of a double; past the largest float, the one that would follow it. */
function neighbour(float: number, double: number): number {
  if (!Number.isFinite(float)) return 2 ** 128 - 2 ** 104;
  const bits = new Int32Array(new Float32Array([float]).buffer);
  bits[0] = bits[0]! + (double > float ? 1 : -1);
  const next = new Float32Array(bits.buffer)[0]!;
  return Number.isFinite(next) ? next : 2 ** 128;
}

/** Below, at or above a positive double. */
function compare({mantissa, ten}: Fraction, double: number): number {
  const {mantissa: bits, two} = exactDouble(double);
  const left = mantissa * 10n ** BigInt(Math.max(ten, 0)) * 2n ** BigInt(Math.max(-two, 0));
  const right = bits * 10n ** BigInt(Math.max(-ten, 0)) * 2n ** BigInt(Math.max(two, 0));
  return left === right ? 0 : left > right ? 1 : -1;
}

function exactDouble(double: number): Fraction {
  let two = 0;
  let mantissa = double;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    two--;
  }
  return {mantissa: BigInt(mantissa), two, ten: 0};
}

/** A binary fraction rounded half to even, to so many bits and no place below the smallest. */
function hexadecimal({mantissa, two}: Fraction, bits: number, smallest: number, largest: number): number {
  if (mantissa === 0n) return 0;
  const length = mantissa.toString(2).length;
  // The power of two of the leading bit decides before anything is shifted, so that no exponent is too long.
  const leading = two + length - 1;
  if (leading > largest) return Number.POSITIVE_INFINITY;
  if (leading < smallest - 1) return 0;
  const place = Math.max(leading - bits + 1, smallest);
  const drop = BigInt(place - two);
  if (drop <= 0n) return scale(mantissa, two, largest);
  const half = 1n << (drop - 1n);
  const rest = mantissa & ((1n << drop) - 1n);
  const kept = mantissa >> drop;
  const up = rest > half || (rest === half && (kept & 1n) === 1n);
  return scale(up ? kept + 1n : kept, place, largest);
}

/** Two steps where one power of two would be below the smallest double. */
function scale(mantissa: bigint, two: number, largest: number): number {
  const value = Number(mantissa) * 2 ** Math.max(two, -1000) * 2 ** Math.min(two + 1000, 0);
  return value >= 2 ** largest * 2 ? Number.POSITIVE_INFINITY : value;
}

/** `%.Nf`: the shortest text of the double, rounded half up there, and not its exact binary value. */
export function formatJavaFixed(value: number, decimals: number): string {
  const {unscaled, scale: digits} = toDecimal(value);
  const rounded =
    digits <= decimals
      ? unscaled * 10n ** BigInt(decimals - digits)
      : (unscaled + 5n * 10n ** BigInt(digits - decimals - 1)) / 10n ** BigInt(digits - decimals);
  const text = String(rounded).padStart(decimals + 1, '0');
  return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

/** unscaled · 10^-scale; the scale is never negative. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** `BigDecimal.valueOf`: the shortest decimal text that reads back as this finite double. */
export function toDecimal(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const places = fraction.length - Number(exponent);
  const unscaled = BigInt(`${whole}${fraction}`);
  return places >= 0 ? {unscaled, scale: places} : {unscaled: unscaled * 10n ** BigInt(-places), scale: 0};
}

/** To so many decimals, cutting off what is beyond. */
export function truncateDecimal({unscaled, scale: digits}: Decimal, decimals: number): Decimal {
  if (digits <= decimals) return {unscaled, scale: digits};
  return {unscaled: unscaled / 10n ** BigInt(digits - decimals), scale: decimals};
}

/** A quotient of so many decimals, cutting off what is beyond. */
export function divideDecimal({unscaled, scale: digits}: Decimal, by: bigint, decimals: number): Decimal {
  const shift = decimals - digits;
  const scaled = shift >= 0 ? unscaled * 10n ** BigInt(shift) : unscaled;
  const divisor = shift >= 0 ? by : by * 10n ** BigInt(-shift);
  return {unscaled: scaled / divisor, scale: decimals};
}

/** Without an exponent and without zeros at the end. */
export function formatDecimal({unscaled, scale: digits}: Decimal): string {
  if (digits === 0) return String(unscaled);
  const sign = unscaled < 0n ? '-' : '';
  const text = String(unscaled < 0n ? -unscaled : unscaled).padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  return `${sign}${text.slice(0, -digits)}${fraction === '' ? '' : `.${fraction}`}`;
}
