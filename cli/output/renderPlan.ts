import type {PlanResult} from '../../results/planResult.ts';
import type {SimulationResult} from '../../results/simulationResult.ts';
import {planText} from './planText.ts';
import type {Style} from './style.ts';

/** What `-o` of plan takes. */
export const PLAN_FORMATS = ['table', 'json', 'html', 'md'] as const;
export type PlanFormat = (typeof PLAN_FORMATS)[number];

export function isPlanFormat(text: string): text is PlanFormat {
  return (PLAN_FORMATS as readonly string[]).includes(text);
}

/** The plan in a format; `placementOf` gives what the scheduler makes of its machines, for the formats that show it. */
export async function renderPlan(
  plan: PlanResult,
  format: PlanFormat,
  {style, placementOf}: {readonly style: Style; readonly placementOf: () => SimulationResult},
): Promise<string> {
  switch (format) {
    case 'table':
      return planText(plan, style);
    case 'json':
      return formatPlan(plan);
    case 'html':
    case 'md': {
      const {planReport} = await import('../../results/planReport/planReport.ts');
      const report = planReport(plan, placementOf());
      if (format === 'md') {
        const {planMarkdown} = await import('../../results/planReport/planMarkdown.ts');
        return planMarkdown(report);
      }
      const {planHtml} = await import('../../results/node/planHtml.ts');
      return await planHtml(report);
    }
  }
}

/** JSON with a line per top-level field and per item of a list. */
export function formatPlan(plan: PlanResult): string {
  const members = Object.entries(plan).map(([key, value]) => {
    if (!Array.isArray(value) || value.length === 0) return `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    return `  ${JSON.stringify(key)}: [\n${value.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}
