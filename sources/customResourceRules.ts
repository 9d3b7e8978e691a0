import {type Diagnostics, placeOf} from '../model/diagnostic.ts';
import {type CustomResourceRule, customResourceRulesSchema} from '../workloads/customResources/rule.ts';
import type {InputObject} from '../workloads/inputObject.ts';
import {parseWithSchema} from './schemaErrors.ts';

export interface RulesAndObjects {
  /** In the order given; of two for one kind the last one counts. */
  readonly rules: readonly CustomResourceRule[];
  /** Everything else. */
  readonly objects: InputObject[];
}

/** Takes the rules for custom resources out of the input, wherever they were given. */
export function takeCustomResourceRules(inputs: readonly InputObject[], diagnostics: Diagnostics): RulesAndObjects {
  const rules: CustomResourceRule[] = [];
  const objects: InputObject[] = [];
  const seen = new Set<string>();
  for (const input of inputs) {
    if (!isRules(input)) {
      objects.push(input);
      continue;
    }
    // A scenario may name a file that lies in a directory it includes.
    const {file, line, column} = placeOf(input.origin, '');
    const place = `${file}:${line}:${column}`;
    if (seen.has(place)) continue;
    seen.add(place);
    const {namespace: _decided, ...metadata} = input.object.metadata;
    const read = parseWithSchema(customResourceRulesSchema, {...input.object, metadata}, input.origin, diagnostics);
    if (read !== undefined) rules.push(...read.spec.rules);
  }
  return {rules, objects};
}

function isRules({object: {apiVersion, kind}}: InputObject): boolean {
  return kind === 'CustomResourceRules' && apiVersion.startsWith('stowage.dev/');
}
