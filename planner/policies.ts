/** Ways to run a cluster, each with its price for the same pods. */
import {defaultSchedulerConfiguration} from '../simulator/framework/schedulerConfiguration.ts';
import {isolateFlink} from './demand/isolation.ts';
import {
  type NothingToBuy,
  type PackedDemand,
  type Plan,
  type PlanInput,
  type PlanOptions,
  packDemand,
  verifyPacked,
} from './makePlan.ts';
import type {OverLimits} from './overLimits.ts';
import {mostAllocated} from './verified/mostAllocated.ts';
import {NO_LOSSES} from './verified/replay.ts';

/**
 * `shared`: Flink and everything else share nodes. `isolated-flink`: Flink's pods have nodes of their own.
 * `most-allocated`: as `shared`, with a scheduler that fills one node after the other.
 */
export const POLICIES = ['shared', 'isolated-flink', 'most-allocated'] as const;
export type Policy = (typeof POLICIES)[number];

/** Prices are in the catalogue's currency. */
export interface PricedPolicy {
  readonly policy: Policy;
  /** What the plan survives, `now` first. */
  readonly states: readonly string[];
  /** Of the verified plan; null where none was found that keeps to the limits. */
  readonly costPerHour: number | null;
  readonly lowerBoundPerHour: number;
  /** In the state that leaves most; pods for which there is no machine included. */
  readonly pending: number;
  readonly isStopped: boolean;
}

export type Stops = Pick<PlanOptions, 'shouldStopPacking' | 'shouldTrim' | 'shouldStopVerifying'>;

export interface PolicyPlan {
  readonly plan: Plan;
  /** The planned one first, then the others, then the planned one without the states that it survives. */
  readonly policies: readonly PricedPolicy[];
}

/**
 * Plans the first of the policies and prices the others beside it, as well as what surviving anything costs at all.
 * `stopsOf`: asked when the work on one of so many begins, for what ends it.
 */
export function planPolicies(
  input: PlanInput,
  options: Omit<PlanOptions, keyof Stops>,
  policies: readonly [Policy, ...Policy[]],
  stopsOf: (index: number, count: number) => Stops,
): PolicyPlan | NothingToBuy | OverLimits {
  const [planned] = policies;
  const survives = options.surges.length > 0 || options.losses.node || options.losses.zone;
  const calm = {...options, surges: [], losses: NO_LOSSES};
  const cases = [
    ...policies.map((policy) => ({policy, own: options})),
    ...(survives ? [{policy: planned, own: calm}] : []),
  ];
  const packings = new Map<string, PackedDemand>();
  let first: Plan | null = null;
  const priced: PricedPolicy[] = [];
  for (const [index, {policy, own}] of cases.entries()) {
    if (index > 0) options.onStep?.(`pricing ${policy}${own === calm ? ' without what it survives' : ''}`);
    const settings: PlanOptions = {
      ...own,
      ...stopsOf(index, cases.length),
      configuration: configurationOf(policy, options),
      ...(index > 0 ? {onStep: () => {}} : {}),
    };
    const isolated = policy === 'isolated-flink' ? isolateFlink(input.model) : {model: input.model, pins: []};
    const key = `${policy === 'isolated-flink'} ${own === calm}`;
    const packed = packings.get(key) ?? packDemand({...input, model: isolated.model}, settings);
    if ('kind' in packed) {
      if (packed.kind === 'nothing' || first === null) return packed;
      priced.push({
        policy,
        states: statesOf(own),
        costPerHour: null,
        lowerBoundPerHour: 0,
        pending: 0,
        isStopped: false,
      });
      continue;
    }
    packings.set(key, packed);
    const made = verifyPacked(packed, settings);
    const plan = {...made, fleet: {...made.fleet, pins: [...isolated.pins, ...made.fleet.pins]}};
    first ??= plan;
    priced.push(toPriced(policy, own, plan));
  }
  return {plan: first!, policies: priced};
}

/** What the scheduler is configured with under a policy. */
export function configurationOf(
  policy: Policy,
  {configuration, simulation}: Pick<PlanOptions, 'configuration' | 'simulation'>,
): PlanOptions['configuration'] {
  if (policy !== 'most-allocated') return configuration;
  return mostAllocated(configuration ?? defaultSchedulerConfiguration(simulation.kubernetesVersion));
}

function statesOf({surges, losses}: Pick<PlanOptions, 'surges' | 'losses'>): readonly string[] {
  return ['now', ...surges, ...(losses.node ? ['node-loss'] : []), ...(losses.zone ? ['zone-loss'] : [])];
}

function toPriced(policy: Policy, own: Pick<PlanOptions, 'surges' | 'losses'>, plan: Plan): PricedPolicy {
  const {fleet, lowerBound, demand, isStopped} = plan;
  return {
    policy,
    states: statesOf(own),
    costPerHour: fleet.pricePerHour,
    lowerBoundPerHour: lowerBound,
    pending: fleet.pending.length + demand.unplaceable.reduce((sum, {pods}) => sum + pods, 0),
    isStopped,
  };
}
