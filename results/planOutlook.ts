import {z} from 'zod';
import {COST_UNITS} from '../planner/packingProblem.ts';
import type {Outlook} from '../planner/sensitivity/outlook.ts';
import type {VariedPacking} from '../planner/sensitivity/packVariations.ts';
import {VARIATION_KINDS} from '../planner/sensitivity/variation.ts';

const count = z.int().nonnegative();
const money = z.number().nonnegative();
const share = z.number().min(0).max(1);

/** What would change a plan, and what it risks. */
export const outlookSchema = z
  .strictObject({
    packingCostPerHour: money.meta({description: 'what the costs of variations are to be compared with'}),
    binTypes: count.meta({description: 'kinds of machines, by pool and zone, that variations choose among'}),
    variations: z.array(
      z.strictObject({
        kind: z.enum(VARIATION_KINDS),
        subject: z.string().nullable().meta({description: 'what is varied, such as a family of machines'}),
        factor: z.number(),
        costPerHour: money.nullable().meta({description: 'packed anew; null where nothing was found'}),
        lowerBoundPerHour: money.nullable().meta({description: 'on the machines that variations choose among'}),
        keptCostPerHour: money.nullable().meta({description: "of the plan's own packing; null where it does not hold"}),
        machines: z.array(z.strictObject({instanceType: z.string(), count})),
        loss: z.strictObject({pods: share, memory: share}).nullable(),
        isStopped: z.boolean(),
      }),
    ),
    risks: z.array(
      z.strictObject({
        name: z.string(),
        costPerHour: money,
        nodes: count,
        loss: z
          .strictObject({
            pods: share,
            memory: share.meta({description: 'of what all pods request'}),
            jobs: count.nullable().meta({description: 'that lose a pod'}),
          })
          .meta({description: 'what goes with one node at worst'}),
      }),
    ),
    jobs: count,
  })
  .meta({description: 'what would change the plan, and what it risks; packings, which no scheduler was asked about'});

export type PlanOutlook = z.infer<typeof outlookSchema>;

export function toPlanOutlook({packingCost, binTypes, variations, risks, jobs}: Outlook): PlanOutlook {
  return {
    packingCostPerHour: packingCost,
    binTypes,
    variations: variations.map((varied) => {
      const {kind, subject, factor, cost, keptCost, lowerBound, isStopped} = varied;
      return {
        kind,
        subject,
        factor,
        costPerHour: toMoney(cost),
        lowerBoundPerHour: toMoney(lowerBound),
        keptCostPerHour: toMoney(keptCost),
        machines: machinesOf(varied),
        loss: varied.loss === null ? null : {pods: varied.loss.pods, memory: varied.loss.memory},
        isStopped,
      };
    }),
    risks: risks.map(({loss, ...risk}) => ({...risk, loss: {...loss}})),
    jobs,
  };
}

function toMoney(cost: number | null): number | null {
  return cost === null ? null : cost / COST_UNITS;
}

/** By instance type, the one that costs most first. */
function machinesOf({problem: {binTypes}, solution}: VariedPacking): PlanOutlook['variations'][number]['machines'] {
  const machines = new Map<string, {count: number; cost: number}>();
  for (const {binType, times} of solution ?? []) {
    const {cost, kind} = binTypes[binType]!;
    const known = machines.get(kind) ?? {count: 0, cost: 0};
    machines.set(kind, {count: known.count + times, cost: known.cost + (cost ?? 0) * times});
  }
  return [...machines]
    .sort(([x, a], [y, b]) => b.cost - a.cost || (x < y ? -1 : 1))
    .map(([instanceType, own]) => ({instanceType, count: own.count}));
}
