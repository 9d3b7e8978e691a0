/** What kube-scheduler asks of the arguments of its plugins, once their defaults are in. */
import {MAX_CUSTOM_PRIORITY_SCORE} from '../plugins/scoringStrategy.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import type {V1Arguments, V1TopologySpreadConstraint} from './argumentTypes.ts';
import {formatDuration, SECOND} from './duration.ts';
import type {FieldPath} from './fieldPath.ts';
import {labelKeyErrors} from './labelFormats.ts';
import {validateNodeAffinity} from './validateNodeAffinity.ts';

type Shape = V1Arguments['VolumeBinding']['shape'];

/** The arguments of one entry of pluginConfig; those of NodeResourcesFit are looked at when the plugin is made. */
export function validateArguments(typed: Partial<V1Arguments>, path: FieldPath, version: KubernetesVersion): void {
  const {DefaultPreemption, InterPodAffinity, NodeAffinity, PodTopologySpread, VolumeBinding, DynamicResources} = typed;
  if (DefaultPreemption !== undefined) validateDefaultPreemption(DefaultPreemption, path);
  if (InterPodAffinity !== undefined) {
    const {hardPodAffinityWeight} = InterPodAffinity;
    inRange(hardPodAffinityWeight ?? 1, 0, 100, path.child('hardPodAffinityWeight'));
  }
  if (NodeAffinity?.addedAffinity) validateNodeAffinity(NodeAffinity.addedAffinity, path.child('addedAffinity'));
  if (typed.NodeResourcesBalancedAllocation !== undefined) {
    validateBalancedAllocation(typed.NodeResourcesBalancedAllocation, path);
  }
  if (PodTopologySpread !== undefined) validateTopologySpread(PodTopologySpread, path);
  if (VolumeBinding !== undefined) validateVolumeBinding(VolumeBinding, path);
  if (DynamicResources !== undefined) validateDynamicResources(DynamicResources, path, version);
}

function validateDefaultPreemption(args: V1Arguments['DefaultPreemption'], path: FieldPath): void {
  const {minCandidateNodesPercentage: percentage, minCandidateNodesAbsolute: absolute} = args;
  const percentagePath = path.child('minCandidateNodesPercentage');
  const absolutePath = path.child('minCandidateNodesAbsolute');
  inRange(percentage ?? 10, 0, 100, percentagePath);
  if (absolute !== null && absolute < 0) absolutePath.invalid(absolute, 'not in valid range [0, inf)');
  if (percentage === 0 && absolute === 0) {
    percentagePath.invalid(0, 'cannot be zero at the same time as minCandidateNodesAbsolute');
    absolutePath.invalid(0, 'cannot be zero at the same time as minCandidateNodesPercentage');
  }
}

function validateBalancedAllocation(
  {resources}: V1Arguments['NodeResourcesBalancedAllocation'],
  path: FieldPath,
): void {
  const seen = new Set<string>();
  for (const [i, {name, weight}] of (resources ?? []).entries()) {
    const own = path.child('resources').index(i);
    if (seen.has(name)) own.child('name').duplicate(name);
    seen.add(name);
    // Zero is taken for absent.
    if (weight !== 1 && weight !== 0) own.child('weight').invalid(weight, 'must be 1');
  }
}

function validateTopologySpread(args: V1Arguments['PodTopologySpread'], path: FieldPath): void {
  const type = args.defaultingType === '' ? 'System' : args.defaultingType;
  const constraints = args.defaultConstraints ?? [];
  const typePath = path.child('defaultingType');
  if (type !== 'System' && type !== 'List') typePath.unsupported(type, ['System', 'List']);
  if (type === 'System' && constraints.length > 0) typePath.invalid(type, 'when .defaultConstraints are not empty');
  const seen = new Set<string>();
  for (const [i, constraint] of constraints.entries()) {
    const own = path.child('defaultConstraints').index(i);
    validateConstraint(constraint, own);
    const key = `{${constraint.topologyKey}, ${constraint.whenUnsatisfiable}}`;
    if (seen.has(key)) own.duplicate(key);
    seen.add(key);
  }
}

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];

function validateConstraint(constraint: V1TopologySpreadConstraint, path: FieldPath): void {
  const {maxSkew, topologyKey, whenUnsatisfiable, labelSelector} = constraint;
  if (maxSkew <= 0) path.child('maxSkew').invalid(maxSkew, 'not in valid range (0, inf)');
  if (topologyKey === '') path.child('topologyKey').required('can not be empty');
  else for (const error of labelKeyErrors(topologyKey)) path.child('topologyKey').invalid(topologyKey, error);
  const actionPath = path.child('whenUnsatisfiable');
  if (whenUnsatisfiable === '') actionPath.required('can not be empty');
  else if (!ACTIONS.includes(whenUnsatisfiable)) actionPath.unsupported(whenUnsatisfiable, ACTIONS);
  if (labelSelector !== null) {
    path.child('labelSelector').forbidden('constraint must not define a selector, as they deduced for each pod');
  }
}

