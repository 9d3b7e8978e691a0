import {formatCount, formatMoney, formatPercent, shareOf} from '../format.ts';
import {HOURS_PER_MONTH} from '../metrics.ts';
import type {PlanResult} from '../planResult.ts';
import {numberColumn, textColumn} from '../table.ts';
import type {Block} from './block.ts';
import {signedPercent} from './signedPercent.ts';

const MEANINGS: Readonly<Record<PlanResult['policies'][number]['name'], string>> = {
  shared: 'Flink and all others share nodes',
  'isolated-flink': 'Flink has nodes of its own',
  'most-allocated': 'the scheduler fills nodes instead of spreading pods',
};

/** What other ways to run the same pods cost, beside the plan; nothing where none was priced. */
export function policyBlocks({
  policies: [own, ...others],
  currency,
}: Pick<PlanResult, 'policies' | 'currency'>): readonly Block[] {
  if (own === undefined || others.length === 0) return [];
  return [
    {
      kind: 'table',
      table: {
        caption: 'Other ways to run the same pods, each with a fleet that kube-scheduler was asked about.',
        columns: [
          textColumn('Policy'),
          textColumn('Also holds in'),
          numberColumn('per hour', 'Cost'),
          numberColumn('per month', 'Cost'),
          numberColumn('to the plan', 'Cost'),
          numberColumn('per hour', 'Lower bound'),
          numberColumn('gap', 'Lower bound'),
          numberColumn('Pending'),
        ],
        rows: [own, ...others].map((policy) => {
          const names = [`${policy.name}: ${MEANINGS[policy.name]}`, policy.states.slice(1).join(', ') || '–'];
          if (policy.costPerHour === null || own.costPerHour === null) {
            return [...names, 'none within the limits', '–', '', '–', '–', ''];
          }
          const more = shareOf(policy.costPerHour - own.costPerHour, own.costPerHour);
          return [
            ...names,
            formatMoney(policy.costPerHour, currency),
            formatMoney(policy.costPerHour * HOURS_PER_MONTH, currency),
            policy === own || more === null ? '' : signedPercent(more),
            formatMoney(policy.lowerBoundPerHour, currency),
            formatPercent(policy.gap),
            formatCount(policy.pending),
          ];
        }),
        more: 0,
      },
    },
  ];
}
