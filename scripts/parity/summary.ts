import type {Difference} from './compare.ts';

/** Counts over many scenarios. */
export interface Summary {
  readonly decisions: number;
  readonly equal: number;
  /** Decisions and those that are not equal, by family. */
  readonly families: Readonly<Record<string, {readonly decisions: number; readonly different: number}>>;
  /** Decisions whose first difference is in this field. */
  readonly fields: Readonly<Record<string, number>>;
}

/** Adds scenarios up as they come. */
export class Tally {
  #decisions = 0;
  #different = 0;
  readonly #families = new Map<string, {decisions: number; different: number}>();
  readonly #fields = new Map<string, number>();

  add(family: string, decisions: number, differences: readonly Difference[]): void {
    const first = new Map<number, string>();
    for (const {i, field} of differences) if (!first.has(i)) first.set(i, field);
    for (const field of first.values()) this.#fields.set(field, (this.#fields.get(field) ?? 0) + 1);
    const known = this.#families.get(family) ?? {decisions: 0, different: 0};
    this.#families.set(family, {
      decisions: known.decisions + decisions,
      different: known.different + first.size,
    });
    this.#decisions += decisions;
    this.#different += first.size;
  }

  summary(): Summary {
    return {
      decisions: this.#decisions,
      equal: this.#decisions - this.#different,
      families: sorted(this.#families),
      fields: sorted(this.#fields),
    };
  }
}

function sorted<Value>(map: ReadonlyMap<string, Value>): Readonly<Record<string, Value>> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The summary as lines of text; the last one is `D decisions, E equal`. */
export function summaryLines({decisions, equal, families, fields}: Summary): readonly string[] {
  const width = Math.max(0, ...Object.keys(families).map((name) => name.length));
  return [
    ...Object.entries(families).map(
      ([name, family]) =>
        `${name.padEnd(width)}  ${family.decisions} decisions, ${family.decisions - family.different} equal`,
    ),
    ...Object.entries(fields).map(([field, count]) => `${field}: ${count} decisions differ here first`),
    `${decisions} decisions, ${equal} equal`,
  ];
}

const LONGEST_VALUE = 600;

export function differenceText({scenario, pod, i, field, expected, got}: Difference): string {
  return `${scenario} #${i} ${pod}: ${field}\n  expected ${shortened(expected)}\n  got      ${shortened(got)}`;
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
