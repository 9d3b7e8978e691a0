import {readFileSync} from 'node:fs';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type Quantity,
  scaledValue,
} from '../../model/quantity.ts';

interface GoldenCase {
  readonly text: string;
  readonly error?: true;
  readonly canonical: string;
  /** Rounded up to whole units and to milli-units, as texts: they may be beyond what a double holds. */
  readonly value: string;
  readonly milliValue: string;
}

/** What k8s.io/apimachinery's resource.ParseQuantity makes of texts. */
const GOLDEN: readonly GoldenCase[] = readFileSync(
  new URL('../golden/quantity/apimachinery-v0.36.3.ndjson', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const INT64_MAX = 2n ** 63n - 1n;

/** Texts that Go takes as zero or refuses for a blank; people who write them mean something else, or nothing by it. */
const ON_PURPOSE: ReadonlyMap<string, string> = new Map([
  ['.', 'zero in Go; refused here'],
  ['E', 'zero in Go; refused here'],
  [' 1', 'blanks around are cut off, as they are when Go reads JSON'],
  ['1 ', 'the same'],
]);

describe('quantities as apimachinery reads them', () => {
  const golden = GOLDEN.filter(({text}) => !ON_PURPOSE.has(text));

  test.each(golden.filter(({error}) => error === true))('"$text" is no quantity', ({text}) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  test.each(golden.filter(({error}) => error !== true))(
    '$text is $canonical',
    ({text, canonical, value, milliValue}) => {
      const quantity = parseQuantity(text)!;
      const units = scaledValue(quantity, 0);
      const milli = scaledValue(quantity, -3);
      // Beyond 64 bits Go wraps around, and negative amounts, which no object may have, it rounds upwards twice.
      if (units < INT64_MAX) expect(formatQuantity(quantity)).toBe(canonical);
      if (units >= 0n && units < INT64_MAX) expect(units).toBe(BigInt(value));
      if (units >= 0n && milli < INT64_MAX) expect(milli).toBe(BigInt(milliValue));
    },
  );
});

const suffix = fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'Ki', 'Mi', 'Gi', 'Ti', 'e3', 'e-3', 'E2');
const text = fc
  .tuple(fc.nat(9_999_999), fc.option(fc.nat(999_999), {nil: undefined}), suffix)
  .map(([whole, fraction, end]) => `${whole}${fraction === undefined ? '' : `.${fraction}`}${end}`);
const quantity = text.map((one) => parseQuantity(one)!);

const PARAMETERS = {seed: 0x5eed, ...(process.env.FC_PATH === undefined ? {} : {path: process.env.FC_PATH})};

describe('laws of quantities', () => {
  test('the canonical form means the same', () => {
    fc.assert(
      fc.property(quantity, (q) => compareQuantities(parseQuantity(formatQuantity(q))!, q) === 0),
      PARAMETERS,
    );
  });

  test('the canonical form of a canonical form is itself', () => {
    fc.assert(
      fc.property(quantity, (q) => {
        const canonical = formatQuantity(q);
        return formatQuantity(parseQuantity(canonical)!) === canonical;
      }),
      PARAMETERS,
    );
  });

  test('sums are exact and in any order the same', () => {
    fc.assert(
      fc.property(fc.array(quantity, {minLength: 1, maxLength: 8}), (list) => {
        const sum = (items: readonly Quantity[]) => items.reduce(addQuantities);
        const nano = list.reduce((total, q) => total + scaledValue(q, -9), 0n);
        return scaledValue(sum(list), -9) === nano && compareQuantities(sum(list), sum(list.toReversed())) === 0;
      }),
      PARAMETERS,
    );
  });

  test('rounding is up and by less than one unit', () => {
    fc.assert(
      fc.property(quantity, (q) => {
        const units = scaledValue(q, 0) * 10n ** 9n;
        const exact = scaledValue(q, -9);
        return units >= exact && units - exact < 10n ** 9n;
      }),
      PARAMETERS,
    );
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string(), (any) => {
        const q = parseQuantity(any);
        return q === undefined || parseQuantity(formatQuantity(q)) !== undefined;
      }),
      PARAMETERS,
    );
  });
});
