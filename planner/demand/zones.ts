import type {Catalog} from '../../catalog/instanceType.ts';
import type {NodeSelector, PodSpec, TopologySpreadConstraint} from '../../model/kubernetes.ts';
import {ZONE_LABEL} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';
import type {PodClass} from '../../model/pod.ts';
import {matchesLabelSelector} from '../../model/selector.ts';

/** Zones a plan uses where nothing says which: three, as the providers name them. */
const SUFFIXES: ReadonlyMap<string, readonly string[]> = new Map([
  ['aws', ['a', 'b', 'c']],
  ['gcp', ['-a', '-b', '-c']],
]);
const NUMBERED: readonly string[] = ['-1', '-2', '-3'];

/** The zones of the nodes that are there, else the first three of the region. */
export function zonesOf({provider, region}: Catalog, nodes: readonly Node[]): readonly string[] {
  const given = new Set(nodes.flatMap(({zone}) => (zone === null ? [] : [zone])));
  if (given.size > 0) return [...given].sort();
  return (SUFFIXES.get(provider) ?? NUMBERED).map((suffix) => `${region}${suffix}`);
}

/** Whether it matters to pods of a class in which zone they are. */
export function minds({spec}: PodClass, volumes: readonly NodeSelector[]): boolean {
  const {nodeSelector = {}, affinity} = spec;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    Object.hasOwn(nodeSelector, ZONE_LABEL) ||
    [...volumes, ...(required === undefined ? [] : [required])].some(namesZone) ||
    zoneSpreading(spec).length > 0 ||
    (affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(
      ({topologyKey}) => topologyKey === ZONE_LABEL,
    )
  );
}

function namesZone({nodeSelectorTerms}: NodeSelector): boolean {
  return nodeSelectorTerms.some(({matchExpressions = []}) => matchExpressions.some(({key}) => key === ZONE_LABEL));
}

function zoneSpreading({topologySpreadConstraints = []}: PodSpec): readonly TopologySpreadConstraint[] {
  return topologySpreadConstraints.filter(
    ({topologyKey, whenUnsatisfiable}) => topologyKey === ZONE_LABEL && whenUnsatisfiable === 'DoNotSchedule',
  );
}

/** Whether pods of the class must be spread over zones among themselves. */
export function isSpread({spec, labels}: PodClass): boolean {
  return zoneSpreading(spec).some(({labelSelector}) => matchesLabelSelector(labelSelector, labels));
}

/**
 * Spreads pods over zones as evenly as can be, which any maxSkew allows. Those that are left over go where `load` is
 * least; the loads grow by what is sent there.
 */
export function spread(
  pods: number,
  zones: readonly string[],
  weight: number,
  load: Map<string, number>,
): ReadonlyMap<string, number> {
  const each = Math.floor(pods / zones.length);
  const byLoad = zones.toSorted((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0));
  const counts = new Map(byLoad.map((zone, index) => [zone, each + (index < pods % zones.length ? 1 : 0)]));
  for (const [zone, count] of counts) load.set(zone, (load.get(zone) ?? 0) + count * weight);
  return counts;
}
