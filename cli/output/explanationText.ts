import type {Resources} from '../../model/resources.ts';
import {CPU} from '../../model/resources.ts';
import {formatCount, formatPlural, formatResource, printable} from '../../results/format.ts';
import type {ResultWorkload, SimulationResult} from '../../results/simulationResult.ts';
import type {ExplainedNode, PodExplanation} from '../../simulator/explain.ts';
import type {Style} from './style.ts';
import {textTable} from './textTable.ts';

/** Nodes shown of each kind; -o json has all of them. */
const SHOWN_NODES = 10;

/** Why a pod is where it is, from a replay: the verdict, then the nodes by reason or by score. */
export function explanationText(explanation: PodExplanation, style: Style): string {
  const {pod, outcome, node, message, priority, requests, nodes, nearestMiss, position} = explanation;
  const [namespace = '', name = ''] = pod.split('/');
  const verdict = {
    placed: `is placed on node/${node}`,
    bound: `is bound to node/${node} by the input; it was not scheduled here`,
    pending: 'is pending',
    gated: 'is held back',
    ignored: 'is left to another scheduler',
  }[outcome];
  const lines = [
    style.bold(printable(`pod/${name} in ${namespace} ${verdict}`)),
    `  requests   ${resourcesText(requests) || 'nothing'}`,
    `  priority   ${priority}; ${formatPlural(position, 'pod')} scheduled before it`,
  ];
  if (message !== null) lines.push(`  message    ${printable(message)}`);
  if (nearestMiss !== null) {
    lines.push(`  nearest    node/${nearestMiss.node} is short of ${resourcesText(nearestMiss.short)}`);
  }
  lines.push('');
  const feasible = nodes.filter((one) => one.feasible);
  if (outcome === 'placed') lines.push(scoresText(feasible, node, style));
  const rejected = nodes.filter(({rejection}) => rejection !== null);
  if (rejected.length > 0) lines.push(rejectionsText(rejected, style));
  const unseen = nodes.filter(({visited}) => !visited).length;
  if (unseen > 0) lines.push(`${formatPlural(unseen, 'node')} not looked at: the search had found enough\n`);
  return `${lines.join('\n')}`;
}

/** What a result file knows of a pod. */
export function resultExplanationText(
  {
    pod,
    state,
    node,
    message,
    reasons,
    workload,
  }: {
    readonly pod: string;
    readonly state: string;
    readonly node: string | null;
    readonly message: string | null;
    readonly reasons: SimulationResult['pending'][number]['reasons'];
    readonly workload: ResultWorkload;
  },
  style: Style,
): string {
  const [namespace = '', name = ''] = pod.split('/');
  const requests = Object.entries(workload.requests).map(
    ([resource, amount]) => `${resource} ${formatResource(resource, amount)}`,
  );
  const lines = [
    style.bold(printable(`pod/${name} in ${namespace} is ${state}${node === null ? '' : ` on node/${node}`}`)),
    `  workload   ${printable(`${workload.kind}/${workload.name}`)}${workload.component === null ? '' : ` (${workload.component})`}`,
    `  requests   ${requests.join(', ') || 'nothing'}`,
  ];
  if (message !== null) lines.push(`  message    ${printable(message)}`);
  const table = textTable(
    [
      {title: 'NODES', align: 'right'},
      {title: 'PLUGIN', align: 'left'},
      {title: 'REASON', align: 'left'},
    ],
    reasons.map(({nodes, plugin, reason}) => [formatCount(nodes), plugin, reason]),
    '  ',
  );
  return `${lines.join('\n')}\n${reasons.length === 0 ? '' : `\n${table}`}`;
}

function scoresText(feasible: readonly ExplainedNode[], chosen: string | null, style: Style): string {
  const scored = feasible.filter(({total}) => total !== null);
  if (scored.length === 0) {
    return `${style.bold('Score')}\n  node/${chosen} was the only node that passed the filters, so nothing was scored\n`;
  }
  const sorted = [...scored].sort((a, b) => b.total! - a.total!);
  const index = sorted.findIndex(({node}) => node === chosen);
  // The node taken stands first among its equals.
  const [taken] = index < 0 ? [] : sorted.splice(index, 1);
  const rows = [...(taken === undefined ? [] : [taken]), ...sorted];
  const plugins = rows[0]!.scores.map(({plugin}) => plugin);
  const table = textTable(
    [
      {title: 'NODE', align: 'left'},
      {title: 'TOTAL', align: 'right'},
      ...plugins.map((title) => ({title, align: 'right' as const})),
    ],
    rows
      .slice(0, SHOWN_NODES)
      .map(({node, total, scores}) => [
        node,
        formatCount(total!),
        ...scores.map(({weighted}) => formatCount(weighted)),
      ]),
    '  ',
  );
  const more = rows.length - SHOWN_NODES;
  return `${style.bold(`Score: ${formatPlural(rows.length, 'node')} passed the filters; weighted, best first`)}\n${table}${
    more > 0 ? `  and ${formatPlural(more, 'other node')}; -o json has all of them\n` : ''
  }`;
}

function rejectionsText(rejected: readonly ExplainedNode[], style: Style): string {
  const groups = Map.groupBy(rejected, ({rejection}) => `${rejection!.plugin}\0${rejection!.reasons.join(', ')}`);
  const rows = [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map((group) => {
      const [first] = group;
      const {plugin, reasons} = first!.rejection!;
      const short = resourcesText(first!.short);
      const example = `${first!.node}${short === '' ? '' : `, short of ${short}`}`;
      return [formatCount(group.length), plugin, reasons.join(', '), example];
    });
  const table = textTable(
    [
      {title: 'NODES', align: 'right'},
      {title: 'PLUGIN', align: 'left'},
      {title: 'REASON', align: 'left'},
      {title: 'FOR-EXAMPLE', align: 'left'},
    ],
    rows.slice(0, SHOWN_NODES),
    '  ',
  );
  return `${style.bold(`Filter: ${formatPlural(rejected.length, 'node')} turned down`)}\n${table}`;
}

/** In the units of manifests; the amounts are in the scheduler's. */
function resourcesText(resources: Resources): string {
  return Object.keys(resources)
    .sort((a, b) => (a < b ? -1 : 1))
    .filter((name) => resources[name]! > 0)
    .map((name) => `${name} ${formatResource(name, name === CPU ? resources[name]! / 1000 : resources[name]!)}`)
    .join(', ');
}
