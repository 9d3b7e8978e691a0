/** The share kept of what lies below `upTo` and above the bracket before. */
type Bracket = readonly [upTo: number, percent: number];

const GIB = 1024;
const REST = Number.POSITIVE_INFINITY;

const TIERED_MEMORY: readonly Bracket[] = [
  [4 * GIB, 25],
  [8 * GIB, 20],
  [16 * GIB, 10],
  [128 * GIB, 6],
  [REST, 2],
];
const CPU: readonly Bracket[] = [
  [1, 6],
  [2, 1],
  [4, 0.5],
  [REST, 0.25],
];

/**
 * Memory kept by GKE and by those who took its table over, in MiB and exact: 25 % of the first 4 GiB, 20 % of the next 4,
 * 10 % of the next 8, 6 % of the next 112, 2 % of the rest.
 */
export function tieredMemoryMiB(memoryMiB: number): number {
  return bracketed(memoryMiB, TIERED_MEMORY);
}

export const TIERED_MEMORY_FORMULA = '25 % up to 4 GiB, 20 % to 8, 10 % to 16, 6 % to 128, 2 % above';

/**
 * CPU kept by GKE and by those who took its table over, in millicores, whole ones per bracket as nodeadm counts: 6 % of
 * the first core, 1 % of the second, 0.5 % of the third and fourth, 0.25 % of the rest.
 */
export function tieredMillicores(cores: number): number {
  return millicores(cores, CPU);
}

export const TIERED_CPU_FORMULA = 'CPU: 6 % of core 1, 1 % of 2, 0.5 % of 3 and 4, 0.25 % above';

/** Millicores by brackets of cores, whole ones per bracket. */
export function millicores(cores: number, brackets: readonly Bracket[]): number {
  return sum(
    cores * 1000,
    brackets.map(([upTo, percent]) => [upTo * 1000, percent]),
    Math.trunc,
  );
}

/** What brackets keep of an amount, in its unit. */
export function bracketed(amount: number, brackets: readonly Bracket[]): number {
  return sum(amount, brackets, (share) => share);
}

function sum(amount: number, brackets: readonly Bracket[], round: (share: number) => number): number {
  let kept = 0;
  let from = 0;
  for (const [upTo, percent] of brackets) {
    const covered = Math.min(amount, upTo) - from;
    if (covered <= 0) break;
    // Multiplied first: 0.5 % of 2000 is then whole in floating point, too.
    kept += round((covered * percent) / 100);
    from = upTo;
  }
  return kept;
}
