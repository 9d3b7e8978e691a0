import {formatResultFile} from '../../results/resultFile.ts';
import type {SimulationResult} from '../../results/simulationResult.ts';
import {resultText} from './resultText.ts';
import type {Style} from './style.ts';

/** What `-o` of simulate takes. */
export const RESULT_FORMATS = ['table', 'wide', 'json', 'yaml', 'csv', 'name', 'html'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

export function isResultFormat(text: string): text is ResultFormat {
  return (RESULT_FORMATS as readonly string[]).includes(text);
}

/** The result in a format; `inputFlags` are those that repeat the run. */
export async function renderResult(
  result: SimulationResult,
  format: ResultFormat,
  {style, inputFlags}: {readonly style: Style; readonly inputFlags: string},
): Promise<string> {
  switch (format) {
    case 'table':
    case 'wide':
      return resultText(result, style, {wide: format === 'wide', inputFlags});
    case 'json':
      return formatResultFile(result);
    case 'yaml': {
      const {dump} = await import('js-yaml');
      return dump(result, {noRefs: true, lineWidth: -1});
    }
    case 'csv':
      return podsCsv(result);
    case 'name':
      return waitingPods(result)
        .map(({pod}) => `pod/${pod}\n`)
        .join('');
    case 'html': {
      const {htmlReport} = await import('../../results/node/htmlReport.ts');
      return await htmlReport(result);
    }
  }
}

/** One row per pod: where it is, or why it has no node. */
function podsCsv(result: SimulationResult): string {
  const rows = [['namespace', 'pod', 'workload', 'state', 'node', 'message']];
  const row = (pod: string, workload: number, state: string, node: string, message: string): string[] => {
    const {kind, name} = result.workloads[workload]!;
    const [namespace = '', podName = ''] = pod.split('/');
    return [namespace, podName, `${kind}/${name}`, state, node, message];
  };
  for (const {pod, workload, node} of result.placements) rows.push(row(pod, workload, 'placed', node, ''));
  for (const state of ['pending', 'gated', 'ignored', 'rejected'] as const) {
    for (const {pod, workload, message} of result[state]) rows.push(row(pod, workload, state, '', message));
  }
  return rows.map((cells) => `${cells.map(csvCell).join(',')}\n`).join('');
}

function waitingPods({pending, gated, ignored, rejected}: SimulationResult): readonly {readonly pod: string}[] {
  return [...pending, ...gated, ...ignored, ...rejected];
}

/** Quoted where needed (RFC 4180); a leading =, + or @ would be a formula to a spreadsheet. */
function csvCell(text: string): string {
  const safe = /^[=+@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
