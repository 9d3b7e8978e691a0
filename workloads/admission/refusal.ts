import {aggregateMessage, type FieldError, invalidMessage} from '../validation/fieldError.ts';

/**
 * Why the API server does not create a pod. In the mutating phase a pod of a controller has no name yet, so that the
 * message holds its generateName; later ones hold the name.
 */
export type Refusal =
  | {readonly kind: 'forbidden'; readonly phase: 'mutating' | 'validating'; readonly reason: string}
  | {readonly kind: 'invalid'; readonly errors: readonly FieldError[]};

export function forbid(phase: 'mutating' | 'validating', reason: string): Refusal {
  return {kind: 'forbidden', phase, reason};
}

/** Several reasons of one plugin, joined as Kubernetes joins errors; undefined when there are none. */
export function forbidAll(phase: 'mutating' | 'validating', reasons: readonly string[]): Refusal | undefined {
  return reasons.length === 0 ? undefined : forbid(phase, aggregateMessage(reasons));
}

/** The API server's message; `generateName` is null for a pod that was given its name. */
export function refusalMessage(refusal: Refusal, name: string, generateName: string | null): string {
  if (refusal.kind === 'invalid') return invalidMessage('Pod', name, refusal.errors);
  const known = refusal.phase === 'mutating' && generateName !== null ? generateName : name;
  return `pods ${JSON.stringify(known)} is forbidden: ${refusal.reason}`;
}
