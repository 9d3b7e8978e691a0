import type {Pod} from '../../model/pod.ts';
import {CPU, EPHEMERAL_STORAGE, MEMORY} from '../../model/resources.ts';
import {type Change, isConditionTaint} from './change.ts';
import type {NearestMiss, Rejection, RejectionDetail} from './explanation.ts';
import {roundedRequest} from './lowerRequest.ts';
import {inResultUnit} from './resultUnits.ts';

/** Changes that together take every obstacle off some node, as far as can be told without simulating them. */
export interface Repair {
  readonly changes: readonly Change[];
  readonly size: number;
}

/** What can be given up by asking for less. */
const DIVISIBLE: ReadonlySet<string> = new Set([CPU, MEMORY, EPHEMERAL_STORAGE]);
const CORDON_TAINT = 'node.kubernetes.io/unschedulable:NoSchedule';
/** Different combinations for one node. */
const MOST_COMBINATIONS = 12;

/**
 * How much a change is: the share of a request that is given up, and for everything else a number that puts it in its
 * place among those. Small is what concerns one pod or one node; a new node costs money, and dropping a rule costs what
 * the rule was there for.
 */
export function sizeOf(change: Change): number {
  switch (change.kind) {
    case 'LowerRequest':
      return (change.from - change.to) / change.from;
    case 'RemoveGates':
    case 'Uncordon':
      return 0.05;
    case 'MovePod':
    case 'UseScheduler':
    case 'Unbind':
    case 'AllowPreemption':
      return 0.1;
    case 'RaiseMaxSkew':
      return 0.1 * (change.to - change.from);
    case 'Tolerate':
    case 'RemoveTaints':
      return 0.15 * change.taints.length;
    case 'RaiseQuota':
      return 0.2;
    case 'DropHostPorts':
      return 0.2 * change.ports.length;
    case 'RaisePriority':
    case 'ScheduleAnyway':
      return 0.25;
    case 'DropNodeRequirements':
      return 0.25 * change.requirements.length;
    case 'DropPodAffinity':
      return 0.25 * change.terms.length;
    case 'AddNode':
      return 0.3;
    case 'DropVolumes':
      return 0.4 * change.volumes.length;
    case 'DropResourceClaims':
      return 0.4 * change.claims.length;
  }
}

/** How far a node is from taking the pod: the share of a request that is missing, and 1 for every other obstacle. */
export function distanceOf(rejections: readonly Rejection[]): number {
  return obstacles(rejections).reduce((sum, {details}) => {
    const shares = details.map((detail) => (detail.kind === 'Resource' ? detail.short / detail.requested : 1));
    return sum + (shares.length === 0 ? 1 : shares.reduce((a, b) => a + b));
  }, 0);
}

/** The rejections, where a cordon and the taint that goes with it count once. */
function obstacles(rejections: readonly Rejection[]): readonly Rejection[] {
  if (!rejections.some(({plugin}) => plugin === 'NodeUnschedulable')) return rejections;
  return rejections.flatMap((one) => {
    if (one.plugin !== 'TaintToleration') return [one];
    const details = one.details.filter((detail) => detail.kind !== 'Taint' || detail.taint !== CORDON_TAINT);
    return details.length === 0 ? [] : [{...one, details}];
  });
}

/**
 * Repairs that might do, the smallest first: those of nodes with the fewest obstacles, and of nodes with more where
 * these leave little choice. `misses` are sorted by distance.
 */
export function findRepairs(misses: readonly NearestMiss[], pod: Pod, enough: number): readonly Repair[] {
  const repairs = new Map<string, Repair>();
  const byObstacles = Map.groupBy(misses, ({rejections}) => obstacles(rejections).length);
  for (const count of [...byObstacles.keys()].sort((a, b) => a - b)) {
    if (count > 1 && repairs.size >= enough) break;
    for (const {node, rejections} of byObstacles.get(count)!) {
      for (const changes of repairsOfNode(node, obstacles(rejections), pod)) {
        const key = keyOf(changes);
        const size = changes.reduce((sum, change) => sum + sizeOf(change), 0);
        if (size < (repairs.get(key)?.size ?? Number.POSITIVE_INFINITY)) repairs.set(key, {changes, size});
      }
    }
  }
  return [...repairs.values()].sort((a, b) => a.size - b.size);
}

