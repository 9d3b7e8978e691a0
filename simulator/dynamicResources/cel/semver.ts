/** Semantic versions as the Go library that Kubernetes uses (blang/semver) reads and orders them. */

export interface Version {
  readonly numbers: readonly [major: bigint, minor: bigint, patch: bigint];
  readonly preRelease: readonly string[];
}

const NUMBER = /^(?:0|[1-9]\d*)$/;
const DIGITS = /^\d+$/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;
const MAX_NUMBER = 2n ** 64n - 1n;

/** undefined when the text is not a version. */
export function parseVersion(text: string): Version | undefined {
  const match = /^([^.]+)\.([^.]+)\.([^-+]+)(?:-([^+]*))?(?:\+(.*))?$/s.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', preRelease, build] = match;
  if (![major, minor, patch].every(isNumber)) return undefined;
  const identifiers = preRelease?.split('.') ?? [];
  const isValid = identifiers.every(
    (identifier) => IDENTIFIER.test(identifier) && (!DIGITS.test(identifier) || isNumber(identifier)),
  );
  if (!isValid || (build !== undefined && !build.split('.').every((part) => IDENTIFIER.test(part)))) return undefined;
  return {numbers: [BigInt(major), BigInt(minor), BigInt(patch)], preRelease: identifiers};
}

/** Takes `v1`, `1.2` and `01.2.3`, too. */
export function parseLenientVersion(text: string): Version | undefined {
  const [major = '', minor, ...rest] = text.replace(/^v/, '').split('.');
  const parts = [major, ...(minor === undefined ? [] : [minor]), ...(rest.length === 0 ? [] : [rest.join('.')])];
  if (parts.length < 3 && /[+-]/.test(parts.at(-1)!)) return undefined;
  const stripped = parts.map((part) =>
    part.length > 1 ? part.replace(/^0+(?=\d)/, '').replace(/^0+(?!\d)/, '0') : part,
  );
  while (stripped.length < 3) stripped.push('0');
  return parseVersion(stripped.join('.'));
}

/** -1, 0 or 1; what is built is not compared. */
export function compareVersions(a: Version, b: Version): -1 | 0 | 1 {
  for (const [i, number] of a.numbers.entries()) {
    if (number !== b.numbers[i]) return number < b.numbers[i]! ? -1 : 1;
  }
  if (a.preRelease.length === 0 || b.preRelease.length === 0) {
    return sign(Number(a.preRelease.length === 0) - Number(b.preRelease.length === 0));
  }
  for (const [i, identifier] of a.preRelease.entries()) {
    const other = b.preRelease[i];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return a.preRelease.length < b.preRelease.length ? -1 : 0;
}

/** Numbers come before names. */
function compareIdentifiers(a: string, b: string): -1 | 0 | 1 {
  const [isNumberA, isNumberB] = [DIGITS.test(a), DIGITS.test(b)];
  if (isNumberA && isNumberB) return sign(Number(BigInt(a) - BigInt(b)));
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNumber(text: string): boolean {
  return NUMBER.test(text) && BigInt(text) <= MAX_NUMBER;
}

function sign(difference: number): -1 | 0 | 1 {
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}
