/** A table ready to be shown: texts in rows and columns, in any medium. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** One last row for the sum of all rows, those left out included. */
  readonly total?: readonly string[];
  /** Rows that are left out, so that the table can say so. */
  readonly more: number;
}

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly align: 'left' | 'right';
  /** A heading over this column and its neighbours with the same one. */
  readonly group?: string;
}

/** A column of text. */
export function textColumn(title: string): Column {
  return {title, align: 'left'};
}

/** A column of numbers, under the heading `group` if there is one. */
export function numberColumn(title: string, group?: string): Column {
  return {title, align: 'right', ...(group === undefined ? {} : {group})};
}

/** The first `limit` rows, and how many there are beyond them. */
export function limitRows<Row>(rows: readonly Row[], limit: number): {rows: readonly Row[]; more: number} {
  return {rows: rows.slice(0, limit), more: Math.max(0, rows.length - limit)};
}
