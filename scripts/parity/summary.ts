import type {Difference} from './compare.ts';
import type {DecisionLine} from './format.ts';

/** How many decisions there were, and how many of them were not equal in every field. */
export interface Count {
  readonly decisions: number;
  readonly different: number;
}

/** Counts over many scenarios. */
export interface Summary {
  readonly decisions: number;
  readonly equal: number;
  readonly families: Readonly<Record<string, Count>>;
  /** By plugin that had a say in the decision. */
  readonly plugins: Readonly<Record<string, Count>>;
  /** Decisions whose first difference is in this field. */
  readonly fields: Readonly<Record<string, number>>;
}

/** Adds scenarios up as they come. */
export class Tally {
  readonly #all = new Counts();
  readonly #families = new Counts();
  readonly #plugins = new Counts();
  readonly #fields = new Map<string, number>();

  add(family: string, expected: readonly DecisionLine[], differences: readonly Difference[]): void {
    const first = new Map<number, string>();
    for (const {i, field} of differences) if (!first.has(i)) first.set(i, field);
    for (const field of first.values()) this.#fields.set(field, (this.#fields.get(field) ?? 0) + 1);
    for (const [i, line] of expected.entries()) {
      const isDifferent = first.has(i);
      this.#all.add('', isDifferent);
      this.#families.add(family, isDifferent);
      for (const plugin of pluginsOf(line)) this.#plugins.add(plugin, isDifferent);
    }
  }

  summary(): Summary {
    const {decisions, different} = this.#all.get('');
    return {
      decisions,
      equal: decisions - different,
      families: this.#families.toObject(),
      plugins: this.#plugins.toObject(),
      fields: sorted(this.#fields),
    };
  }
}

class Counts {
  readonly #byName = new Map<string, Count>();

  get(name: string): Count {
    return this.#byName.get(name) ?? {decisions: 0, different: 0};
  }

  add(name: string, isDifferent: boolean): void {
    const {decisions, different} = this.get(name);
    this.#byName.set(name, {decisions: decisions + 1, different: different + (isDifferent ? 1 : 0)});
  }

  toObject(): Readonly<Record<string, Count>> {
    return sorted(this.#byName);
  }
}

/** The plugins that turned a node or the pod down, told nodes apart by their scores, or looked for a remedy. */
export function pluginsOf(line: DecisionLine): ReadonlySet<string> {
  const {preFilter, infeasible = [], absent, scorePlugins = [], scores = {}, preemption, retry} = line;
  const plugins = new Set<string>(retry === undefined ? [] : pluginsOf(retry));
  for (const rejection of [preFilter, absent, ...infeasible]) {
    if (rejection?.plugin !== undefined) plugins.add(rejection.plugin);
  }
  const rows = Object.values(scores);
  for (const [i, plugin] of scorePlugins.entries()) {
    if (rows.some((row) => row[i + 1] !== rows[0]![i + 1])) plugins.add(plugin);
  }
  if (preemption !== undefined) plugins.add('DefaultPreemption');
  return plugins;
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
