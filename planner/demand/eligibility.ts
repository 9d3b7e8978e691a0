import type {NodeSelector, NodeSelectorRequirement, PodSpec} from '../../model/kubernetes.ts';
import {ARCH_LABEL} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';
import type {PodClass} from '../../model/pod.ts';
import {matchesNodeSelector, matchesRequirement} from '../../model/selector.ts';
import {findUntoleratedTaint} from '../../model/taints.ts';
import type {Offering} from './offering.ts';

/** Something a pod asks of its node beside room, in the words of the pod, with the nodes it holds for. */
export interface NodeConstraint {
  /** `nodeSelector disk-type=ssd`. */
  readonly text: string;
  readonly allows: (node: Node, offering: Offering) => boolean;
}

export interface EligibilityOptions {
  /** What pods that name no architecture may run on. */
  readonly architectures: readonly string[];
}

/**
 * What a class asks of its nodes: selector, required affinity, tolerations, the architecture of its images and the zones
 * of its volumes. A node has to satisfy each of them.
 */
export function nodeConstraints(
  podClass: PodClass,
  volumes: readonly NodeSelector[],
  {architectures}: EligibilityOptions,
): readonly NodeConstraint[] {
  const {spec} = podClass;
  const {nodeSelector = {}, affinity, tolerations = []} = spec;
  const constraints: NodeConstraint[] = Object.entries(nodeSelector).map(([key, value]) => ({
    text: `nodeSelector ${key}=${value}`,
    allows: ({labels}) => matchesRequirement({key, operator: 'In', values: [value]}, labels[key]),
  }));
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required !== undefined) constraints.push(...affinityConstraints(required));
  for (const selector of volumes) {
    constraints.push({
      text: `a volume that is reached only from ${selectorText(selector)}`,
      allows: (node) => matchesNodeSelector(selector, node),
    });
  }
  if (!namesArchitecture(spec)) {
    constraints.push({
      text: `images for ${architectures.join(' or ')}`,
      allows: (_node, {machine}) => architectures.includes(machine.instanceType.arch),
    });
  }
  constraints.push({
    text: tolerations.length === 0 ? 'no tolerations' : 'its tolerations',
    allows: ({taints}) => findUntoleratedTaint(taints, tolerations, ['NoSchedule', 'NoExecute']) === undefined,
  });
  return constraints;
}

/** One term is as many constraints as it has requirements; several are one, of which any may hold. */
function affinityConstraints(required: NodeSelector): readonly NodeConstraint[] {
  const {nodeSelectorTerms} = required;
  const [only] = nodeSelectorTerms;
  const isSimple =
    nodeSelectorTerms.length === 1 &&
    only !== undefined &&
    (only.matchFields ?? []).length === 0 &&
    (only.matchExpressions ?? []).length > 0;
  if (!isSimple) {
    return [
      {text: `node affinity to ${selectorText(required)}`, allows: (node) => matchesNodeSelector(required, node)},
    ];
  }
  return only.matchExpressions!.map((requirement) => ({
    text: `node affinity to ${requirementText(requirement)}`,
    allows: ({labels}) => matchesRequirement(requirement, labels[requirement.key]),
  }));
}

/** Whether the pod itself says which architecture it runs on. */
export function namesArchitecture({nodeSelector = {}, affinity}: PodSpec): boolean {
  if (Object.hasOwn(nodeSelector, ARCH_LABEL)) return true;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (required?.nodeSelectorTerms ?? [{}]).every(({matchExpressions = []}) =>
    matchExpressions.some(({key}) => key === ARCH_LABEL),
  );
}

function selectorText({nodeSelectorTerms}: NodeSelector): string {
  return nodeSelectorTerms
    .map(({matchExpressions = [], matchFields = []}) =>
      [...matchExpressions, ...matchFields].map(requirementText).join(' and '),
    )
    .join(', or ');
}

function requirementText({key, operator, values = []}: NodeSelectorRequirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(', ')})`;
    case 'NotIn':
      return `${key} not in (${values.join(', ')})`;
    case 'Exists':
      return `any ${key}`;
    case 'DoesNotExist':
      return `no ${key}`;
    case 'Gt':
      return `${key} > ${values[0]}`;
    default:
      return `${key} < ${values[0]}`;
  }
}
