import type {Figure} from '../charts/chart.ts';
import {memoryBreakdown, memoryBreakdownTable} from '../charts/memoryBreakdown.ts';
import {nodeBars, nodeBarsTable} from '../charts/nodeBars.ts';
import {strandedScatter, strandedScatterTable} from '../charts/strandedScatter.ts';
import {formatBytes, formatCores, formatCount, formatMoney, formatPercent, formatPlural, shareOf} from '../format.ts';
import {type Html, html} from '../html.ts';
import {instanceTypesTable, jobsTable, messagesTable, warningsTable, workloadsTable} from '../reportTables.ts';
import type {SimulationResult} from '../simulationResult.ts';
import type {Table} from '../table.ts';
import {htmlPage, keyFigureList, renderFigure, renderTable} from './htmlParts.ts';

/**
 * One page for people about one simulation: figures, why pods are pending, nodes, charts, workloads. The page is whole
 * in itself: no script, no request, every text of the input escaped. The same result gives the same page.
 */
export async function htmlReport(result: SimulationResult): Promise<string> {
  const {gated, ignored, jobs, nodes, pending, rejected, scenario, warnings, workloads} = result;
  const name = scenario ?? 'Simulation';
  const figures = nodes.length === 0 ? [] : await Promise.all(chartsOf(result).map(renderFigure));
  return htmlPage(
    name,
    html`<header>
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
${footer(result)}`,
  );
}

function chartsOf(result: SimulationResult): readonly Figure[] {
  return [
    {chart: nodeBars(result), table: nodeBarsTable(result)},
    {chart: memoryBreakdown(result), table: memoryBreakdownTable(result)},
    {chart: strandedScatter(result), table: strandedScatterTable(result)},
  ];
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
  return keyFigureList([
    {title: 'Pods placed', figure: formatCount(summary.placed), details: [`of ${formatCount(summary.pods)}`]},
    {
      title: 'Pods not placed',
      figure: formatCount(summary.pods - summary.placed),
      details: [`${formatCount(summary.pending)} pending`, `${formatCount(summary.rejected)} rejected`, ...others],
    },
    {
      title: 'Nodes',
      figure: formatCount(summary.nodes),
      details: [`${formatCores(allocatable.cpu)} cores`, formatBytes(allocatable.memory)],
    },
    {
      title: 'CPU requested',
      figure: formatPercent(shareOf(requested.cpu, allocatable.cpu)),
      details: capacity('cpu'),
    },
    {
      title: 'Memory requested',
      figure: formatPercent(shareOf(requested.memory, allocatable.memory)),
      details: capacity('memory'),
    },
    {
      title: 'Cost per month',
      figure: formatMoney(summary.costPerMonth, currency),
      details: [
        summary.costPerHour === null
          ? 'some prices are unknown'
          : `${formatMoney(summary.costPerHour, currency)} per hour`,
      ],
    },
  ]);
}

/** A section with one table; one without rows says `empty`, or is left out where that says nothing. */
function section(title: string, rows: number, table: () => Table, empty?: string): Html {
  if (rows === 0 && empty === undefined) return html``;
  return html`<h2>${title}</h2>
${rows === 0 ? html`<p class="subtle">${empty ?? ''}</p>` : renderTable(table())}`;
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
