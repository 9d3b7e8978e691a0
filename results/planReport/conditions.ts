import {formatCount, formatPlural, formatResource} from '../format.ts';
import type {PlanResult} from '../planResult.ts';

const MOST_LINES = 12;

/** What has to be done for the plan to hold, and what it does not hold. */
export function conditions({nodes, pending, pins, unplaceable}: PlanResult): readonly string[] {
  const pools = new Map(nodes.map((node) => [node.nodePool, node]));
  const ofPools = [...pools].flatMap(([name, {labels, taints}]) => {
    const given = [
      ...Object.entries(labels).map(([key, value]) => `label \`${key}=${value}\``),
      ...taints.map(({key, value, effect}) => `taint \`${key}${value === undefined ? '' : `=${value}`}:${effect}\``),
    ];
    return given.length === 0 ? [] : [`Nodes of pool ${name} get ${given.join(' and ')}.`];
  });
  return [
    ...limited(
      unplaceable.map(({workload, pods, conflict, nearest}) => {
        const lacking = Object.entries(nearest?.shortfall ?? {}).map(
          ([resource, amount]) =>
            `${formatResource(resource, resource === 'cpu' ? amount / 1000 : amount)} of ${resource}`,
        );
        const near =
          nearest === null || lacking.length === 0 ? '' : `; ${nearest.instanceType} lacks ${lacking.join(' and ')}`;
        return `No machine takes ${formatPlural(pods, 'pod')} of ${workload}: ${conflict.join(' and ')}${near}.`;
      }),
      'workload that no machine takes',
      'workloads that no machine takes',
    ),
    ...limited(
      pending.map(({pod, message}) => `Pod ${pod} stays pending: ${message}`),
      'pod that stays pending',
      'pods that stay pending',
    ),
    ...ofPools,
    ...limited(
      pins.map(({workload, key, values}) => `${workload} gets node affinity: \`${key}\` in ${values.join(', ')}.`),
      'workload that gets node affinity',
      'workloads that get node affinity',
    ),
  ];
}

function limited(lines: readonly string[], one: string, many: string): readonly string[] {
  const rest = lines.length - MOST_LINES;
  if (rest <= 0) return lines;
  return [...lines.slice(0, MOST_LINES), `${formatCount(rest)} more ${rest === 1 ? one : many}: see the result file.`];
}
