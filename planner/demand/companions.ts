/** Who may not share a node with whom. */
import type {PodAffinityTerm} from '../../model/kubernetes.ts';
import {HOSTNAME_LABEL, ZONE_LABEL} from '../../model/labels.ts';
import type {PodClass} from '../../model/pod.ts';
import {matchesLabelSelector} from '../../model/selector.ts';
import {type HostPort, hostPortsOf, UsedHostPorts} from '../../simulator/state/hostPorts.ts';

/** What a class minds on its node, and in its zone. */
export interface Companions {
  /** Whether two pods of the class can share a node. */
  readonly toleratesSelf: boolean;
  /** Whether two pods of the class can share a zone. */
  readonly toleratesSelfInZone: boolean;
}

export function companionsOf(podClass: PodClass): Companions {
  return {
    toleratesSelf: hostPortsOf(podClass.spec).length === 0 && !rejects(podClass, podClass, HOSTNAME_LABEL),
    toleratesSelfInZone: !rejects(podClass, podClass, ZONE_LABEL),
  };
}

/** Pairs of classes, by position, that never share a node: for their host ports, or because one rejects the other. */
export function enemies(classes: readonly PodClass[]): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  const difficult = classes.map((podClass) => hasHostTerms(podClass) || hostPortsOf(podClass.spec).length > 0);
  for (const [a, first] of classes.entries()) {
    for (let b = a + 1; b < classes.length; b++) {
      const second = classes[b]!;
      if (!difficult[a] && !difficult[b]) continue;
      if (
        portsCollide(first, second) ||
        rejects(first, second, HOSTNAME_LABEL) ||
        rejects(second, first, HOSTNAME_LABEL)
      ) {
        pairs.push([a, b]);
      }
    }
  }
  return pairs;
}

/** Whether both want the same port of the node. */
export function portsCollide(a: PodClass, b: PodClass): boolean {
  const wanted = hostPortsOf(a.spec);
  if (wanted.length === 0) return false;
  const used = usedPorts(hostPortsOf(b.spec));
  return wanted.some((port) => used.conflictsWith(port));
}

function usedPorts(ports: readonly HostPort[]): UsedHostPorts {
  const used = new UsedHostPorts();
  for (const port of ports) used.add(port);
  return used;
}

function hasHostTerms(podClass: PodClass): boolean {
  return requiredTerms(podClass).some(({topologyKey}) => topologyKey === HOSTNAME_LABEL);
}

/** Whether pods of a class refuse those of another in their domain of a topology. */
function rejects(podClass: PodClass, other: PodClass, topologyKey: string): boolean {
  return requiredTerms(podClass).some(
    (term) =>
      term.topologyKey === topologyKey && selectsNamespace(term, podClass, other) && selects(term, podClass, other),
  );
}

function requiredTerms({spec}: PodClass): readonly PodAffinityTerm[] {
  return spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

/** Namespaces chosen by their labels are left to the scheduler's replay, unless all of them are. */
function selectsNamespace(
  {namespaces = [], namespaceSelector}: PodAffinityTerm,
  own: PodClass,
  other: PodClass,
): boolean {
  if (namespaceSelector !== undefined && isEverything(namespaceSelector)) return true;
  if (namespaces.length > 0) return namespaces.includes(other.namespace);
  return namespaceSelector === undefined && own.namespace === other.namespace;
}

function isEverything({
  matchLabels = {},
  matchExpressions = [],
}: NonNullable<PodAffinityTerm['labelSelector']>): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** Keys whose values are taken from the pod narrow the term; where the two differ in one, it does not hold. */
function selects(
  {labelSelector, matchLabelKeys = [], mismatchLabelKeys = []}: PodAffinityTerm,
  own: PodClass,
  other: PodClass,
): boolean {
  if (!matchesLabelSelector(labelSelector, other.labels)) return false;
  const agrees = (key: string): boolean => own.labels[key] === undefined || own.labels[key] === other.labels[key];
  return (
    matchLabelKeys.every(agrees) && mismatchLabelKeys.every((key) => own.labels[key] === undefined || !agrees(key))
  );
}
