import {
  formatBytes,
  formatCores,
  formatCount,
  formatGibibytes,
  formatMoney,
  formatPercent,
  formatPlural,
  formatResource,
  printable,
  shareOf,
} from '../../results/format.ts';
import {type InstanceTypeRow, instanceTypeRows} from '../../results/instanceTypes.ts';
import {pendingGroups} from '../../results/pendingGroups.ts';
import type {ResultJob, ResultNode, SimulationResult} from '../../results/simulationResult.ts';
import type {Style} from './style.ts';
import {type TextColumn, textTable} from './textTable.ts';

const LEFT = 'left' as const;
const RIGHT = 'right' as const;
const SHOWN_GROUPS = 10;

/** The report of a simulation for a terminal; `wide` adds a row per node and one per workload. */
export function resultText(
  result: SimulationResult,
  style: Style,
  {wide, inputFlags}: {readonly wide: boolean; readonly inputFlags: string},
): string {
  return [
    headline(result, style),
    summaryLines(result, style),
    nodesByType(result, style),
    wide ? section('Nodes', nodesTable(result.nodes), style) : '',
    wide ? section('Workloads', workloadsTable(result), style) : '',
    jobs(result, style),
    waiting('Why pods are pending', result.pending, style),
    waiting('Held back by scheduling gates', result.gated, style),
    waiting('Left to another scheduler', result.ignored, style),
    waiting('Rejected by the API server', result.rejected, style),
    tryNext(result, style, inputFlags),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function headline(result: SimulationResult, style: Style): string {
  const {summary, parameters, scenario} = result;
  const name = scenario === null ? '' : `Scenario ${scenario}: `;
  const {kubernetesVersion, seed} = parameters;
  return style.bold(
    `${name}${formatPlural(summary.pods, 'pod')}, ${formatPlural(summary.nodes, 'node')}  (Kubernetes ${kubernetesVersion}, seed ${seed})\n`,
  );
}

function summaryLines({summary}: SimulationResult, style: Style): string {
  const {placed, pods, pending, rejected, gated, ignored, allocatable, requested, stranded, limits} = summary;
  const missing = [
    [pending, 'pending'],
    [rejected, 'rejected'],
    [gated, 'gated'],
    [ignored, 'ignored'],
  ] as const;
  const parts = missing.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  const outcome = parts.length === 0 ? style.green('✓ all placed') : style.yellow(`✗ ${parts.join(', ')}`);
  const use = (resource: 'cpu' | 'memory', whole: string): string =>
    [
      `${formatPercent(shareOf(requested[resource], allocatable[resource]))} requested of ${whole}`,
      `${formatPercent(shareOf(stranded[resource], allocatable[resource]))} stranded`,
      `limits ${formatPercent(shareOf(limits[resource], allocatable[resource]))}`,
    ].join('   ');
  const cost =
    summary.costPerHour === null
      ? 'unknown: some nodes have no price'
      : `${formatMoney(summary.costPerHour, summary.currency)}/h   ${formatMoney(summary.costPerMonth, summary.currency)}/month`;
  return [
    `  placed   ${formatCount(placed)}/${formatCount(pods)}   ${outcome}`,
    ...jobsLine(summary.jobs, style),
    `  cpu      ${use('cpu', `${formatCores(allocatable.cpu)} cores`)}`,
    `  memory   ${use('memory', formatBytes(allocatable.memory))}`,
    `  cost     ${cost}`,
    '',
  ].join('\n');
}

/** Placed pods are of no use to a job that lacks others. */
function jobsLine({running, waiting, refused}: SimulationResult['summary']['jobs'], style: Style): readonly string[] {
  const all = running + waiting + refused;
  if (all === 0) return [];
  const parts = [
    ...(waiting > 0 ? [`${formatCount(waiting)} waiting`] : []),
    ...(refused > 0 ? [`${formatCount(refused)} refused`] : []),
  ];
  const outcome = parts.length === 0 ? style.green('✓ all running') : style.yellow(`✗ ${parts.join(', ')}`);
  return [`  jobs     ${formatCount(running)}/${formatCount(all)}   ${outcome}`];
}

function nodesByType(result: SimulationResult, style: Style): string {
  if (result.nodes.length === 0) return '';
  const rows = instanceTypeRows(result);
  const columns: readonly TextColumn[] = [
    {title: 'INSTANCE-TYPE', align: LEFT},
    {title: 'NODES', align: RIGHT},
    {title: 'PODS', align: RIGHT},
    {title: 'CORES', align: RIGHT},
    {title: 'CPU%', align: RIGHT},
    {title: 'CPU-STRANDED', align: RIGHT},
    {title: 'GIB', align: RIGHT},
    {title: 'MEM%', align: RIGHT},
    {title: 'MEM-STRANDED', align: RIGHT},
    {title: 'PRICE/H', align: RIGHT},
  ];
  const cells = ({name, nodes, pods, allocatable, requested, stranded, costPerHour}: InstanceTypeRow): string[] => [
    name,
    formatCount(nodes),
    formatCount(pods),
    formatCores(allocatable.cpu),
    formatPercent(shareOf(requested.cpu, allocatable.cpu)),
    formatPercent(shareOf(stranded.cpu, allocatable.cpu)),
    formatGibibytes(allocatable.memory),
    formatPercent(shareOf(requested.memory, allocatable.memory)),
    formatPercent(shareOf(stranded.memory, allocatable.memory)),
    formatMoney(costPerHour, result.summary.currency),
  ];
  const all: InstanceTypeRow = {
    ...result.summary,
    name: '*',
    pods: result.summary.placed,
  };
  return section('Nodes by instance type', textTable(columns, [all, ...rows].map(cells), '  '), style);
}

function nodesTable(nodes: readonly ResultNode[]): string {
  const columns: readonly TextColumn[] = [
    {title: 'NODE', align: LEFT},
    {title: 'INSTANCE-TYPE', align: LEFT},
    {title: 'ZONE', align: LEFT},
    {title: 'PODS', align: RIGHT},
    {title: 'CPU', align: RIGHT},
    {title: 'CPU%', align: RIGHT},
    {title: 'CPU-LIMITS%', align: RIGHT},
    {title: 'MEMORY', align: RIGHT},
    {title: 'MEM%', align: RIGHT},
    {title: 'MEM-LIMITS%', align: RIGHT},
    {title: 'PRICE/H', align: RIGHT},
  ];
  const rows = nodes.map(({name, instanceType, zone, pods, requested, allocatable, limits, pricePerHour}) => [
    name,
    instanceType ?? '-',
    zone ?? '-',
    formatCount(pods),
    formatCores(requested.cpu ?? 0),
    formatPercent(shareOf(requested.cpu ?? 0, allocatable.cpu ?? 0)),
    formatPercent(shareOf(limits.cpu, allocatable.cpu ?? 0)),
    `${formatGibibytes(requested.memory ?? 0)}Gi`,
    formatPercent(shareOf(requested.memory ?? 0, allocatable.memory ?? 0)),
    formatPercent(shareOf(limits.memory, allocatable.memory ?? 0)),
    pricePerHour === null ? 'unknown' : String(pricePerHour),
  ]);
  return textTable(columns, rows, '  ');
}

function workloadsTable({workloads}: SimulationResult): string {
  const columns: readonly TextColumn[] = [
    {title: 'NAMESPACE', align: LEFT},
    {title: 'WORKLOAD', align: LEFT},
    {title: 'REPLICAS', align: RIGHT},
    {title: 'PLACED', align: RIGHT},
    {title: 'PENDING', align: RIGHT},
    {title: 'REJECTED', align: RIGHT},
    {title: 'CPU', align: RIGHT},
    {title: 'MEMORY', align: RIGHT},
  ];
  const rows = workloads.map(({namespace, kind, name, component, replicas, placed, pending, rejected, requests}) => [
    namespace,
    `${kind}/${name}${component === null ? '' : `/${component}`}`,
    formatCount(replicas),
    formatCount(placed),
    formatCount(pending),
    formatCount(rejected),
    requestText(requests, 'cpu'),
    requestText(requests, 'memory'),
  ]);
  return textTable(columns, rows, '  ');
}

/** What one pod asks for; a workload without pods asks for nothing that is known. */
function requestText(requests: Readonly<Record<string, number>>, name: string): string {
  if (Object.keys(requests).length === 0) return '-';
  return formatResource(name, requests[name] ?? 0).replace(' ', '');
}

function jobs({jobs: all, summary}: SimulationResult, style: Style): string {
  if (all.length === 0) return '';
  const columns: readonly TextColumn[] = [
    {title: 'JOB', align: LEFT},
    {title: 'STATE', align: LEFT},
    {title: 'PODS', align: LEFT},
    {title: 'SLOTS', align: RIGHT},
    {title: 'USED', align: RIGHT},
    {title: 'IDLE', align: RIGHT},
  ];
  const rows = all.map(({name, state, members, slots, cluster}) => [
    cluster === null ? name : `└ ${name}`,
    state,
    members.map(({component, placed, wanted}) => `${component}:${placed}/${wanted}`).join(',') || '-',
    slots === null ? '-' : formatCount(slots.total),
    slots?.used == null ? '-' : formatCount(slots.used),
    slots === null ? '-' : formatCount(slots.idle),
  ]);
  const stopped = all.filter(({state}) => state !== 'Running');
  const lines = stopped.slice(0, SHOWN_GROUPS).flatMap((job) => stoppedJob(job, style));
  const hidden = stopped.length - SHOWN_GROUPS;
  if (hidden > 0) lines.push(`  and ${formatPlural(hidden, 'other job')}; -o json has all of them`);
  return section(
    'Jobs',
    `${textTable(columns, rows, '  ')}${idleLine(summary.jobs)}${lines.map((line) => `${line}\n`).join('')}`,
    style,
  );
}

function idleLine({slots, idleSlots, idleManagedMemory}: SimulationResult['summary']['jobs']): string {
  if (idleSlots === 0) return '';
  const memory = idleManagedMemory === null ? '' : `, which hold ${formatBytes(idleManagedMemory)} of managed memory`;
  return `  ${formatCount(idleSlots)} of ${formatPlural(slots, 'slot')} idle${memory}\n`;
}

/** Why a job does not run, what it holds meanwhile, and what comes nearest to helping it. */
function stoppedJob({name, state, message, heldIdle, nearestMiss, slots}: ResultJob, style: Style): readonly string[] {
  const held = [
    ...(heldIdle.memory > 0 || heldIdle.cpu > 0
      ? [`${formatCores(heldIdle.cpu)} cores and ${formatBytes(heldIdle.memory)} reserved, nothing running`]
      : []),
    ...(slots !== null && slots.idle > 0 ? [`${formatPlural(slots.idle, 'slot')} idle`] : []),
  ];
  return [
    `  ${style.yellow(`✗ ${name}`)} ${state === 'Refused' ? 'does not start' : 'waits'}: ${printable(message ?? '')}`,
    ...(held.length === 0 ? [] : [`    ${held.join('; ')}`]),
    ...(nearestMiss === null ? [] : [style.dim(`    nearest to taking ${nearestMiss.pod}: ${missText(nearestMiss)}`)]),
  ];
}

function missText({node, reasons, short}: NonNullable<ResultJob['nearestMiss']>): string {
  const missing = Object.entries(short).map(([name, amount]) => `${formatResource(name, amount)} ${name}`);
  const others = reasons.filter((reason) => !/^(?:Insufficient |Too many pods)/.test(reason));
  const parts = [...(missing.length === 0 ? [] : [`short of ${missing.join(' and ')}`]), ...others];
  return `node ${node}, ${parts.join('; ')}`;
}

function waiting(
  title: string,
  pods: readonly {readonly pod: string; readonly message: string}[],
  style: Style,
): string {
  if (pods.length === 0) return '';
  const groups = pendingGroups(pods);
  const lines = groups.slice(0, SHOWN_GROUPS).flatMap(({message, count, examples}) => {
    const more = count - 1;
    return [
      `  ${printable(message)}`,
      style.dim(`    ${podReference(examples[0]!)}${more === 0 ? '' : ` and ${formatPlural(more, 'other pod')}`}`),
    ];
  });
  const hidden = groups.length - SHOWN_GROUPS;
  if (hidden > 0) lines.push(`  and ${formatPlural(hidden, 'other reason')}; -o json has all of them`);
  return section(title, `${lines.join('\n')}\n`, style);
}

function tryNext(result: SimulationResult, style: Style, inputFlags: string): string {
  const [first] = result.pending;
  const commands: [command: string, purpose: string][] = [];
  if (first !== undefined) {
    commands.push([`stowage explain ${podArguments(first.pod)} ${inputFlags}`, 'see every node and plugin']);
  }
  commands.push([`stowage simulate ${inputFlags} -o wide`, 'every node and workload']);
  commands.push([`stowage simulate ${inputFlags} -o html > report.html`, 'the same as a page with charts']);
  const width = Math.max(...commands.map(([command]) => command.length));
  const lines =
    width > 90
      ? commands.map(([command, purpose]) => `  ${style.dim(`# ${purpose}`)}\n  ${command}`)
      : commands.map(([command, purpose]) => `  ${command.padEnd(width)}  ${style.dim(`# ${purpose}`)}`);
  return section('Try next', `${lines.join('\n')}\n`, style);
}

function section(title: string, body: string, style: Style): string {
  return `${style.bold(title)}\n${body}`;
}

/** `pod/NAME in NAMESPACE`. */
function podReference(pod: string): string {
  const [namespace = '', name = ''] = pod.split('/');
  return printable(`pod/${name} in ${namespace}`);
}

function podArguments(pod: string): string {
  const [namespace = '', name = ''] = pod.split('/');
  return printable(`pod/${name} -n ${namespace}`);
}
