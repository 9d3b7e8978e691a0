/** What Kubernetes adds to CEL, as far as selectors of devices can make use of it (apiserver/pkg/cel/library). */
import type {Environment} from '@marcbachmann/cel-js';
import {addQuantities, compareQuantities, parseQuantity, type Quantity, scaledValue} from '../../../model/quantity.ts';
import {subtractQuantities} from '../quantities.ts';
import {compareVersions, parseLenientVersion, parseVersion, type Version} from './semver.ts';

/** A quantity as a CEL value. */
export class CelQuantity {
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }
}

/** A semantic version as a CEL value. */
export class CelSemver {
  readonly version: Version;

  constructor(version: Version) {
    this.version = version;
  }
}

const Q = 'kubernetes.Quantity';
const V = 'kubernetes.Semver';

export function addKubernetesLibrary(environment: Environment): Environment {
  addQuantity(environment);
  addSemver(environment);
  addStrings(environment);
  addLists(environment);
  addSets(environment);
  return environment;
}

function addQuantity(environment: Environment): void {
  const compare = (a: CelQuantity, b: CelQuantity): number => compareQuantities(a.quantity, b.quantity);
  environment
    .registerType(Q, {ctor: CelQuantity, fields: {}})
    .registerOperator(`${Q} == ${Q}`, (a: CelQuantity, b: CelQuantity) => compare(a, b) === 0)
    .registerFunction(`quantity(string): ${Q}`, (text: string) => new CelQuantity(toQuantity(text)))
    .registerFunction('isQuantity(string): bool', (text: string) => strictQuantity(text) !== undefined)
    .registerFunction(`sign(${Q}): int`, ({quantity: {unscaled}}: CelQuantity) =>
      unscaled < 0n ? -1n : unscaled > 0n ? 1n : 0n,
    )
    .registerFunction(`${Q}.isGreaterThan(${Q}): bool`, (a: CelQuantity, b: CelQuantity) => compare(a, b) > 0)
    .registerFunction(`${Q}.isLessThan(${Q}): bool`, (a: CelQuantity, b: CelQuantity) => compare(a, b) < 0)
    .registerFunction(`${Q}.compareTo(${Q}): int`, (a: CelQuantity, b: CelQuantity) => BigInt(compare(a, b)))
    .registerFunction(`${Q}.asApproximateFloat(): double`, ({quantity}: CelQuantity) => toFloat(quantity))
    .registerFunction(`${Q}.isInteger(): bool`, ({quantity}: CelQuantity) => toInteger(quantity) !== undefined)
    .registerFunction(`${Q}.asInteger(): int`, ({quantity}: CelQuantity) => {
      const value = toInteger(quantity);
      if (value === undefined) throw new Error('cannot convert value to integer');
      return value;
    })
    .registerFunction(`${Q}.add(${Q}): ${Q}`, (a: CelQuantity, b: CelQuantity) => sum(a, b.quantity))
    .registerFunction(`${Q}.add(int): ${Q}`, (a: CelQuantity, b: bigint) => sum(a, fromInteger(b)))
    .registerFunction(`${Q}.sub(${Q}): ${Q}`, (a: CelQuantity, b: CelQuantity) => difference(a, b.quantity))
    .registerFunction(`${Q}.sub(int): ${Q}`, (a: CelQuantity, b: bigint) => difference(a, fromInteger(b)));
}

function sum({quantity}: CelQuantity, other: Quantity): CelQuantity {
  return new CelQuantity(addQuantities(quantity, other));
}

function difference({quantity}: CelQuantity, other: Quantity): CelQuantity {
  return new CelQuantity(subtractQuantities(quantity, other));
}

function fromInteger(unscaled: bigint): Quantity {
  return {unscaled, scale: 0, format: 'DecimalSI'};
}

/** Unlike values in YAML, a string must have no space around the number. */
function strictQuantity(text: string): Quantity | undefined {
  return text === text.trim() ? parseQuantity(text) : undefined;
}

