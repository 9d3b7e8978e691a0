/** An instance with what a plan for it costs. */
export interface Measured {
  readonly set: string;
  readonly class: string;
  readonly name: string;
  readonly cost: number;
  readonly lowerBound: number;
  /** The optimum, or the best lower bound that is published; null: none is. */
  readonly known: number | null;
  /** Of the best published heuristic. */
  readonly heuristic: number | null;
  readonly seconds: number;
}

/** A table in Markdown: a row for each class of instances for which a best bound is published. */
export function summary(measured: readonly Measured[]): string {
  const known = measured.filter((one) => one.known !== null && one.heuristic !== null);
  const classes = Map.groupBy(known, (one) => `${one.set} ${one.class.replace('class', '')}`);
  const rows = [...classes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, own]) => {
      const over = (bins: (one: Measured) => number) =>
        (own.reduce((sum, one) => sum + bins(one) / one.known!, 0) / own.length).toFixed(4);
      const proved = own.filter(({cost, lowerBound}) => cost === lowerBound).length;
      const worse = own.filter(({cost, heuristic}) => cost > heuristic!).length;
      return [
        name,
        own.length,
        over(({cost}) => cost),
        over(({heuristic}) => heuristic!),
        worse,
        proved,
        median(own.map(({seconds}) => seconds)),
      ];
    });
  const head = [
    'class',
    'instances',
    'bins / best known',
    'best of 351 heuristics',
    'worse than it in',
    'proved',
    'median s',
  ];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
