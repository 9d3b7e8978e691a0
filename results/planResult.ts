/**
 * The result file of a plan: what `stowage plan -o json` prints and `stowage plan verify` checks. Prices are in
 * `currency` and by the hour; it holds no time of day and no path.
 */
import {z} from 'zod';
import {podKey, type Workload} from '../model/pod.ts';
import {amountOf, CPU, EPHEMERAL_STORAGE, MEMORY, PODS} from '../model/resources.ts';
import type {Plan} from '../planner/makePlan.ts';
import {COST_UNITS} from '../planner/packingProblem.ts';
import {POLICIES, type PricedPolicy} from '../planner/policies.ts';
import type {Outlook} from '../planner/sensitivity/outlook.ts';
import {relaxedBins, relaxedBinTypes} from '../planner/verified/bins.ts';
import {memoryOf, type PlanSetting, planAssumptions} from './planAssumptions.ts';
import {limitsSchema} from './planLimits.ts';
import {outlookSchema, toPlanOutlook} from './planOutlook.ts';
import {API_VERSION} from './simulationResult.ts';

const count = z.int().nonnegative();
const money = z.number().nonnegative();

const certificateNode: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({prices: z.array(z.number()), fees: z.array(z.number())}),
    z.strictObject({
      parts: z.array(z.strictObject({valuation: count, times: z.number()})),
      fees: z.array(z.number()),
    }),
    z.strictObject({
      weights: z.array(z.strictObject({binType: count, weight: z.number()})),
      at: z.number(),
      below: certificateNode,
      above: certificateNode,
    }),
    z.strictObject({
      bins: z.array(z.strictObject({binType: count, count, orderedBy: count.nullable()})),
      refutation: refutedCase,
    }),
  ]),
);

const refutedCase: z.ZodType = z.lazy(() =>
  z.strictObject({
    cuts: z.array(z.strictObject({parts: z.array(z.strictObject({row: count, times: z.number()})), over: z.number()})),
    split: z.strictObject({bin: count, item: count, at: count, below: refutedCase, above: refutedCase}).nullable(),
  }),
);

const problemSchema = z.strictObject({
  dimensions: z.array(z.string()),
  items: z.array(
    z.strictObject({
      name: z.string(),
      size: z.array(count),
      count,
      maxPerBin: count.nullable(),
      binTypes: z.array(count).nullable().meta({description: 'indices into binTypes; null for all'}),
      standsFor: count.nullable(),
    }),
  ),
  binTypes: z.array(
    z.strictObject({
      name: z.string(),
      capacity: z.array(count),
      cost: count.nullable().meta({description: 'billionths of the currency in an hour'}),
      available: count.nullable(),
      kind: z.string(),
    }),
  ),
  exclusions: z.array(z.tuple([count, count])),
  limits: z.strictObject({
    bins: count.nullable(),
    kinds: count.nullable(),
    largestBin: z.array(count.nullable()).nullable(),
    budgets: z.array(z.strictObject({name: z.string(), weights: z.array(count), atMost: count})),
  }),
});

const binsSchema = z.array(
  z.strictObject({
    binType: count.meta({description: 'index into problem.binTypes'}),
    items: z.array(z.strictObject({item: count.meta({description: 'index into problem.items'}), count})),
    times: count.meta({description: 'machines that are filled alike'}),
  }),
);

