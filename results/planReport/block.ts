import type {Figure} from '../charts/chart.ts';
import type {Table} from '../table.ts';
import type {Fact} from './assumptions.ts';

/** One piece of a report. Texts may have `code` in backticks. */
export type Block =
  | {readonly kind: 'text'; readonly text: string}
  | {readonly kind: 'list'; readonly items: readonly string[]}
  | {readonly kind: 'facts'; readonly facts: readonly Fact[]}
  | {readonly kind: 'table'; readonly table: Table}
  | ({readonly kind: 'figure'} & Figure);
