import type {LabelSelector} from '../../model/kubernetes.ts';
import {type FieldError, type FieldPath, forbidden, invalidValue, requiredValue} from './fieldError.ts';
import {labelValueErrors, qualifiedNameErrors} from './formats.ts';

/** What the API server has against a label selector. */
export function labelSelectorErrors(selector: LabelSelector | undefined, path: FieldPath): FieldError[] {
  const labels = path.child('matchLabels');
  return [
    ...Object.entries(selector?.matchLabels ?? {}).flatMap(([key, value]) => [
      ...qualifiedNameErrors(key).map((why) => invalidValue(labels, key, why)),
      ...labelValueErrors(value).map((why) => invalidValue(labels, value, why)),
    ]),
    ...(selector?.matchExpressions ?? []).flatMap(({key = '', operator = '', values = []}, index) => {
      const at = path.child('matchExpressions').index(index);
      const errors: FieldError[] = [];
      if (operator === 'In' || operator === 'NotIn') {
        const why = "must be specified when `operator` is 'In' or 'NotIn'";
        if (values.length === 0) errors.push(requiredValue(at.child('values'), why));
      } else if (operator === 'Exists' || operator === 'DoesNotExist') {
        const why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
        if (values.length > 0) errors.push(forbidden(at.child('values'), why));
      } else errors.push(invalidValue(at.child('operator'), operator, 'not a valid selector operator'));
      errors.push(...qualifiedNameErrors(key).map((why) => invalidValue(at.child('key'), key, why)));
      values.forEach((value, position) => {
        const field = at.child('values').index(position);
        errors.push(...labelValueErrors(value).map((why) => invalidValue(field, value, why)));
      });
      return errors;
    }),
  ];
}
