import {readFileSync} from 'node:fs';
import {type PlanResult, planSchema} from '../results/planResult.ts';
import {UsageError} from './failure.ts';

/** Reads a plan's file as -o json or --out writes it. */
export function readPlan(path: string): PlanResult {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`);
  }
  const outcome = planSchema.safeParse(value);
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  throw new UsageError(`${path} is not a Plan: ${issue?.path.join('.')}: ${issue?.message}`);
}
