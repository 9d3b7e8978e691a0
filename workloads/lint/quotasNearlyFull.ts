import {objectReference} from '../../model/kubernetes.ts';
import {compareQuantities, parseQuantity, type Quantity, scaledValue} from '../../model/quantity.ts';
import {ResourceQuotas} from '../admission/resourceQuota.ts';
import {type LintRule, podsByClass} from './finding.ts';

const NEARLY_FULL_PERCENT = 90n;
const NANO = -9;

/** Quotas of which the pods of the input use nine tenths or more. */
export const quotasNearlyFull: LintRule = (model) => {
  const objects = model.objects.filter(({kind, apiVersion}) => kind === 'ResourceQuota' && apiVersion === 'v1');
  const quotas = new ResourceQuotas();
  for (const object of objects) quotas.add(object);
  for (const [{namespace, spec}, count] of podsByClass(model)) quotas.count(namespace, spec, count);
  return objects.flatMap(({metadata: {namespace = 'default', name = ''}, spec}) => {
    const {hard = {}} = (spec ?? {}) as {hard?: Readonly<Record<string, string | number>>};
    const full = [...quotas.used(namespace, name)].flatMap(([key, text]) => {
      const limit = parseQuantity(hard[key] ?? '');
      const used = parseQuantity(text);
      if (limit === undefined || used === undefined || limit.unscaled <= 0n) return [];
      const percent = shareOf(used, limit);
      return percent >= NEARLY_FULL_PERCENT ? [`${key} ${text} of ${hard[key]} (${percent} %)`] : [];
    });
    if (full.length === 0) return [];
    const object = objectReference('ResourceQuota', namespace, name);
    return [{code: 'STW-4003', severity: 'warning', message: `used: ${full.sort().join(', ')}`, object} as const];
  });
};

/** In whole percent, rounded down; a share that is not below the limit is never shown as less than 100. */
function shareOf(used: Quantity, limit: Quantity): bigint {
  if (compareQuantities(used, limit) === 0) return 100n;
  return (scaledValue(used, NANO) * 100n) / scaledValue(limit, NANO);
}
