import type {ClusterModel} from '../../model/clusterModel.ts';
import type {NodeSelectorTerm} from '../../model/kubernetes.ts';
import {labelValue} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';
import {type Pod, podKey} from '../../model/pod.ts';
import {PODS} from '../../model/resources.ts';
import {matchesNodeSelector, matchesNodeSelectorTerm} from '../../model/selector.ts';
import {findUntoleratedTaint, formatTaint} from '../../model/taints.ts';
import type {Framework} from '../framework/framework.ts';
import {PodTopologySpread} from '../plugins/podTopologySpread/podTopologySpread.ts';
import type {Scheduler} from '../scheduler.ts';
import {hostPortsOf, UsedHostPorts} from '../state/hostPorts.ts';
import {formatRequirement} from './change.ts';
import {domainName} from './domainName.ts';
import type {RejectionDetail} from './explanation.ts';
import type {DetailsOf} from './filterMatrix.ts';
import {PodAffinityDetails} from './podAffinityDetails.ts';
import {inResultUnit} from './resultUnits.ts';

/** Says what exactly the plugins that it knows object to, as the cluster stands now; of others it says nothing. */
export function rejectionDetails(model: ClusterModel, scheduler: Scheduler, pod: Pod): DetailsOf {
  const framework = scheduler.frameworks.get(pod.class.schedulerName)!;
  const affinity = new PodAffinityDetails(model, scheduler, framework, pod);
  let spread: ((node: number) => readonly RejectionDetail[]) | undefined;
  return (plugin, node, reasons) => {
    switch (plugin) {
      case 'NodeResourcesFit':
        return resourceDetails(model, scheduler, pod, node, reasons);
      case 'NodeUnschedulable':
        return [{kind: 'Cordoned'}];
      case 'TaintToleration':
        return taintDetails(model.nodes[node]!, pod);
      case 'NodeAffinity':
        return labelDetails(model.nodes[node]!, pod, framework);
      case 'NodePorts':
        return portDetails(scheduler, pod, node);
      case 'PodTopologySpread':
        spread ??= spreadDetails(model, framework, pod);
        return spread(node);
      case 'InterPodAffinity':
        return affinity.on(node);
      default:
        return [];
    }
  };
}

/** The resources are those that the plugin's reasons name: it may leave some of the pod's to others. */
function resourceDetails(
  {nodes}: ClusterModel,
  {state}: Scheduler,
  {class: {requests}}: Pod,
  node: number,
  reasons: readonly string[],
): readonly RejectionDetail[] {
  const {resources, allocatable, requested, podCount} = state;
  return reasons.flatMap((reason): RejectionDetail[] => {
    if (reason === 'Too many pods') {
      const most = nodes[node]!.allocatable[PODS] ?? 0;
      const free = most - podCount[node]!;
      return [{kind: 'Resource', resource: PODS, requested: 1, free, allocatable: most, short: 1 - free}];
    }
    const resource = /^Insufficient (.+)$/.exec(reason)?.[1] ?? '';
    const column = resources.indexOf(resource);
    const wanted = requests[resource];
    if (column < 0 || wanted === undefined) return [];
    const cell = node * resources.size + column;
    const free = allocatable[cell]! - requested[cell]!;
    return [
      {
        kind: 'Resource',
        resource,
        requested: inResultUnit(resource, wanted),
        free: inResultUnit(resource, free),
        allocatable: inResultUnit(resource, allocatable[cell]!),
        short: inResultUnit(resource, wanted - free),
      },
    ];
  });
}

function taintDetails({taints}: Node, {class: {spec}}: Pod): readonly RejectionDetail[] {
  return taints
    .filter((taint) => findUntoleratedTaint([taint], spec.tolerations ?? [], ['NoSchedule', 'NoExecute']) !== undefined)
    .map((taint) => ({kind: 'Taint', taint: formatTaint(taint)}));
}

