/** What every page of a report is made of. */
import type {Figure} from '../charts/chart.ts';
import {formatCount} from '../format.ts';
import {type Html, html, trustedHtml} from '../html.ts';
import type {KeyFigure} from '../keyFigure.ts';
import type {Column, Table} from '../table.ts';
import {renderSvg} from './renderSvg.ts';
import {REPORT_STYLE} from './reportStyle.ts';

const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** What stranded capacity is filled with. A pattern must be in the page, and not hidden, to be used. */
const HATCH =
  '<svg class="hatch" aria-hidden="true"><defs><pattern id="stranded" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5"/><path d="M1 0V5" stroke-width="1.6"/></pattern></defs></svg>';

/** A whole page around its body: no script, no request. */
export function htmlPage(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Stowage</title>
<style>${trustedHtml(REPORT_STYLE)}</style>
</head>
<body>
${trustedHtml(HATCH)}
${body}
</body>
</html>
`.markup;
}

export function keyFigureList(figures: readonly KeyFigure[]): Html {
  return html`<dl class="figures">
${figures.map(
  ({title, figure, details}) =>
    html`<div><dt>${title}</dt><dd class="figure">${figure}</dd><dd class="detail">${details.map(unbroken).join(', ')}</dd></div>\n`,
)}</dl>`;
}

/** Wraps nowhere: a figure stays with its unit. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u{a0}');
}

/** The title and subtitle are set as text of the page, so that they wrap and can be found. */
export async function renderFigure({chart, table}: Figure): Promise<Html> {
  const {title, ...untitled} = chart;
  const svg = await renderSvg(untitled);
  return html`<h3>${title.text}</h3>
<figure>
<figcaption>${title.subtitle}</figcaption>
<div class="scroll" role="img" aria-label="${chart.description}">${trustedHtml(svg)}</div>
</figure>
<details>
<summary>View as table</summary>
${renderTable(table)}
</details>
`;
}

export function renderTable({caption, columns, rows, total, more}: Table): Html {
  const cell = (text: string, index: number) =>
    index === rowHeader(columns)
      ? html`<th scope="row"${className(columns[index])}>${text}</th>`
      : html`<td${className(columns[index], text)}>${text}</td>`;
  return html`<div class="scroll"><table>
<caption>${caption}</caption>
${tableHead(columns)}
<tbody>
${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody>
${total === undefined ? '' : html`<tfoot><tr>${total.map(cell)}</tr></tfoot>`}
</table></div>
${more === 0 ? '' : html`<p class="more">${formatCount(more)} more in the result file.</p>`}`;
}

/** The first column of text names the row. */
function rowHeader(columns: readonly Column[]): number {
  return columns.findIndex(({align}) => align === 'left');
}

/** Nothing is shown more quietly than something, so that the few pods that wait stand out. */
function className(column: Column | undefined, text = ''): Html {
  if (column?.align !== 'right') return html``;
  return NOTHING.has(text) ? html` class="number nothing"` : html` class="number"`;
}

const NOTHING = new Set(['0', '0.0', '0.0%', '–']);

/** One row of titles, and above it one of the headings that neighbouring columns share. */
function tableHead(columns: readonly Column[]): Html {
  const titles = columns.map((column) => html`<th scope="col"${className(column)}>${column.title}</th>`);
  if (columns.every(({group}) => group === undefined)) return html`<thead><tr>${titles}</tr></thead>`;
  const spans: {group: string | undefined; width: number}[] = [];
  for (const {group} of columns) {
    const last = spans.at(-1);
    if (last?.group === group && last !== undefined) last.width += 1;
    else spans.push({group, width: 1});
  }
  const headings = spans.map(({group, width}) =>
    group === undefined
      ? html`<td colspan="${width}"></td>`
      : html`<th scope="colgroup" colspan="${width}"><span>${group}</span></th>`,
  );
  return html`<thead><tr>${headings}</tr>
<tr>${titles}</tr></thead>`;
}