function toQuantity(text: string): Quantity {
  const quantity = strictQuantity(text);
  if (quantity !== undefined) return quantity;
  throw new Error("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}

/** undefined for what is not a whole number or does not fit into 64 bits. */
function toInteger(quantity: Quantity): bigint | undefined {
  const value = scaledValue(quantity, 0);
  const isWhole = compareQuantities(quantity, fromInteger(value)) === 0;
  return isWhole && value === BigInt.asIntN(64, value) ? value : undefined;
}

function toFloat({unscaled, scale}: Quantity): number {
  return Number(`${unscaled}e${scale}`);
}

function addSemver(environment: Environment): void {
  const compare = (a: CelSemver, b: CelSemver): number => compareVersions(a.version, b.version);
  const parse = (text: string, isLenient = false): Version | undefined =>
    isLenient ? parseLenientVersion(text) : parseVersion(text);
  const toSemver = (text: string, isLenient?: boolean): CelSemver => {
    const version = parse(text, isLenient);
    if (version === undefined) throw new Error(`invalid semantic version ${JSON.stringify(text)}`);
    return new CelSemver(version);
  };
  environment
    .registerType(V, {ctor: CelSemver, fields: {}})
    .registerOperator(`${V} == ${V}`, (a: CelSemver, b: CelSemver) => compare(a, b) === 0)
    .registerFunction(`semver(string): ${V}`, (text: string) => toSemver(text))
    .registerFunction(`semver(string, bool): ${V}`, toSemver)
    .registerFunction('isSemver(string): bool', (text: string) => parse(text) !== undefined)
    .registerFunction(
      'isSemver(string, bool): bool',
      (text: string, isLenient: boolean) => parse(text, isLenient) !== undefined,
    )
    .registerFunction(`${V}.isGreaterThan(${V}): bool`, (a: CelSemver, b: CelSemver) => compare(a, b) > 0)
    .registerFunction(`${V}.isLessThan(${V}): bool`, (a: CelSemver, b: CelSemver) => compare(a, b) < 0)
    .registerFunction(`${V}.compareTo(${V}): int`, (a: CelSemver, b: CelSemver) => BigInt(compare(a, b)))
    .registerFunction(`${V}.major(): int`, ({version}: CelSemver) => version.numbers[0])
    .registerFunction(`${V}.minor(): int`, ({version}: CelSemver) => version.numbers[1])
    .registerFunction(`${V}.patch(): int`, ({version}: CelSemver) => version.numbers[2]);
  // Elsewhere values of two types are merely not equal, but to Kubernetes' own types that is an error.
  for (const other of ['string', 'int', 'uint', 'double', 'bool']) {
    environment.registerOperator(`${V} == ${other}`, () => {
      throw new Error('no such overload');
    });
  }
}

function addStrings(environment: Environment): void {
  environment
    .registerFunction('string.charAt(int): string', (text: string, index: bigint) => {
      const characters = [...text];
      if (index < 0n || index > BigInt(characters.length)) throw new Error(`index out of range: ${index}`);
      return characters[Number(index)] ?? '';
    })
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      text.split(from).join(to),
    )
    .registerFunction(
      'string.replace(string, string, int): string',
      (text: string, from: string, to: string, count: bigint) => {
        const parts = text.split(from);
        const replaced = count < 0n ? parts.length - 1 : Math.min(Number(count), parts.length - 1);
        return [parts.slice(0, replaced + 1).join(to), ...parts.slice(replaced + 1)].join(from);
      },
    )
    .registerFunction('string.find(string): string', (text: string, pattern: string) => {
      return new RegExp(pattern, 'u').exec(text)?.[0] ?? '';
    })
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) =>
      Array.from(text.matchAll(new RegExp(pattern, 'gu')), ([found]) => found),
    );
}

type Comparable = bigint | number | string;

function addLists(environment: Environment): void {
  environment
    .registerFunction('list.isSorted(): bool', (list: readonly Comparable[]) =>
      list.every((item, i) => i === 0 || list[i - 1]! <= item),
    )
    .registerFunction('list<int>.sum(): int', (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n))
    .registerFunction('list<double>.sum(): double', (list: readonly number[]) => list.reduce((a, b) => a + b, 0))
    .registerFunction('list.sort(): list', (list: readonly Comparable[]) => [...list].sort((a, b) => (a < b ? -1 : 1)))
    .registerFunction('list.slice(int, int): list', (list: readonly unknown[], from: bigint, to: bigint) => {
      if (from < 0n || from > to || to > BigInt(list.length)) throw new Error(`cannot slice(${from}, ${to})`);
      return list.slice(Number(from), Number(to));
    })
    .registerFunction('list.flatten(): list', (list: readonly unknown[]) => list.flat())
    .registerFunction('list.distinct(): list', (list: readonly unknown[]) => [...new Set(list)])
    .registerFunction('list.max(): dyn', (list: readonly Comparable[]) => extreme('max', list, (a, b) => a > b))
    .registerFunction('list.min(): dyn', (list: readonly Comparable[]) => extreme('min', list, (a, b) => a < b))
    .registerFunction('list.indexOf(dyn): int', (list: readonly unknown[], item: unknown) => BigInt(list.indexOf(item)))
    .registerFunction('list.lastIndexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      BigInt(list.lastIndexOf(item)),
    );
}

/** Stands for the prefix of `sets.contains` and its like. */
class SetsNamespace {}

function addSets(environment: Environment): void {
  type Items = readonly unknown[];
  environment
    .registerType('SetsNamespace', SetsNamespace)
    .registerConstant('sets', 'SetsNamespace', new SetsNamespace())
    .registerFunction('SetsNamespace.contains(list, list): bool', (_sets: SetsNamespace, list: Items, wanted: Items) =>
      containsAll(list, wanted),
    )
    .registerFunction('SetsNamespace.intersects(list, list): bool', (_sets: SetsNamespace, a: Items, b: Items) =>
      a.some((item) => b.includes(item)),
    )
    .registerFunction(
      'SetsNamespace.equivalent(list, list): bool',
      (_sets: SetsNamespace, a: Items, b: Items) => containsAll(a, b) && containsAll(b, a),
    );
}

function extreme(
  name: string,
  list: readonly Comparable[],
  isBetter: (a: Comparable, b: Comparable) => boolean,
): Comparable {
  if (list.length === 0) throw new Error(`${name} called on empty list`);
  return list.reduce((best, item) => (isBetter(item, best) ? item : best));
}

function containsAll(list: readonly unknown[], wanted: readonly unknown[]): boolean {
  return wanted.every((item) => list.includes(item));
}
