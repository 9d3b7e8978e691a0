import {isDeepStrictEqual} from 'node:util';
import {areCompact, type DecisionLine, type PreemptionLine, type RejectedNodes} from './format.ts';

/** A field in which a decision differs from the expected one. */
export interface Difference {
  readonly scenario: string;
  /** `NAMESPACE/NAME` of the pod. */
  readonly pod: string;
  readonly i: number;
  readonly field: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** The fields in the order they are decided, so that the first difference is the one to look at. */
const FIELDS = [
  'pod',
  'profile',
  'result',
  'preFilter',
  'feasible',
  'infeasible',
  'absent',
  'scorePlugins',
  'scores',
  'maxTotal',
  'tie',
  'viaNominated',
  'message',
  'preemption',
  'retry',
] as const;
const PREEMPTION_FIELDS = [
  'code',
  'message',
  'nominated',
  'victims',
  'pdbViolations',
  'acceptable',
  'candidates',
] as const;

/** Every difference between the lines of one scenario, in order. */
export function compareLines(
  scenario: string,
  expected: readonly DecisionLine[],
  got: readonly DecisionLine[],
): readonly Difference[] {
  const isCompact = areCompact(expected);
  const differences: Difference[] = [];
  for (let i = 0; i < Math.max(expected.length, got.length); i++) {
    const wanted = expected[i];
    const own = got[i];
    const pod = (wanted ?? own)?.pod ?? '';
    const report = (field: string, a: unknown, b: unknown): void => {
      differences.push({scenario, pod, i, field, expected: a, got: b});
    };
    if (wanted === undefined || own === undefined) report('line', wanted, own);
    else compareLine(wanted, isCompact ? compacted(own) : own, '', report);
  }
  return differences;
}

type Report = (field: string, expected: unknown, got: unknown) => void;

function compareLine(expected: DecisionLine, got: DecisionLine, prefix: string, report: Report): void {
  for (const field of FIELDS) {
    const wanted = normalized(field, expected);
    const own = normalized(field, got);
    if (isDeepStrictEqual(wanted, own)) continue;
    if (field === 'retry' && expected.retry !== undefined && got.retry !== undefined) {
      compareLine(expected.retry, got.retry, 'retry.', report);
    } else if (field === 'preemption' && expected.preemption !== undefined && got.preemption !== undefined) {
      for (const part of PREEMPTION_FIELDS) {
        const [a, b] = [expected.preemption[part], got.preemption[part]];
        if (!isDeepStrictEqual(a, b)) report(`${prefix}preemption.${part}`, a, b);
      }
    } else report(prefix + field, wanted, own);
  }
  // Any member of the tie is right.
  if (got.node !== undefined && expected.tie !== undefined && !expected.tie.includes(got.node)) {
    report(`${prefix}node`, expected.tie, got.node);
  }
}

/** A field in which an empty list of reasons is the same as none. */
function normalized(field: (typeof FIELDS)[number], line: DecisionLine): unknown {
  if (field === 'infeasible') return line.infeasible?.map((group) => ({...group, reasons: group.reasons ?? []}));
  if (field === 'absent') return line.absent && {...line.absent, reasons: line.absent.reasons ?? []};
  return line[field];
}

/** A line in the short form. */
function compacted(line: DecisionLine): DecisionLine {
  const {scorePlugins: _plugins, scores: _scores, infeasible, preemption, retry, ...rest} = line;
  return {
    ...rest,
    ...(infeasible === undefined ? {} : {infeasible: infeasible.map(counted)}),
    ...(preemption === undefined ? {} : {preemption: withoutCandidates(preemption)}),
    ...(retry === undefined ? {} : {retry: compacted(retry)}),
  };
}

function counted({nodes = [], ...group}: RejectedNodes): RejectedNodes {
  return {...group, count: nodes.length};
}

function withoutCandidates({candidates: _candidates, ...preemption}: PreemptionLine): PreemptionLine {
  return preemption;
}
