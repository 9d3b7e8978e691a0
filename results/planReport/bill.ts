import {
  formatCores,
  formatCount,
  formatGibibytes,
  formatMoney,
  formatPercent,
  formatPrice,
  shareOf,
} from '../format.ts';
import {HOURS_PER_MONTH} from '../metrics.ts';
import type {PlanResult} from '../planResult.ts';
import type {ResultNode, SimulationResult} from '../simulationResult.ts';
import {numberColumn, type Table, textColumn} from '../table.ts';
import {machinesOf} from './answer.ts';

type Line = PlanResult['nodes'][number];

/** One row per instance type and pool, the dearest first, with what its machines offer and hold. */
export function billTable(plan: PlanResult, placement: SimulationResult): Table {
  const {costPerHour, currency} = plan;
  const hasPools = plan.nodes.some(({nodePool}) => nodePool !== plan.nodes[0]!.nodePool);
  const groups = [...Map.groupBy(plan.nodes, ({instanceType, nodePool}) => `${nodePool} ${instanceType}`).values()]
    .map((lines) => ({line: lines[0]!, count: machinesOf({nodes: lines})}))
    .sort((a, b) => b.count * b.line.pricePerHour - a.count * a.line.pricePerHour);
  const month = (perHour: number) => formatMoney(perHour * HOURS_PER_MONTH, currency);
  return {
    caption: 'What to buy. A month has 730 hours; shares of CPU and memory are of what is allocatable to pods.',
    columns: [
      textColumn('Instance type'),
      ...(hasPools ? [textColumn('Pool')] : []),
      numberColumn('Machines'),
      numberColumn('each', 'Price per hour'),
      numberColumn('all', 'Price per hour'),
      numberColumn('Per month'),
      numberColumn('Share'),
      numberColumn('cores', 'Allocatable of one'),
      numberColumn('GiB', 'Allocatable of one'),
      numberColumn('CPU', 'Requested'),
      numberColumn('memory', 'Requested'),
      numberColumn('Pods'),
    ],
    rows: groups.map(({line, count}) => {
      const cost = count * line.pricePerHour;
      return [
        line.instanceType,
        ...(hasPools ? [line.nodePool] : []),
        formatCount(count),
        formatPrice(line.pricePerHour, currency),
        formatMoney(cost, currency),
        month(cost),
        formatPercent(shareOf(cost, costPerHour)),
        formatCores(line.allocatable.cpu),
        formatGibibytes(line.allocatable.memory),
        ...uses(nodesOf(line, placement)),
      ];
    }),
    total: [
      'all',
      ...(hasPools ? [''] : []),
      formatCount(machinesOf(plan)),
      '',
      formatMoney(costPerHour, currency),
      month(costPerHour),
      '',
      '',
      '',
      ...uses(placement.nodes),
    ],
    more: 0,
  };
}

function nodesOf({instanceType, nodePool}: Line, {nodes}: SimulationResult): readonly ResultNode[] {
  return nodes.filter((node) => node.instanceType === instanceType && node.nodePool === nodePool);
}

function uses(nodes: readonly ResultNode[]): readonly string[] {
  const share = (resource: 'cpu' | 'memory') => {
    const sum = (key: 'allocatable' | 'requested') =>
      nodes.reduce((total, node) => total + (node[key][resource] ?? 0), 0);
    return formatPercent(shareOf(sum('requested'), sum('allocatable')));
  };
  return [share('cpu'), share('memory'), formatCount(nodes.reduce((sum, {pods}) => sum + pods, 0))];
}
