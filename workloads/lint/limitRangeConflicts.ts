import {objectReference, type ResourceList} from '../../model/kubernetes.ts';
import {compareQuantities, parseQuantity, scaledValue} from '../../model/quantity.ts';
import type {LintRule} from './finding.ts';

interface LimitRangeItem {
  readonly type?: string;
  readonly min?: ResourceList;
  readonly max?: ResourceList;
  readonly default?: ResourceList;
  readonly defaultRequest?: ResourceList;
  readonly maxLimitRequestRatio?: ResourceList;
}

/**
 * LimitRanges that turn down the very values they give; the API server refuses most of them, but not all ratios. The defaults are worked out as the API server does: `default`
 * from `max`, `defaultRequest` from `default` and then from `min`.
 */
export const limitRangeConflicts: LintRule = ({objects}) =>
  objects
    .filter(({kind, apiVersion}) => kind === 'LimitRange' && apiVersion === 'v1')
    .flatMap(({metadata: {namespace = 'default', name = ''}, spec}) => {
      const {limits = []} = (spec ?? {}) as {limits?: readonly LimitRangeItem[]};
      const conflicts = limits.filter(({type}) => type === 'Container').flatMap(conflictsOf);
      if (conflicts.length === 0) return [];
      const object = objectReference('LimitRange', namespace, name);
      return [{code: 'STW-4006', severity: 'warning', message: conflicts.join('; '), object} as const];
    });

function conflictsOf({
  min = {},
  max = {},
  default: limit = {},
  defaultRequest = {},
  maxLimitRequestRatio: ratios = {},
}: LimitRangeItem): readonly string[] {
  const names = new Set([min, max, limit, defaultRequest].flatMap((list) => Object.keys(list)));
  return [...names].sort().flatMap((name) => {
    const givenLimit = limit[name] ?? max[name];
    const givenRequest = defaultRequest[name] ?? givenLimit ?? min[name];
    return [
      ...(isBelow(givenRequest, min[name])
        ? [`${name}: default request ${givenRequest} is below the minimum ${min[name]}`]
        : []),
      ...(isBelow(max[name], givenLimit)
        ? [`${name}: default limit ${givenLimit} is above the maximum ${max[name]}`]
        : []),
      ...(isBelow(givenLimit, givenRequest)
        ? [`${name}: default request ${givenRequest} is above the default limit ${givenLimit}`]
        : []),
      ...(isWider(givenLimit, givenRequest, ratios[name])
        ? [
            `${name}: default limit ${givenLimit} is more than ${ratios[name]} times the default request ${givenRequest}`,
          ]
        : []),
    ];
  });
}

function isBelow(a: string | number | undefined, b: string | number | undefined): boolean {
  const [left, right] = [parseQuantity(a ?? ''), parseQuantity(b ?? '')];
  return left !== undefined && right !== undefined && compareQuantities(left, right) < 0;
}

/** Whether a limit is further above its request than a ratio allows. */
function isWider(
  limit: string | number | undefined,
  request: string | number | undefined,
  ratio?: string | number,
): boolean {
  const [most, least, allowed] = [limit, request, ratio].map((text) => parseQuantity(text ?? ''));
  if (most === undefined || least === undefined || allowed === undefined) return false;
  return (
    Number(scaledValue(most, MILLI)) / Number(scaledValue(least, MILLI)) > Number(scaledValue(allowed, MILLI)) / 1000
  );
}

const MILLI = -3;
