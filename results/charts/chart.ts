import type {TopLevelSpec} from 'vega-lite';
import type {Table} from '../table.ts';

/**
 * A chart: a Vega-Lite specification whose title, subtitle and description are texts, so that a page can show the
 * words itself. The subtitle says what is left out, if anything is.
 */
export type Chart = TopLevelSpec & {
  readonly description: string;
  readonly title: {readonly text: string; readonly subtitle: string};
};

/** A chart with its figures as a table, for those who cannot see it or want the numbers. */
export interface Figure {
  readonly chart: Chart;
  readonly table: Table;
}

/** `$schema` of every specification. */
export const VEGA_LITE_SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';
