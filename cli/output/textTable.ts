import stringWidth from 'fast-string-width';
import {printable} from '../../results/format.ts';

export interface TextColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Rows under their titles, columns two blanks apart, nothing drawn: text that cut and awk understand. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[], indent = ''): string {
  const cells = [columns.map(({title}) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => stringWidth(row[column] ?? ''))));
  return cells
    .map((row) => {
      const texts = columns.map(({align}, column) => {
        const text = row[column] ?? '';
        const blanks = ' '.repeat(widths[column]! - stringWidth(text));
        return align === 'right' ? blanks + text : text + blanks;
      });
      return `${indent}${texts.join('  ').trimEnd()}\n`;
    })
    .join('');
}
