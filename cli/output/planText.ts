import {formatCount, formatPlural, formatPrice} from '../../results/format.ts';
import {changes} from '../../results/planReport/changes.ts';
import type {PlanResult} from '../../results/planResult.ts';
import {nearestText} from './nearestText.ts';
import type {Style} from './style.ts';
import {textTable} from './textTable.ts';
import {wrapText} from './wrapText.ts';

/** Of texts that are not tables, in characters. */
const WIDTH = 100;

/** A plan as text: what it costs, what to buy, what others would have bought, and what does not fit. */
export function planText(plan: PlanResult, style: Style): string {
  return [summary(plan, style), machines(plan), comparisons(plan), policies(plan), outlook(plan), remarks(plan, style)]
    .filter((part) => part !== '')
    .join('\n');
}

function summary(
  {costPerHour, lowerBoundPerHour, gap, packing, currency, verified, ...plan}: PlanResult,
  style: Style,
): string {
  const rows = [
    ['Plan', `${formatPrice(costPerHour, currency)} an hour, ${formatPlural(total(plan.nodes), 'node')}`],
    [
      'Bound',
      plan.certificate === null
        ? 'none: the search ended before it had one'
        : `${formatPrice(lowerBoundPerHour, currency)} an hour: no plan costs less`,
    ],
    [
      'Gap',
      `${percent(gap)} (packing alone: ${percent(packing.gap)} at ${formatPrice(packing.costPerHour, currency)})`,
    ],
    [
      'Scheduler',
      `${formatPlural(verified.placed, 'pod')} placed, ${verified.pending === 0 ? style.green('none pending') : style.red(`${formatCount(verified.pending)} pending`)}${plan.parameters.states.length > 1 ? `, in ${plan.parameters.states.join(', ')}; most is needed in ${plan.bindingState}` : ''}`,
    ],
  ];
  return rows.map(([name, text]) => `${name!.padEnd(10)}${text}\n`).join('');
}

function total(nodes: PlanResult['nodes']): number {
  return nodes.reduce((sum, {count}) => sum + count, 0);
}

function percent(gap: number | null): string {
  return gap === null ? 'unknown' : `${(gap * 100).toFixed(2)} %`;
}

function machines({nodes, currency}: PlanResult): string {
  return textTable(
    [
      {title: 'NODES', align: 'right'},
      {title: 'TYPE', align: 'left'},
      {title: 'POOL', align: 'left'},
      {title: 'PRICE/H', align: 'right'},
      {title: 'COST/H', align: 'right'},
    ],
    nodes.map(({count, instanceType, nodePool, pricePerHour}) => [
      formatCount(count),
      instanceType,
      nodePool,
      formatPrice(pricePerHour, currency),
      formatPrice(count * pricePerHour, currency),
    ]),
  );
}

function comparisons({comparisons: others, costPerHour, currency, parameters: {limits}}: PlanResult): string {
  const none = limits.nodes === null && limits.instanceTypes === null ? 'no plan' : 'none within the limits';
  return textTable(
    [
      {title: 'INSTEAD', align: 'left'},
      {title: 'COST/H', align: 'right'},
      {title: 'MORE', align: 'right'},
    ],
    others.map(({name, costPerHour: other}) => [
      name,
      other === null ? none : formatPrice(other, currency),
      other === null ? '–' : percent(other / costPerHour - 1),
    ]),
  );
}

/** What the other policies cost, and the plan without what it survives. */
function policies({policies: [own, ...others], currency}: PlanResult): string {
  if (own === undefined || others.length === 0) return '';
  return textTable(
    [
      {title: 'PRICE OF POLICIES', align: 'left'},
      {title: 'SURVIVES', align: 'left'},
      {title: 'COST/H', align: 'right'},
      {title: 'MORE', align: 'right'},
      {title: 'BOUND/H', align: 'right'},
      {title: 'GAP', align: 'right'},
      {title: 'PENDING', align: 'right'},
    ],
    [own, ...others].map(({name, states, costPerHour, lowerBoundPerHour, gap, pending}) => [
      name,
      states.slice(1).join(', ') || '–',
      ...(costPerHour === null || own.costPerHour === null
        ? ['none within the limits', '–', '–', '–', '–']
        : [
            formatPrice(costPerHour, currency),
            percent(costPerHour / own.costPerHour - 1),
            formatPrice(lowerBoundPerHour, currency),
            percent(gap),
            formatCount(pending),
          ]),
    ]),
  );
}

/** What would change the plan, in words; the figures are in the other formats. */
function outlook({outlook: own}: PlanResult): string {
  const facts = own === undefined ? [] : changes(own);
  const widest = Math.max(...facts.map(([term]) => term.length));
  const lines = facts.map(([term, text]) => `${wrapText(`${term.padEnd(widest)}  `, text, WIDTH)}\n`);
  return facts.length === 0 ? '' : `WHAT WOULD CHANGE IT\n${lines.join('')}`;
}

function remarks({unplaceable, pins, notPlanned, isStopped, nodes}: PlanResult, style: Style): string {
  const lines = unplaceable.map(({workload, pods, conflict, nearest}) => {
    const near = nearest === null ? '' : nearestText(nearest.instanceType, nearest.shortfall);
    return style.red(`no machine for ${formatPlural(pods, 'pod')} of ${workload}: ${conflict.join(' and ')}${near}`);
  });
  const pools = new Map(nodes.filter(({nodePool}) => nodePool !== 'general').map((node) => [node.nodePool, node]));
  for (const [name, {labels, taints}] of pools) {
    const given = [
      ...Object.entries(labels).map(([key, value]) => `label ${key}=${value}`),
      ...taints.map(({key, value, effect}) => `taint ${key}${value === undefined ? '' : `=${value}`}:${effect}`),
    ];
    lines.push(`nodes of pool ${name} need ${given.join(' and ')}`);
  }
  const tolerating = pins.some(({toleration}) => toleration !== undefined) ? ' and tolerations' : '';
  if (pins.length > 0)
    lines.push(`${formatPlural(pins.length, 'workload')} need node affinity${tolerating}, see pins in -o json`);
  const {pods, resources, unpricedTypes, unpublishedTypes, burstableTypes, acceleratedTypes} = notPlanned;
  if (pods > 0) lines.push(`${formatPlural(pods, 'pod')} left out: gated, or for another scheduler`);
  for (const name of resources) lines.push(`${name} is not planned: every node is taken to have enough`);
  const unknown = unpricedTypes.length + unpublishedTypes.length;
  if (unknown > 0) lines.push(`${formatPlural(unknown, 'type')} left out: price or memory for pods not known`);
  const special = [
    ...(burstableTypes.length > 0 ? [`${formatCount(burstableTypes.length)} burstable`] : []),
    ...(acceleratedTypes.length > 0 ? [`${formatCount(acceleratedTypes.length)} with accelerators`] : []),
  ];
  if (special.length > 0) lines.push(`types left out: ${special.join(', ')}`);
  if (isStopped) lines.push('a limit ended the search: another run may end elsewhere');
  return lines.map((line) => `${line}\n`).join('');
}