export const planSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Plan'),
  exporter: z.string(),
  scenario: z.string().nullable(),
  inputDigest: z.string(),
  catalog: z.string(),
  currency: z.string(),
  parameters: z.strictObject({
    kubernetesVersion: z.string(),
    percentageOfNodesToScore: count,
    seed: count,
    ties: z.enum(['first', 'random']),
    instanceTypes: z.array(z.string()),
    limits: limitsSchema,
    states: z.array(z.string()),
  }),
  costPerHour: money.meta({description: 'of the verified plan'}),
  lowerBoundPerHour: money.meta({description: 'no plan for this demand on these machines costs less'}),
  gap: z
    .number()
    .nullable()
    .meta({description: 'of costPerHour above the bound, as a share of the bound; null: unknown, or pods are pending'}),
  packing: z
    .strictObject({costPerHour: money, gap: z.number().nullable(), bins: binsSchema})
    .meta({description: 'before the scheduler was asked'}),
  bindingState: z.string().meta({description: 'the state whose demand is worth most'}),
  nodes: z.array(
    z.strictObject({
      instanceType: z.string(),
      count,
      pricePerHour: money.meta({description: 'of one'}),
      binType: count.meta({description: 'index into problem.binTypes'}),
      arch: z.string(),
      capacity: z.strictObject({cpu: z.number(), memory: z.number()}).meta({description: 'of one: cores and bytes'}),
      allocatable: z
        .strictObject({cpu: z.number(), memory: z.number(), pods: count})
        .meta({description: 'of one, DaemonSets included'}),
      memory: z
        .strictObject({nominal: count, reserved: z.array(z.strictObject({name: z.string(), memory: count}))})
        .meta({description: 'bytes of one, as advertised and as kept from pods'}),
      nodePool: z.string(),
      labels: z.record(z.string(), z.string()),
      taints: z.array(z.strictObject({key: z.string(), value: z.string().optional(), effect: z.string()})),
      zones: z.array(z.string()).meta({description: 'in turn'}),
    }),
  ),
  verified: z.strictObject({
    placed: count,
    pending: count.meta({description: 'in the state that leaves most; pods for which there is no machine included'}),
    state: z.string(),
    bins: binsSchema.meta({
      description: 'where the scheduler puts the pods of the binding state, those of DaemonSets aside',
    }),
  }),
  pending: z.array(z.strictObject({pod: z.string(), message: z.string()})),
  unplaceable: z.array(
    z.strictObject({
      workload: z.string(),
      pods: count,
      conflict: z.array(z.string()).meta({description: 'the smallest set of wishes that no machine satisfies'}),
      nearest: z.strictObject({instanceType: z.string(), shortfall: z.record(z.string(), z.number())}).nullable(),
    }),
  ),
  pins: z
    .array(
      z.strictObject({
        workload: z.string(),
        key: z.string(),
        values: z.array(z.string()),
        toleration: z
          .strictObject({key: z.string(), value: z.string().optional(), effect: z.string()})
          .optional()
          .meta({description: 'of the taint that those nodes have'}),
      }),
    )
    .meta({description: 'node affinity that workloads need for the plan to hold'}),
  policies: z
    .array(
      z.strictObject({
        name: z.enum(POLICIES),
        states: z.array(z.string()).meta({description: 'what it survives'}),
        costPerHour: money
          .nullable()
          .meta({description: 'of a verified plan; null where none was found that keeps to the limits'}),
        lowerBoundPerHour: money,
        gap: z.number().nullable(),
        pending: count,
        isStopped: z.boolean(),
      }),
    )
    .meta({description: 'what ways to run the same pods cost: this plan first'}),
  comparisons: z.array(z.strictObject({name: z.string(), costPerHour: money.nullable()})),
  notPlanned: z.strictObject({
    pods: count.meta({description: 'held back by scheduling gates, or for a scheduler that is not there'}),
    resources: z.array(z.string()).meta({description: 'asked for, but taken to be there on every node'}),
    unpricedTypes: z.array(z.string()),
    unpublishedTypes: z.array(z.string()).meta({description: 'whose memory for pods is not known'}),
    burstableTypes: z.array(z.string()).meta({description: 'promise a part of their cores; not named by the user'}),
    acceleratedTypes: z.array(z.string()).meta({description: 'with GPUs no pod asks for, or other accelerators'}),
    oversizedTypes: z.array(z.string()).meta({description: 'larger than one node may be'}),
  }),
  assumptions: z
    .strictObject({
      prices: z.strictObject({source: z.string(), asOf: z.string()}),
      remarks: z.array(z.string()).meta({description: 'what is to be doubted of the catalogue'}),
      allocatableRule: z.strictObject({title: z.string(), source: z.string()}),
      memoryOverhead: z.string().meta({description: 'what of the advertised memory the kernel does not see'}),
      architectures: z.array(z.string()),
      schedulerProfiles: z.array(z.string()).meta({description: 'none: the default one'}),
      daemons: z
        .array(z.strictObject({workload: z.string(), cpu: z.number(), memory: z.number()}))
        .meta({description: 'what comes with every node that it runs on: cores and bytes'}),
    })
    .meta({description: 'what the plan rests on beside the input'}),
  outlook: outlookSchema.optional(),
  isStopped: z.boolean().meta({description: 'a limit ended the search, so another run may end elsewhere'}),
  problem: problemSchema.meta({
    description:
      'what the bound is of: pods that look the same to a node as items, machines without DaemonSets as bins',
  }),
  certificate: z
    .strictObject({
      lowerBound: count.meta({description: 'in the units of the problem'}),
      perCost: count,
      replaced: z.array(z.strictObject({binType: count, by: count})),
      valuations: z.array(z.strictObject({prices: z.array(z.number()), uppers: z.array(z.number())})),
      proof: certificateNode,
    })
    .nullable(),
});

export type PlanResult = z.infer<typeof planSchema>;

export type PlanIdentity = Pick<
  PlanResult,
  'exporter' | 'scenario' | 'inputDigest' | 'catalog' | 'currency' | 'parameters'
>;

