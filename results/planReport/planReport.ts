import type {Figure} from '../charts/chart.ts';
import {machineMemory, machineMemoryTable} from '../charts/machineMemory.ts';
import {planCost, planCostTable} from '../charts/planCost.ts';
import {strandedScatter, strandedScatterTable} from '../charts/strandedScatter.ts';
import {typicalNodes, typicalNodesTable} from '../charts/typicalNodes.ts';
import type {KeyFigure} from '../keyFigure.ts';
import type {PlanResult} from '../planResult.ts';
import {warningsTable} from '../reportTables.ts';
import type {SimulationResult} from '../simulationResult.ts';
import {answer, keyFigures} from './answer.ts';
import {assumptionFacts} from './assumptions.ts';
import {billTable} from './bill.ts';
import type {Block} from './block.ts';
import {conditions} from './conditions.ts';
import {alternativeName, TODAY} from './names.ts';
import {outlookBlocks, riskFigure} from './outlook.ts';
import {policyBlocks} from './policies.ts';
import {proof} from './proof.ts';

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A report on a plan for the people who pay: the same for a page and for a text. */
export interface PlanReport {
  readonly title: string;
  readonly subtitle: string;
  /** What to buy, what it costs, how far that is from the best. */
  readonly answer: readonly string[];
  /** Every pod that was planned for has a place. */
  readonly isGood: boolean;
  readonly figures: readonly KeyFigure[];
  readonly sections: readonly Section[];
}

/** `placement`: what kube-scheduler makes of the plan's machines. */
export function planReport(plan: PlanResult, placement: SimulationResult): PlanReport {
  const {comparisons, costPerHour, currency, lowerBoundPerHour, outlook} = plan;
  const costs = {
    currency,
    plan: costPerHour,
    bound: lowerBoundPerHour,
    remark: comparisons.some(({name, costPerHour: cost}) => name === TODAY && cost !== null)
      ? "Today's fleet is the machines of the input, whether they hold these pods or not."
      : '',
    alternatives: comparisons.map(({name, ...other}) => ({...other, name: alternativeName(name)})),
  };
  const figure = (one: Figure): Block => ({kind: 'figure', ...one});
  const needs = conditions(plan);
  const sections: readonly Section[] = [
    {title: 'The bill', blocks: [{kind: 'table', table: billTable(plan, placement)}]},
    {title: 'Before you buy', blocks: needs.length === 0 ? [] : [{kind: 'list', items: needs}]},
    {
      title: 'How good it is',
      blocks: [
        ...proof(plan).map((text): Block => ({kind: 'text', text})),
        figure({chart: planCost(costs), table: planCostTable(costs)}),
        ...(outlook === undefined ? [] : [riskFigure(outlook, currency)]),
      ],
    },
    {title: 'What a policy costs', blocks: policyBlocks(plan)},
    {
      title: 'What is on the machines',
      blocks: [
        figure({chart: typicalNodes(placement), table: typicalNodesTable(placement)}),
        figure({chart: machineMemory(plan, placement), table: machineMemoryTable(plan, placement)}),
        figure({chart: strandedScatter(placement), table: strandedScatterTable(placement)}),
      ],
    },
    {title: 'What would change it', blocks: outlook === undefined ? [] : outlookBlocks(outlook, currency)},
    {title: 'What it rests on', blocks: [{kind: 'facts', facts: assumptionFacts(plan)}]},
    {
      title: 'Warnings',
      blocks: placement.warnings.length === 0 ? [] : [{kind: 'table', table: warningsTable(placement)}],
    },
  ];
  return {
    title: plan.scenario ?? 'Plan',
    subtitle: `The cheapest machines for these pods, placed by kube-scheduler ${plan.parameters.kubernetesVersion} at the prices of ${plan.catalog}`,
    answer: answer(plan),
    isGood: plan.verified.pending === 0,
    figures: keyFigures(plan, placement),
    sections: sections.filter(({blocks}) => blocks.length > 0),
  };
}