/** Repairs that differ only in how far a request is lowered, or in which node is uncordoned, are of one kind. */
function keyOf(changes: readonly Change[]): string {
  return changes
    .map((change) => {
      if (change.kind === 'LowerRequest') return `${change.kind} ${change.resource}`;
      if (change.kind === 'RaiseMaxSkew') return `${change.kind} ${change.constraint}`;
      if (change.kind === 'Uncordon') return change.kind;
      if (change.kind === 'RemoveTaints') return `${change.kind} ${change.taints.join()}`;
      return JSON.stringify(change);
    })
    .sort()
    .join('\n');
}

/** One way for each obstacle, in all combinations. */
function repairsOfNode(node: string, rejections: readonly Rejection[], pod: Pod): readonly (readonly Change[])[] {
  let combinations: readonly (readonly Change[])[] = [[]];
  for (const rejection of rejections) {
    const ways = waysAround(node, rejection, pod);
    combinations = combinations
      .flatMap((changes) => ways.map((way) => together(changes, way)))
      .slice(0, MOST_COMBINATIONS);
  }
  return combinations.filter((changes) => changes.length > 0);
}

/** Both, where several plugins object to the same volume or claim only the first time. */
export function together(changes: readonly Change[], more: readonly Change[]): readonly Change[] {
  const targetOf = (change: Change): string => JSON.stringify({...change, reason: ''});
  const known = new Set(changes.map(targetOf));
  return [...changes, ...more.filter((change) => !known.has(targetOf(change)))];
}

/** What could be changed so that the plugin lets the pod onto the node; nothing where nobody knows. */
function waysAround(node: string, {plugin, reasons, details}: Rejection, pod: Pod): readonly (readonly Change[])[] {
  switch (plugin) {
    case 'NodeResourcesFit':
      return lowerRequests(details);
    case 'NodeUnschedulable':
      return [[{kind: 'Uncordon', node}]];
    case 'TaintToleration': {
      const taints = textsOf(details, 'Taint', ({taint}) => taint);
      const remove: Change = {kind: 'RemoveTaints', node, taints};
      const isCondition = taints.some((taint) => isConditionTaint(taint));
      return taints.length === 0 ? [] : isCondition ? [[remove]] : [[{kind: 'Tolerate', taints}], [remove]];
    }
    case 'NodeAffinity':
      return dropRequirements(details);
    case 'NodePorts': {
      const ports = textsOf(details, 'HostPort', ({port}) => port);
      return ports.length === 0 ? [] : [[{kind: 'DropHostPorts', ports}]];
    }
    case 'PodTopologySpread':
      return relaxSpreading(details);
    case 'InterPodAffinity':
      return dropAffinity(details);
    default:
      return withoutClaims(plugin, reasons, pod);
  }
}

function lowerRequests(details: readonly RejectionDetail[]): readonly (readonly Change[])[] {
  const changes: Change[] = [];
  for (const detail of details) {
    if (detail.kind !== 'Resource' || !DIVISIBLE.has(detail.resource)) return [];
    const {resource, requested: from, free} = detail;
    const most = roundedRequest(resource, resource === CPU ? Math.round(free * 1000) : free);
    if (most <= 0) return [];
    changes.push({kind: 'LowerRequest', resource, from, to: inResultUnit(resource, most)});
  }
  return [changes];
}

function dropRequirements(details: readonly RejectionDetail[]): readonly (readonly Change[])[] {
  const changes: Change[] = [];
  for (const source of ['nodeSelector', 'nodeAffinity'] as const) {
    const own = details.filter((detail) => detail.kind === 'NodeLabel').filter((detail) => detail.source === source);
    const [first] = own;
    if (first === undefined) continue;
    const requirements = own.map(({requirement}) => requirement);
    changes.push({kind: 'DropNodeRequirements', source, term: first.term, requirements});
  }
  const isComplete = details.every(({kind, ...detail}) => {
    return kind === 'NodeLabel' && 'source' in detail && detail.source !== 'profile';
  });
  return isComplete && changes.length > 0 ? [changes] : [];
}

