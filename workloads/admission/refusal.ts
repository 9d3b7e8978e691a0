import {type FieldError, invalidMessage} from '../validation/fieldError.ts';

/**
 * Why the API server does not create a pod. In the mutating phase a pod of a controller has no name yet, so that the
 * message holds its generateName; later ones hold the name.
 */
export type Refusal =
  | {
      readonly kind: 'forbidden';
      readonly phase: 'mutating' | 'validating';
      readonly reason: string;
      /** What the server might say as well: of several quotas or LimitRanges that fail it names one at random. */
      readonly otherReasons: readonly string[];
    }
  | {readonly kind: 'invalid'; readonly errors: readonly FieldError[]};

export function forbid(
  phase: 'mutating' | 'validating',
  reason: string,
  otherReasons: readonly string[] = [],
): Refusal {
  return {kind: 'forbidden', phase, reason, otherReasons};
}

/** The API server's message; `generateName` is null for a pod that was given its name. */
export function refusalMessage(refusal: Refusal, name: string, generateName: string | null): string {
  if (refusal.kind === 'invalid') return invalidMessage('Pod', name, refusal.errors);
  const known = refusal.phase === 'mutating' && generateName !== null ? generateName : name;
  return `pods ${JSON.stringify(known)} is forbidden: ${refusal.reason}`;
}
