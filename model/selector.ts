import type {LabelSelector, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm} from './kubernetes.ts';
import {type Labels, labelValue} from './labels.ts';

/** Whether all of `wanted` are among `labels`; an empty map matches everything. */
export function matchesLabels(wanted: Labels, labels: Labels | undefined): boolean {
  for (const key of Object.keys(wanted)) if (labelValue(labels, key) !== wanted[key]) return false;
  return true;
}

/** A v1 LabelSelector: nil matches nothing, an empty one everything; all requirements are ANDed. */
export function matchesLabelSelector(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false;
  if (selector.matchLabels !== undefined && !matchesLabels(selector.matchLabels, labels)) return false;
  return (selector.matchExpressions ?? []).every((requirement) =>
    matchesRequirement(requirement, labelValue(labels, requirement.key)),
  );
}

/** Node labels and name, which is all that node selectors look at. */
export interface SelectableNode {
  readonly name: string;
  readonly labels: Labels;
}

/** A v1 NodeSelector: its terms are ORed, so that no term matches nothing. */
export function matchesNodeSelector(selector: NodeSelector, node: SelectableNode): boolean {
  return selector.nodeSelectorTerms.some((term) => matchesNodeSelectorTerm(term, node));
}

/** One term: expressions and fields are ANDed; a term without either matches nothing. */
export function matchesNodeSelectorTerm(term: NodeSelectorTerm, node: SelectableNode): boolean {
  const {matchExpressions = [], matchFields = []} = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) =>
      matchesRequirement(requirement, labelValue(node.labels, requirement.key)),
    ) && matchFields.every((requirement) => matchesField(requirement, node))
  );
}

/** The operators of label and node selectors; `value` is undefined where the label is absent. */
export function matchesRequirement(requirement: NodeSelectorRequirement, value: string | undefined): boolean {
  const {operator, values = []} = requirement;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt':
      return value !== undefined && comparesAs(operator, value, values);
    default:
      return false;
  }
}

function comparesAs(operator: 'Gt' | 'Lt', value: string, values: readonly string[]): boolean {
  const [bound] = values;
  if (values.length !== 1 || bound === undefined || !INTEGER.test(value) || !INTEGER.test(bound)) return false;
  return operator === 'Gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
}

/** What Go's ParseInt takes, but for the sign that BigInt would refuse. */
const INTEGER = /^-?\d+$/;

/** Only `metadata.name` with In or NotIn and exactly one value is a field selector. */
function matchesField({key, operator, values = []}: NodeSelectorRequirement, node: SelectableNode): boolean {
  if (key !== 'metadata.name' || values.length !== 1) return false;
  if (operator === 'In') return values[0] === node.name;
  return operator === 'NotIn' && values[0] !== node.name;
}