function relaxSpreading(details: readonly RejectionDetail[]): readonly (readonly Change[])[] {
  const raise: Change[] = [];
  const relax: Change[] = [];
  for (const detail of details) {
    if (detail.kind !== 'Spread' || detail.constraint === null) return [];
    const {constraint, topologyKey, domain, maxSkew: from, skew: to} = detail;
    relax.push({kind: 'ScheduleAnyway', constraint, topologyKey});
    if (domain !== null) raise.push({kind: 'RaiseMaxSkew', constraint, topologyKey, from, to});
  }
  if (relax.length === 0) return [];
  return raise.length === relax.length ? [raise, relax] : [relax];
}

function dropAffinity(details: readonly RejectionDetail[]): readonly (readonly Change[])[] {
  const changes: Change[] = [];
  for (const rule of ['affinity', 'antiAffinity'] as const) {
    const terms = details
      .filter((detail) => detail.kind === 'PodAffinity')
      .filter((detail) => detail.rule === rule)
      .map(({term, topologyKey, selector}) => ({index: term ?? 0, topologyKey, selector: selector ?? ''}));
    if (terms.length > 0) changes.push({kind: 'DropPodAffinity', rule, terms});
  }
  // The anti-affinity of other pods is theirs to change, but for siblings who have the pod's own.
  const isForeign = details.some((detail) => isExisting(detail) && !isMirrored(detail, details));
  return isForeign || changes.length === 0 ? [] : [changes];
}

type AffinityDetail = Extract<RejectionDetail, {readonly kind: 'PodAffinity'}>;

function isExisting(detail: RejectionDetail): detail is AffinityDetail {
  return detail.kind === 'PodAffinity' && detail.rule === 'existingAntiAffinity';
}

/** Whether the anti-affinity of other pods reads as one of the pod's own, as it does among siblings. */
export function isMirrored(existing: AffinityDetail, details: readonly RejectionDetail[]): boolean {
  return details.some(
    (own) =>
      own.kind === 'PodAffinity' &&
      own.rule === 'antiAffinity' &&
      own.topologyKey === existing.topologyKey &&
      own.selector === existing.selector,
  );
}

/** For plugins about volumes and devices: doing without them tells whether anything else is in the way. */
export function withoutClaims(
  plugin: string,
  reasons: readonly string[],
  {class: {spec}}: Pod,
): readonly (readonly Change[])[] {
  const reason = reasons.join(', ');
  if (plugin === 'DynamicResources') {
    const claims = (spec.resourceClaims ?? []).map(({name}) => name);
    return claims.length === 0 ? [] : [[{kind: 'DropResourceClaims', claims, reason}]];
  }
  if (!plugin.startsWith('Volume') && plugin !== 'NodeVolumeLimits') return [];
  const volumes = (spec.volumes ?? []).filter(isClaimed).map(({name}) => name);
  if (volumes.length === 0) return [];
  const one =
    volumes.length === 1 ? [] : volumes.map((name): Change[] => [{kind: 'DropVolumes', volumes: [name], reason}]);
  return [...one, [{kind: 'DropVolumes', volumes, reason}]];
}

/** Whether the scheduler looks at a volume: those made of what the pod or its node has are none of its business. */
function isClaimed(volume: {readonly name: string; readonly [source: string]: unknown}): boolean {
  return !['emptyDir', 'configMap', 'secret', 'downwardAPI', 'projected', 'hostPath', 'image'].some((source) =>
    Object.hasOwn(volume, source),
  );
}

function textsOf<Kind extends RejectionDetail['kind']>(
  details: readonly RejectionDetail[],
  kind: Kind,
  textOf: (detail: Extract<RejectionDetail, {readonly kind: Kind}>) => string,
): readonly string[] {
  const own = details.filter(
    (detail): detail is Extract<RejectionDetail, {readonly kind: Kind}> => detail.kind === kind,
  );
  return own.map(textOf);
}
