import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Workload} from '../../model/pod.ts';
import {COMPETITORS} from '../competitors/competitors.ts';
import type {Shape} from '../demand/demand.ts';
import {isWithinLimits} from '../keepsToLimits.ts';
import type {Plan} from '../makePlan.ts';
import {COST_UNITS, type PackingProblem} from '../packingProblem.ts';
import {binsOf, costOf, type PackingSolution} from '../packingSolution.ts';
import {growthVariations} from './growth.ts';
import {largestMachineVariations} from './largestMachine.ts';
import {type Loss, lossInPacking, lossInPlacement} from './lossOfNode.ts';
import {packVariations, type VariationOptions, type VariedPacking} from './packVariations.ts';
import {priceVariations} from './prices.ts';
import {onBinTypes, shortlist, solutionOn} from './shortlist.ts';
import {type TaskManagers, taskManagerVariations} from './taskManagers.ts';

/** The names of the plan's fleet and of its packing, before the scheduler was asked. */
export const PLAN = 'plan';
export const PACKING = 'packing';

/** A fleet by what it costs and by what goes with one node of it. Money is in the catalogue's currency. */
export interface Risk {
  /** PLAN, PACKING, or a competitor's. */
  readonly name: string;
  readonly costPerHour: number;
  readonly nodes: number;
  readonly loss: Loss;
}

/** What would change a plan, and what it risks. */
export interface Outlook {
  /** Of the plan, in the catalogue's currency: what the costs of variations are measured by. */
  readonly packingCost: number;
  /** Bin types that variations were packed on; the bounds are for these alone. */
  readonly binTypes: number;
  readonly variations: readonly VariedPacking[];
  readonly risks: readonly Risk[];
  readonly jobs: number;
}

export function outlookOf(plan: Plan, options: VariationOptions): Outlook {
  const {demand, fleet, packing} = plan;
  const {gangs} = fleet.model;
  const families = new Map(
    demand.offerings.map(({machine: {instanceType}}) => [instanceType.name, instanceType.family]),
  );
  const familyOf = (kind: string) => families.get(kind) ?? kind;
  const onShortlist = (whole: PackingProblem) => onBinTypes(whole, shortlist(whole, packing.solution, familyOf));
  const indices = shortlist(demand.problem, packing.solution, familyOf);
  const problem = onBinTypes(demand.problem, indices);
  const solution = solutionOn(packing.solution, indices);
  const variations = packVariations(
    [
      ...priceVariations(problem, solution, familyOf),
      ...growthVariations(problem),
      ...taskManagerVariations(problem, taskManagersOf(demand.shapes, gangs)),
      ...largestMachineVariations(demand.problem, packing.solution).map((variation) => ({
        ...variation,
        problem: onShortlist(variation.problem),
      })),
    ],
    options,
  );
  return {
    packingCost: packing.cost / COST_UNITS,
    binTypes: indices.length,
    variations,
    risks: risksOf(plan),
    jobs: gangs.length,
  };
}

/** By item: what its TaskManagers have in common; null where some of its pods are something else. */
function taskManagersOf(shapes: readonly Shape[], gangs: ClusterModel['gangs']): readonly (TaskManagers | null)[] {
  const slotsOf = new Map<Workload, number | null>();
  for (const {members, slots} of gangs) {
    for (const {workload} of members) {
      if (workload.component === 'taskmanager') slotsOf.set(workload, slots?.perTaskManager ?? null);
    }
  }
  return shapes.map(({classes}) => {
    const slots = classes.map(({workload}) => slotsOf.get(workload));
    if (slots.some((own) => own === undefined)) return null;
    // One that cannot be divided keeps all of the item from it.
    const odd = slots.find((own) => own === null || own! % 2 === 1);
    return {slots: odd === undefined ? slots[0]! : odd};
  });
}

/** The plan, its packing, and what competitors make of the demand within its limits. */
function risksOf({demand: {problem}, fleet, packing}: Plan): readonly Risk[] {
  const ofPacking = (name: string, solution: PackingSolution): Risk => ({
    name,
    costPerHour: costOf(problem, solution) / COST_UNITS,
    nodes: binsOf(solution),
    loss: lossInPacking(problem, solution),
  });
  return [
    {
      name: PLAN,
      costPerHour: fleet.pricePerHour,
      nodes: fleet.nodes.length,
      loss: lossInPlacement(fleet.model, fleet.nodeOfPod),
    },
    ofPacking(PACKING, packing.solution),
    ...COMPETITORS.flatMap(({name, pack}) => {
      const solution = pack(problem);
      return solution !== null && isWithinLimits(problem, solution) ? [ofPacking(name, solution)] : [];
    }),
  ];
}