/** A shape is refused since the feature it belongs to (StorageCapacityScoring) is off unless an administrator asks. */
function validateVolumeBinding({bindTimeoutSeconds, shape}: V1Arguments['VolumeBinding'], path: FieldPath): void {
  if (bindTimeoutSeconds !== null && bindTimeoutSeconds < 0) {
    const detail = 'invalid BindTimeoutSeconds, should not be a negative value';
    path.child('bindTimeoutSeconds').invalid(bindTimeoutSeconds, detail);
  }
  if (shape === null) return;
  const points = shape.map(({utilization, score}) => ({Utilization: utilization, Score: score}));
  const detail = 'unexpected field `shape`, remove it or turn on the feature gate StorageCapacityScoring';
  path.child('shape').invalid(points, detail);
}

function validateDynamicResources(
  {filterTimeout, bindingTimeout}: V1Arguments['DynamicResources'],
  path: FieldPath,
  version: KubernetesVersion,
): void {
  if (filterTimeout !== null && filterTimeout < 0) {
    path.child('filterTimeout').invalid(formatDuration(filterTimeout), 'must be zero or positive');
  }
  if (bindingTimeout === null) return;
  const bindingPath = path.child('bindingTimeout');
  if (!isAtLeast(version, '1.36')) {
    bindingPath.forbidden('DRADeviceBindingConditions or DRAResourceClaimDeviceStatus feature gate is disabled');
  } else if (bindingTimeout < SECOND) {
    bindingPath.invalid(formatDuration(bindingTimeout), 'must be at least 1 second');
  }
}

const STRATEGIES = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'];

export function validateNodeResourcesFit(
  args: V1Arguments['NodeResourcesFit'],
  path: FieldPath,
  version: KubernetesVersion,
): void {
  for (const [i, resource] of (args.ignoredResources ?? []).entries()) {
    const own = path.child('ignoredResources').index(i);
    for (const error of labelKeyErrors(resource)) own.invalid(resource, error);
  }
  for (const [i, group] of (args.ignoredResourceGroups ?? []).entries()) {
    const own = path.child('ignoredResourceGroups').index(i);
    if (group.includes('/')) own.invalid(group, "resource group name can't contain '/'");
    for (const error of labelKeyErrors(group)) own.invalid(group, error);
  }
  if (args.scoringStrategy !== null) validateStrategy(args.scoringStrategy, path.child('scoringStrategy'), version);
}

function validateStrategy(
  strategy: NonNullable<V1Arguments['NodeResourcesFit']['scoringStrategy']>,
  path: FieldPath,
  version: KubernetesVersion,
): void {
  const {type, resources, requestedToCapacityRatio: ratio} = strategy;
  if (!STRATEGIES.includes(type)) path.child('type').unsupported(type, STRATEGIES);
  for (const [i, {name, weight}] of (resources ?? []).entries()) {
    // Zero is taken for absent.
    if (weight >= 0 && weight <= 100) continue;
    const detail = `resource weight of ${name} not in valid range (0, 100]`;
    path.child('resources').index(i).child('weight').invalid(weight, detail);
  }
  const ratioPath = path.child('requestedToCapacityRatio');
  const isRatio = type === 'RequestedToCapacityRatio';
  if (ratio === null) {
    // Before 1.36 this was not looked for, and the scheduler panicked.
    if (isRatio) ratioPath.required('must be specified when type is RequestedToCapacityRatio');
  } else if (!isAtLeast(version, '1.36')) {
    // Those name the shape as if it stood in the strategy itself.
    validateShape(ratio.shape, path.within('requestedToCapacityRatio').child('shape'), version);
  } else if (isRatio) {
    validateShape(ratio.shape, ratioPath.child('shape'), version);
  } else {
    ratioPath.forbidden('must be nil when type is not RequestedToCapacityRatio');
  }
}

function validateShape(shape: Shape, path: FieldPath, version: KubernetesVersion): void {
  const points = shape ?? [];
  if (points.length === 0) path.required('at least one point must be specified');
  const unsorted = points.findIndex(({utilization}, i) => i > 0 && points[i - 1]!.utilization >= utilization);
  if (unsorted > 0) {
    const subject = isAtLeast(version, '1.34') ? 'values' : 'utilization values';
    const {utilization} = points[unsorted]!;
    path.index(unsorted).child('utilization').invalid(utilization, `${subject} must be sorted in increasing order`);
  }
  for (const [i, {utilization, score}] of points.entries()) {
    inRange(utilization, 0, 100, path.index(i).child('utilization'));
    inRange(score, 0, MAX_CUSTOM_PRIORITY_SCORE, path.index(i).child('score'));
  }
}

function inRange(value: number, least: number, greatest: number, path: FieldPath): void {
  if (value < least || value > greatest) path.invalid(value, `not in valid range [${least}, ${greatest}]`);
}
