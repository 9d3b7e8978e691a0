import {isWide} from '../boundGap.ts';
import {formatCount, formatMoney, formatPercent} from '../format.ts';
import type {PlanResult} from '../planResult.ts';

/** Why the bound holds and what the gaps mean, for people who have never heard of linear programs. */
export function proof(plan: PlanResult): readonly string[] {
  const {certificate, costPerHour, currency, gap, isStopped, lowerBoundPerHour, packing, verified} = plan;
  const money = (amount: number) => formatMoney(amount, currency);
  const bound =
    certificate === null
      ? 'There is no bound: the search ended before it had one. The plan is the cheapest that was found, and nothing is proved of it.'
      : `No fleet costs less than ${money(lowerBoundPerHour)} an hour, and here is why. The search has put a price on every pod so that no machine of the list can be filled with pods that are worth more than it costs. ${casesText(casesOf(certificate.proof))}All pods together are worth ${money(lowerBoundPerHour)}. Whoever buys machines for all of them pays for each at least what it holds, so at least that much in all.`;
  const difference = costPerHour - packing.costPerHour;
  const gaps =
    gap === null || isWide(gap)
      ? `${gap === null ? '' : 'That is far below the plan, so that it says little of how good the plan is. '}Packed as tightly as the search could, the pods need ${money(packing.costPerHour)} an hour; on machines that kube-scheduler fills itself, ${money(costPerHour)}.`
      : `There are two gaps. The packing gap, ${formatPercent(packing.gap)}, is that of the tightest packing found, ${money(packing.costPerHour)} an hour, if somebody put every pod by hand. The verified gap, ${formatPercent(gap)}, is that of this plan: kube-scheduler spreads pods by its own rules, and these machines are those on which its decisions, replayed one by one, leave ${verified.pending === 0 ? 'no pod' : `${formatCount(verified.pending)} pods`} pending. ${difference < 0.005 ? "They are the same: the scheduler's habits cost nothing here." : `The difference, ${money(difference)} an hour, is what the scheduler's habits cost; that nothing between the two would do is not proved.`}`;
  return [
    bound,
    gaps,
    statesText(plan),
    ...(certificate === null
      ? []
      : [
          'Nobody has to believe this. The result file (`--out FILE`, or `-o json`) holds the prices of all pods, and `stowage plan verify FILE` checks bound and sums again with a short program of its own and without the solver.',
        ]),
    ...(isStopped
      ? [
          'The search was ended before it was through, by its time limit or by hand: with more time, plan and bound may come closer.',
        ]
      : []),
  ];
}

/** How many cases a certificate tells apart. */
function casesOf(node: unknown): number {
  const {below, above} = node as {readonly below?: unknown; readonly above?: unknown};
  return below === undefined ? 1 : casesOf(below) + casesOf(above);
}

function casesText(cases: number): string {
  return cases === 1
    ? ''
    : `It does so in each of ${formatCount(cases)} cases that cover everything anybody could buy, and takes the lowest outcome. `;
}

function statesText({bindingState, parameters: {states}}: PlanResult): string {
  if (states.length < 2) {
    return 'The plan holds the pods as they are now. It keeps nothing in reserve for the loss of a node or a zone, for a rescale or for the peak hour: `--survive` asks for that.';
  }
  const all = `${states.slice(0, -1).join(', ')} and ${states.at(-1)}`;
  return `The plan holds in each of these states: ${all}. The one with the largest demand, ${bindingState}, decides; the bound is that of its pods alone, without the loss of a node or a zone.`;
}
