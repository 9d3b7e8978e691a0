import {type SimulationResult, simulationResultSchema} from './simulationResult.ts';

/**
 * The text of a result file: JSON with a line per top-level field and per item of a list, so that it stays small and
 * two files can be compared line by line.
 */
export function formatResultFile(result: SimulationResult): string {
  const members = Object.entries(result).map(([key, value]) => {
    if (!Array.isArray(value) || value.length === 0) return `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    return `  ${JSON.stringify(key)}: [\n${value.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}

/** Reads the text of a result file; a problem is returned as a sentence. */
export function parseResultFile(text: string): {readonly result: SimulationResult} | {readonly problem: string} {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {problem: `not JSON: ${(error as Error).message}`};
  }
  const outcome = simulationResultSchema.safeParse(value);
  if (outcome.success) return {result: outcome.data};
  const {kind, apiVersion} = (value ?? {}) as {kind?: unknown; apiVersion?: unknown};
  if (kind !== 'SimulationResult') return {problem: `kind is ${JSON.stringify(kind)}, not "SimulationResult"`};
  const [issue] = outcome.error.issues;
  return {problem: `not a SimulationResult of ${String(apiVersion)}: ${issue?.path.join('.')}: ${issue?.message}`};
}
