/**
 * Total order of names in which numbers count by their value: `node-2` before `node-10`. It depends on code units
 * alone, not on a locale, so that every machine sorts alike.
 */
export function compareNames(a: string, b: string): number {
  const partsOfA = a.match(PART) ?? [];
  const partsOfB = b.match(PART) ?? [];
  for (let i = 0; i < partsOfA.length && i < partsOfB.length; i++) {
    const difference = compareParts(partsOfA[i]!, partsOfB[i]!);
    if (difference !== 0) return difference;
  }
  return partsOfA.length - partsOfB.length || compareText(a, b);
}

const PART = /\d+|\D+/g;
const DIGIT = /^\d/;

/** Digits compare by length once leading zeros are gone, which is their value without reading it into a number. */
function compareParts(a: string, b: string): number {
  if (!DIGIT.test(a) || !DIGIT.test(b)) return compareText(a, b);
  const [valueOfA, valueOfB] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return valueOfA.length - valueOfB.length || compareText(valueOfA, valueOfB);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
