import type {Chart} from '../charts/chart.ts';
import {memoryBreakdown, memoryBreakdownTable} from '../charts/memoryBreakdown.ts';
import {nodeBars, nodeBarsTable} from '../charts/nodeBars.ts';
import {strandedScatter, strandedScatterTable} from '../charts/strandedScatter.ts';
import {formatBytes, formatCores, formatCount, formatMoney, formatPercent, formatPlural, shareOf} from '../format.ts';
import {type Html, html, trustedHtml} from '../html.ts';
import {instanceTypesTable, jobsTable, messagesTable, warningsTable, workloadsTable} from '../reportTables.ts';
import type {SimulationResult} from '../simulationResult.ts';
import type {Column, Table} from '../table.ts';
import {renderSvg} from './renderSvg.ts';
import {REPORT_STYLE} from './reportStyle.ts';

const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * One page for people about one simulation: figures, why pods are pending, nodes, charts, workloads. The page is whole
 * in itself: no script, no request, every text of the input escaped. The same result gives the same page.
 */
export async function htmlReport(result: SimulationResult): Promise<string> {
  const {gated, ignored, jobs, nodes, pending, rejected, scenario, warnings, workloads} = result;
  const name = scenario ?? 'Simulation';
  const figures = nodes.length === 0 ? [] : await Promise.all(chartsOf(result).map(renderFigure));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name} – Stowage</title>
<style>${trustedHtml(REPORT_STYLE)}</style>
</head>
<body>
${trustedHtml(HATCH)}
<header>
<h1>${name}</h1>
<p class="subtle">Simulated placement by kube-scheduler ${result.parameters.kubernetesVersion}</p>
${verdict(result)}
${keyFigures(result)}
</header>
<main>
${section('Why pods are pending', pending.length, () => messagesTable('Pending pods by the message of the scheduler', pending))}
${section('Jobs', jobs.length, () => jobsTable(result))}
${section('Pods held back', gated.length, () => messagesTable('Pods with a scheduling gate, which the scheduler does not try', gated))}
${section('Pods of another scheduler', ignored.length, () => messagesTable('Pods that name a scheduler the configuration does not have', ignored))}
${section('Rejected pods', rejected.length, () => messagesTable('Pods that the API server would not create, by its message', rejected))}
${section('Nodes', nodes.length, () => instanceTypesTable(result), 'There are no nodes.')}
${figures}
${section('Workloads', workloads.length, () => workloadsTable(result), 'There are no workloads.')}
${section('Warnings', warnings.length, () => warningsTable(result))}
</main>
${footer(result)}
</body>
</html>
`.markup;
}

/** What stranded capacity is filled with. A pattern must be in the page, and not hidden, to be used. */
const HATCH =
  '<svg class="hatch" aria-hidden="true"><defs><pattern id="stranded" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5"/><path d="M1 0V5" stroke-width="1.6"/></pattern></defs></svg>';

interface Figure {
  readonly chart: Chart;
  readonly table: Table;
}

function chartsOf(result: SimulationResult): readonly Figure[] {
  return [
    {chart: nodeBars(result), table: nodeBarsTable(result)},
    {chart: memoryBreakdown(result), table: memoryBreakdownTable(result)},
    {chart: strandedScatter(result), table: strandedScatterTable(result)},
  ];
}

/** The title and subtitle are set as text of the page, so that they wrap and can be found. */
async function renderFigure({chart, table}: Figure): Promise<Html> {
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

/** Pods and jobs in one sentence: pods that are placed are of no use to a job that lacks others. */
function verdict({summary}: SimulationResult): Html {
  const {pods, placed, jobs} = summary;
  if (pods === 0) return html`<p class="verdict">There are no pods to place.</p>`;
  const unplaced = pods - placed;
  const stopped = jobs.waiting + jobs.refused;
  const ofPods =
    unplaced === 0
      ? `${pods === 1 ? 'The pod is' : `All ${formatCount(pods)} pods are`} placed`
      : `${formatCount(unplaced)} of ${formatPlural(pods, 'pod')} ${unplaced === 1 ? 'is' : 'are'} not placed`;
  const ofJobs =
    stopped === 0
      ? ''
      : `; ${formatCount(stopped)} of ${formatPlural(stopped + jobs.running, 'job')} ${stopped === 1 ? 'does' : 'do'} not run`;
  return html`<p class="verdict ${unplaced + stopped === 0 ? 'good' : 'bad'}">${ofPods}${ofJobs}.</p>`;
}

function keyFigures({summary}: SimulationResult): Html {
  const {allocatable, currency, fragmentation, requested, stranded} = summary;
  const others = [
    summary.gated > 0 ? `${formatCount(summary.gated)} gated` : '',
    summary.ignored > 0 ? `${formatCount(summary.ignored)} ignored` : '',
    summary.evicted > 0 ? `${formatCount(summary.evicted)} evicted` : '',
  ].filter((text) => text !== '');
  const capacity = (resource: 'cpu' | 'memory') => {
    const share = (amount: number) => formatPercent(shareOf(amount, allocatable[resource]));
    return [`stranded ${share(stranded[resource])}`, `fragmentation ${formatPercent(fragmentation[resource])}`];
  };
  const figures: readonly [title: string, figure: string, ...details: string[]][] = [
    ['Pods placed', formatCount(summary.placed), `of ${formatCount(summary.pods)}`],
    [
      'Pods not placed',
      formatCount(summary.pods - summary.placed),
      `${formatCount(summary.pending)} pending`,
      `${formatCount(summary.rejected)} rejected`,
      ...others,
    ],
    ['Nodes', formatCount(summary.nodes), `${formatCores(allocatable.cpu)} cores`, formatBytes(allocatable.memory)],
    ['CPU requested', formatPercent(shareOf(requested.cpu, allocatable.cpu)), ...capacity('cpu')],
    ['Memory requested', formatPercent(shareOf(requested.memory, allocatable.memory)), ...capacity('memory')],
    [
      'Cost per month',
      formatMoney(summary.costPerMonth, currency),
      summary.costPerHour === null
        ? 'some prices are unknown'
        : `${formatMoney(summary.costPerHour, currency)} per hour`,
    ],
  ];
  return html`<dl class="figures">