export function toPlanResult(
  plan: Plan,
  identity: PlanIdentity,
  setting: PlanSetting,
  outlook: Outlook | null = null,
  policies: readonly PricedPolicy[],
): PlanResult {
  const {demand, fleet, packing, lowerBound, certificate, boundedProblem} = plan;
  // A placement that leaves nothing pending is a packing, too.
  const isHeld = fleet.pending.length === 0;
  const isPacking = isHeld && fleet.pricePerHour < packing.cost / COST_UNITS;
  const packingCost = isPacking ? fleet.pricePerHour : packing.cost / COST_UNITS;
  const packingBins = isPacking ? fleet.bins : relaxedBins(demand, packing.solution);
  const binTypes = relaxedBinTypes(demand);
  const {exporter, scenario, inputDigest, catalog, currency, parameters} = identity;
  const unplaceablePods = demand.unplaceable.reduce((sum, {pods}) => sum + pods, 0);
  return {
    apiVersion: API_VERSION,
    kind: 'Plan',
    exporter,
    scenario,
    inputDigest,
    catalog,
    currency,
    parameters,
    costPerHour: rounded(fleet.pricePerHour),
    lowerBoundPerHour: rounded(lowerBound),
    gap: isHeld ? gapOf(fleet.pricePerHour, lowerBound) : null,
    packing: {
      costPerHour: rounded(packingCost),
      gap: gapOf(packingCost, lowerBound),
      bins: copied(packingBins),
    },
    bindingState: plan.bindingState,
    nodes: [...fleet.counts].map(([offering, number]) => {
      const {machine, pool} = demand.offerings[offering]!;
      const own = fleet.nodes.filter(
        ({instanceType, nodePool}) => instanceType === machine.instanceType.name && nodePool === pool.name,
      );
      const {zone} = demand.offerings[offering]!;
      const zones = zone === null ? own.slice(0, demand.zones.length).flatMap((node) => node.zone ?? []) : [zone];
      return {
        instanceType: machine.instanceType.name,
        count: number,
        pricePerHour: machine.pricePerHour,
        binType: binTypes(offering),
        arch: machine.instanceType.arch,
        capacity: {cpu: amountOf(machine.capacity, CPU) / 1000, memory: amountOf(machine.capacity, MEMORY)},
        allocatable: {
          cpu: amountOf(machine.allocatable, CPU) / 1000,
          memory: amountOf(machine.allocatable, MEMORY),
          pods: amountOf(machine.allocatable, PODS),
        },
        memory: memoryOf(machine, setting),
        nodePool: pool.name,
        labels: {...pool.labels},
        taints: pool.taints.map(({key, value, effect}) => ({key, effect, ...(value === undefined ? {} : {value})})),
        zones,
      };
    }),
    verified: {
      placed: fleet.placed,
      pending: fleet.pending.length + unplaceablePods,
      state: fleet.state,
      bins: copied(fleet.bins),
    },
    pending: fleet.pending.map(({pod, message}) => ({pod: podKey(pod), message})),
    unplaceable: demand.unplaceable.map(({podClass, pods, conflict, nearest}) => ({
      workload: workloadText(podClass.workload),
      pods,
      conflict: [...conflict],
      nearest: nearest === null ? null : {instanceType: nearest.offering, shortfall: {...nearest.shortfall}},
    })),
    pins: fleet.pins.map(({podClass, key, values, tolerates}) => ({
      workload: workloadText(podClass.workload),
      key,
      values: [...values],
      ...(tolerates === undefined ? {} : {toleration: {...tolerates}}),
    })),
    policies: policies.map(({policy, states, costPerHour, lowerBoundPerHour, pending, isStopped}) => ({
      name: policy,
      states: [...states],
      costPerHour: costPerHour === null ? null : rounded(costPerHour),
      lowerBoundPerHour: rounded(lowerBoundPerHour),
      gap: costPerHour === null || pending > unplaceablePods ? null : gapOf(costPerHour, lowerBoundPerHour),
      pending,
      isStopped,
    })),
    comparisons: plan.comparisons.map(({name, costPerHour}) => ({
      name,
      costPerHour: costPerHour === null ? null : rounded(costPerHour),
    })),
    notPlanned: {
      pods: demand.left,
      resources: demand.asksForStorage ? [EPHEMERAL_STORAGE] : [],
      unpricedTypes: [...demand.leftOut.unpriced],
      unpublishedTypes: [...demand.leftOut.unpublished],
      burstableTypes: [...demand.leftOut.burstable],
      acceleratedTypes: [...demand.leftOut.accelerated],
      oversizedTypes: [...demand.leftOut.oversized],
    },
    assumptions: planAssumptions(demand, setting),
    ...(outlook === null ? {} : {outlook: toPlanOutlook(outlook)}),
    isStopped: plan.isStopped,
    problem: copied(boundedProblem) as PlanResult['problem'],
    certificate:
      certificate === null
        ? null
        : {
            ...(copied(certificate) as Omit<Certificate, 'lowerBound'>),
            lowerBound: Math.floor(lowerBound * COST_UNITS + 0.5),
          },
  };
}

type Certificate = NonNullable<PlanResult['certificate']>;

/** Data that may be changed, as the schema's types have it. */
type Copied<T> = T extends readonly (infer Item)[]
  ? Copied<Item>[]
  : T extends object
    ? {-readonly [Key in keyof T]: Copied<T[Key]>}
    : T;

function copied<T>(value: T): Copied<T> {
  return structuredClone(value) as Copied<T>;
}

function workloadText({kind, namespace, name}: Workload): string {
  return `${kind}/${namespace}/${name}`;
}

function gapOf(cost: number, bound: number): number | null {
  return bound > 0 ? Math.max(0, cost / bound - 1) : null;
}

/** Prices are in whole billionths, so that sums of them print as such. */
function rounded(price: number): number {
  return Math.round(price * COST_UNITS) / COST_UNITS;
}
