import {type FlinkProblem, refusalText} from '../../../flink/flinkOutcome.ts';
import {type Diagnostics, type Origin, type Place, placeOf} from '../../../model/diagnostic.ts';

/** Who refuses what about a resource, and where it stands. */
export interface Refused {
  /** Null: no operator is asked, as none can read it. */
  readonly gate: FlinkProblem['gate'] | null;
  readonly message: string;
  readonly place: Place;
}

/** All that is refused about a resource; one thing, which no operator looks at, where there are no problems. */
export function refusedOf({message, pointer, problems}: RefusedResource, origin: Origin): readonly Refused[] {
  const all = problems ?? [{message, pointer, gate: null}];
  return all.map((problem) => ({
    gate: problem.gate,
    message: problem.message,
    place: placeOf(origin, problem.pointer),
  }));
}

interface RefusedResource {
  readonly message: string;
  readonly pointer: string;
  readonly problems?: readonly FlinkProblem[];
}

export function reportRefused(
  refused: readonly Refused[],
  {object, operator}: {readonly object: string; readonly operator: string},
  diagnostics: Diagnostics,
): void {
  for (const {gate, message, place} of refused) {
    diagnostics.error('STW-1012', refusalText(message, gate, operator), {object, place});
  }
}
