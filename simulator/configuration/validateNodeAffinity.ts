import type {V1NodeAffinity, V1NodeSelectorTerm} from './argumentTypes.ts';
import type {FieldPath} from './fieldPath.ts';
import {labelKeyErrors, labelValueErrors} from './labelFormats.ts';

type Requirement = NonNullable<V1NodeSelectorTerm['matchExpressions']>[number];

/** What component-helpers/nodeaffinity cannot parse; it asks less of an affinity than the API does of a pod's. */
export function validateNodeAffinity(affinity: V1NodeAffinity, path: FieldPath): void {
  const required = path.child('requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
  const terms = affinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const [i, term] of terms.entries()) validateTerm(term, required.index(i));
  const preferred = path.child('preferredDuringSchedulingIgnoredDuringExecution');
  for (const [i, {weight, preference}] of (affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
    if (weight !== 0) validateTerm(preference, preferred.index(i).within('preference'));
  }
}

function validateTerm({matchExpressions, matchFields}: V1NodeSelectorTerm, path: FieldPath): void {
  for (const [i, requirement] of (matchExpressions ?? []).entries()) {
    validateExpression(requirement, path.child('matchExpressions').index(i));
  }
  for (const [i, {operator, values}] of (matchFields ?? []).entries()) {
    const own = path.child('matchFields').index(i);
    if (operator !== 'In' && operator !== 'NotIn') own.child('operator').unsupported(operator, ['In', 'NotIn']);
    else if (values?.length !== 1) own.child('values').invalid(values, 'must have one element');
  }
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

function validateExpression({key, operator, values}: Requirement, path: FieldPath): void {
  if (!OPERATORS.includes(operator)) {
    path.child('operator').unsupported(operator, OPERATORS);
    return;
  }
  const keyErrors = labelKeyErrors(key);
  if (keyErrors.length > 0) path.child('key').invalid(key, keyErrors.join('; '));
  validateValues({key, operator, values}, path.child('values'));
  for (const [i, value] of (values ?? []).entries()) {
    const errors = labelValueErrors(value);
    if (errors.length > 0) path.child('values').index(i).key(key).invalid(value, errors.join('; '));
  }
}

/** What each operator asks of its values. */
function validateValues({operator, values}: Requirement, path: FieldPath): void {
  const count = values?.length ?? 0;
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (count === 0) path.invalid(values, "for 'in', 'notin' operators, values set can't be empty");
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (count > 0) path.invalid(values, 'values set must be empty for exists and does not exist');
      break;
    default:
      if (count !== 1) path.invalid(values, "for 'Gt', 'Lt' operators, exactly one value is required");
      for (const [i, value] of (values ?? []).entries()) {
        if (!isInt64(value)) path.index(i).invalid(value, "for 'Gt', 'Lt' operators, the value must be an integer");
      }
  }
}

function isInt64(text: string): boolean {
  if (!/^[+-]?\d+$/.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value;
}
