import {formatCount, formatResource, printable} from '../../results/format.ts';
import type {ResultWorkload, SimulationResult} from '../../results/simulationResult.ts';
import type {Style} from './style.ts';
import {textTable} from './textTable.ts';

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