${figures.map(
  ([title, figure, ...details]) =>
    html`<div><dt>${title}</dt><dd class="figure">${figure}</dd><dd class="detail">${details.map(unbroken).join(', ')}</dd></div>\n`,
)}</dl>`;
}

/** Wraps nowhere: a figure stays with its unit. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u{a0}');
}

/** A section with one table; one without rows says `empty`, or is left out where that says nothing. */
function section(title: string, rows: number, table: () => Table, empty?: string): Html {
  if (rows === 0 && empty === undefined) return html``;
  return html`<h2>${title}</h2>
${rows === 0 ? html`<p class="subtle">${empty ?? ''}</p>` : renderTable(table())}`;
}

function renderTable({caption, columns, rows, total, more}: Table): Html {
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

function footer({exporter, inputDigest, parameters, scenario}: SimulationResult): Html {
  const definitions: readonly [string, string][] = [
    ['Requested', 'the sum of the requests of the pods on the nodes, as the scheduler counts them.'],
    ['Allocatable', 'what a node offers to pods: its capacity less what system and kubelet keep.'],
    ['Stranded', 'free capacity that the mix of this run could never use, because the other resource runs out first.'],
    ['Fragmentation', 'the share of the free amount that a random pod of this run cannot use.'],
    ['Limits', 'the sum of the limits of the pods on the nodes; above 100% they cannot all be used at once.'],
    ['Month', '730 hours.'],
  ];
  const origin: readonly [string, string][] = [
    ['Scenario', scenario ?? 'none'],
    ['Kubernetes', parameters.kubernetesVersion],
    [
      'Nodes scored',
      `${parameters.percentageOfNodesToScore === 0 ? 'adaptive' : `${parameters.percentageOfNodesToScore}%`}, ties ${parameters.ties}`,
    ],
    ['Seed', String(parameters.seed)],
    ['Written by', exporter],
    ['Input', inputDigest],
  ];
  const list = (entries: readonly [string, string][]) =>
    html`<dl>${entries.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>\n`)}</dl>`;
  return html`<footer><div>
${list(definitions)}
${list(origin)}
</div></footer>`;
}