function labelDetails(node: Node, pod: Pod, {profile}: Framework): readonly RejectionDetail[] {
  const {daemonSetNode} = pod;
  const {nodeSelector = {}, affinity} = pod.class.spec;
  const added = profile.args.NodeAffinity.addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (added !== undefined && !matchesNodeSelector(added, node)) {
    return mostlyMatching(added.nodeSelectorTerms, node, 'profile');
  }
  if (daemonSetNode !== null && daemonSetNode !== node.name) return [{kind: 'OtherNode', node: daemonSetNode}];
  const selector = Object.entries(nodeSelector).flatMap(([key, value]): RejectionDetail[] => {
    const found = labelValue(node.labels, key) ?? null;
    return found === value
      ? []
      : [{kind: 'NodeLabel', source: 'nodeSelector', term: null, requirement: `${key}=${value}`, found}];
  });
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (daemonSetNode !== null || required === undefined || matchesNodeSelector(required, node)) return selector;
  return [...selector, ...mostlyMatching(required.nodeSelectorTerms, node, 'nodeAffinity')];
}

/** The requirements that fail in the term with the fewest of them. */
function mostlyMatching(
  terms: readonly NodeSelectorTerm[],
  node: Node,
  source: 'nodeAffinity' | 'profile',
): readonly RejectionDetail[] {
  let best: readonly RejectionDetail[] = [];
  for (const [term, {matchExpressions = [], matchFields = []}] of terms.entries()) {
    const labels = matchExpressions
      .filter((one) => !matchesNodeSelectorTerm({matchExpressions: [one]}, node))
      .map((one) => ({one, found: labelValue(node.labels, one.key) ?? null}));
    const fields = matchFields
      .filter((one) => !matchesNodeSelectorTerm({matchFields: [one]}, node))
      .map((one) => ({one, found: node.name}));
    const failing = [...labels, ...fields].map(
      ({one, found}): RejectionDetail => ({
        kind: 'NodeLabel',
        source,
        term,
        requirement: formatRequirement(one),
        found,
      }),
    );
    if (failing.length > 0 && (best.length === 0 || failing.length < best.length)) best = failing;
  }
  return best;
}

function portDetails({state}: Scheduler, {class: {spec}}: Pod, node: number): readonly RejectionDetail[] {
  const used = state.hostPortsOn(node);
  if (used === undefined) return [];
  return hostPortsOf(spec)
    .filter((port) => used.conflictsWith(port))
    .map((port) => {
      const holder = state.pods.on(node).find(({class: {spec: other}}) => {
        const ports = new UsedHostPorts();
        for (const one of hostPortsOf(other)) ports.add(one);
        return ports.conflictsWith(port);
      });
      return {kind: 'HostPort', port: port.protocolPort, heldBy: holder === undefined ? null : podKey(holder)};
    });
}

function spreadDetails(
  {nodes}: ClusterModel,
  {filterPlugins}: Framework,
  pod: Pod,
): (node: number) => readonly RejectionDetail[] {
  const plugin = filterPlugins.find((one) => one instanceof PodTopologySpread);
  const result = plugin?.preFilter(pod);
  if (result?.kind !== 'Success') return () => [];
  const {constraints, counts} = result.state;
  const own = pod.class.spec.topologySpreadConstraints ?? [];
  const positions = own.flatMap(({whenUnsatisfiable}, i) => (whenUnsatisfiable === 'DoNotSchedule' ? [i] : []));
  const leasts = counts.map((own, i) => (own.isEmpty ? 0 : own.least(constraints[i]!.minDomains)));
  return (node) =>
    constraints.flatMap(({domains, maxSkew, matchesSelf}, i): RejectionDetail[] => {
      const constraint = positions[i] ?? null;
      const {key} = domains;
      const domain = domains.ofNode[node]!;
      const least = leasts[i]!;
      if (domain < 0) {
        const missing = {domain: null, pods: 0, least, skew: 0, maxSkew};
        return [{kind: 'Spread', constraint, topologyKey: key, ...missing}];
      }
      const pods = counts[i]!.at(domain);
      const skew = pods + (matchesSelf ? 1 : 0) - least;
      if (skew <= maxSkew) return [];
      const value = domainName(nodes[node]!, key);
      return [{kind: 'Spread', constraint, topologyKey: key, domain: value, pods, least, skew, maxSkew}];
    });
}
