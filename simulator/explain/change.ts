import type {Affinity, NodeSelectorTerm, PodSpec, Taint} from '../../model/kubernetes.ts';
import {HOSTNAME_LABEL, type Labels} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';
import {CPU} from '../../model/resources.ts';
import {formatTaint} from '../../model/taints.ts';
import {withLowerRequest} from './lowerRequest.ts';

/** One thing to do differently. Amounts are in result units: CPU in cores. */
export type Change =
  /** To at most this much, for the pod as a whole. */
  | {readonly kind: 'LowerRequest'; readonly resource: string; readonly from: number; readonly to: number}
  /** A node like one that is there, empty but for the pods of DaemonSets. */
  | {
      readonly kind: 'AddNode';
      readonly like: string;
      readonly instanceType: string | null;
      readonly nodePool: string | null;
      readonly zone: string | null;
      readonly pricePerHour: number | null;
    }
  | {readonly kind: 'Uncordon'; readonly node: string}
  | {readonly kind: 'RemoveTaints'; readonly node: string; readonly taints: readonly string[]}
  | {readonly kind: 'Tolerate'; readonly taints: readonly string[]}
  /** Requirements of the nodeSelector or of one term of the required node affinity. */
  | {
      readonly kind: 'DropNodeRequirements';
      readonly source: 'nodeSelector' | 'nodeAffinity';
      readonly term: number | null;
      readonly requirements: readonly string[];
    }
  | {readonly kind: 'DropHostPorts'; readonly ports: readonly string[]}
  | {
      readonly kind: 'RaiseMaxSkew';
      readonly constraint: number;
      readonly topologyKey: string;
      readonly from: number;
      readonly to: number;
    }
  /** `whenUnsatisfiable: ScheduleAnyway`. */
  | {readonly kind: 'ScheduleAnyway'; readonly constraint: number; readonly topologyKey: string}
  /** Required terms of the pod's own affinity or anti-affinity, by index. */
  | {
      readonly kind: 'DropPodAffinity';
      readonly rule: 'affinity' | 'antiAffinity';
      readonly terms: readonly {readonly index: number; readonly topologyKey: string; readonly selector: string}[];
    }
  /** At least this much; `priorityClass` names one that has it. */
  | {
      readonly kind: 'RaisePriority';
      readonly from: number;
      readonly to: number;
      readonly above: number;
      readonly priorityClass: string | null;
    }
  | {readonly kind: 'AllowPreemption'}
  | {readonly kind: 'MovePod'; readonly pod: string; readonly from: string; readonly to: string}
  | {readonly kind: 'RemoveGates'; readonly gates: readonly string[]}
  | {readonly kind: 'UseScheduler'; readonly from: string; readonly to: string}
  /** Of a namespace, which let no more pods in; the quantities that are to change. */
  | {
      readonly kind: 'RaiseQuota';
      readonly namespace: string;
      readonly quota: string;
      readonly from: Readonly<Record<string, string>>;
      readonly to: Readonly<Record<string, string>>;
    }
  /** Lets the scheduler choose a node for a pod that names one. */
  | {readonly kind: 'Unbind'; readonly node: string}
  /** `reason` is what is wrong with them: the claims could as well be put right. */
  | {readonly kind: 'DropVolumes'; readonly volumes: readonly string[]; readonly reason: string}
  | {readonly kind: 'DropResourceClaims'; readonly claims: readonly string[]; readonly reason: string};

const CORDON_TAINT = 'node.kubernetes.io/unschedulable';

/** A pod's spec with the change; the same where it is not about the pod; null where it cannot be made. */
export function changedSpec(spec: PodSpec, change: Change): PodSpec | null {
  switch (change.kind) {
    case 'LowerRequest': {
      const {resource, to} = change;
      return withLowerRequest(spec, resource, resource === CPU ? Math.round(to * 1000) : to);
    }
    case 'Tolerate':
      return {...spec, tolerations: [...(spec.tolerations ?? []), ...change.taints.map(toToleration)]};
    case 'DropNodeRequirements':
      return withoutNodeRequirements(spec, change);
    case 'DropHostPorts':
      return withoutHostPorts(spec, change.ports);
    case 'RaiseMaxSkew':
      return withConstraint(spec, change.constraint, {maxSkew: change.to});
    case 'ScheduleAnyway':
      return withConstraint(spec, change.constraint, {whenUnsatisfiable: 'ScheduleAnyway'});
    case 'DropPodAffinity':
      return withoutPodAffinity(spec, change);
    case 'RaisePriority':
      return {...spec, priority: change.to, preemptionPolicy: 'PreemptLowerPriority'};
    case 'AllowPreemption':
      return {...spec, preemptionPolicy: 'PreemptLowerPriority'};
    case 'RemoveGates':
      return {...spec, schedulingGates: []};
    case 'UseScheduler':
      return {...spec, schedulerName: change.to};
    case 'DropVolumes':
      return {...spec, volumes: (spec.volumes ?? []).filter(({name}) => !change.volumes.includes(name))};
    case 'DropResourceClaims':
      return {...spec, resourceClaims: []};
    default:
      return spec;
  }
}

/** A node with the change; the same object where it is about something else. */
export function changedNode(node: Node, change: Change): Node {
  if (change.kind === 'Uncordon' && change.node === node.name) {
    return {...node, unschedulable: false, taints: node.taints.filter(({key}) => key !== CORDON_TAINT)};
  }
  if (change.kind === 'RemoveTaints' && change.node === node.name) {
    return {...node, taints: node.taints.filter((taint) => !change.taints.includes(formatTaint(taint)))};
  }
  return node;
}

/** A fresh node like another one: ready, not cordoned, with a name of its own. */
export function nodeLike(model: Node, name: string): Node {
  const labels: Labels = Object.hasOwn(model.labels, HOSTNAME_LABEL)
    ? {...model.labels, [HOSTNAME_LABEL]: name}
    : model.labels;
  return {
    ...model,
    name,
    labels,
    unschedulable: false,
    taints: model.taints.filter(({key}) => !isConditionTaint(key)),
  };
}

/** Taints that tell of a state the node is in, and that go with it. */
export function isConditionTaint(key: string): boolean {
  return key.startsWith('node.kubernetes.io/') || key.startsWith('node.cloudprovider.kubernetes.io/');
}

function toToleration(text: string): {key: string; operator: string; value?: string; effect: Taint['effect']} {
  const [, key = '', , value, effect = ''] = /^([^=:]*)(=([^:]*))?:(.*)$/.exec(text) ?? [];
  const common = {key, effect: effect as Taint['effect']};
  return value === undefined ? {...common, operator: 'Exists'} : {...common, operator: 'Equal', value};
}

function withoutNodeRequirements(
  spec: PodSpec,
  {source, term, requirements}: Extract<Change, {kind: 'DropNodeRequirements'}>,
): PodSpec {
  if (source === 'nodeSelector') {
    const nodeSelector = Object.fromEntries(
      Object.entries(spec.nodeSelector ?? {}).filter(([key, value]) => !requirements.includes(`${key}=${value}`)),
    );
    return {...spec, nodeSelector};
  }
  const {nodeAffinity} = spec.affinity ?? {};
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return spec;
  const terms = required.nodeSelectorTerms.map((one, index) =>
    index === term ? withoutRequirements(one, requirements) : one,
  );
  // A term that asks for nothing would match nothing, so the whole affinity goes with its last requirement.
  const isFree = terms.some(({matchExpressions = [], matchFields = []}, index) => {
    return index === term && matchExpressions.length + matchFields.length === 0;
  });
  const {requiredDuringSchedulingIgnoredDuringExecution: _required, ...preferred} = nodeAffinity!;
  const changed = isFree
    ? preferred
    : {...preferred, requiredDuringSchedulingIgnoredDuringExecution: {...required, nodeSelectorTerms: terms}};
  return {...spec, affinity: {...spec.affinity, nodeAffinity: changed}};
}

function withoutRequirements(term: NodeSelectorTerm, requirements: readonly string[]): NodeSelectorTerm {
  const isKept = (one: Parameters<typeof formatRequirement>[0]): boolean =>
    !requirements.includes(formatRequirement(one));
  return {
    matchExpressions: (term.matchExpressions ?? []).filter(isKept),
    matchFields: (term.matchFields ?? []).filter(isKept),
  };
}

/** `disk In [ssd nvme]`, `gpu Exists`. */
export function formatRequirement({
  key,
  operator,
  values = [],
}: {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}): string {
  return values.length === 0 ? `${key} ${operator}` : `${key} ${operator} [${values.join(' ')}]`;
}

function withoutHostPorts(spec: PodSpec, dropped: readonly string[]): PodSpec {
  const drop = <C extends PodSpec['containers'][number]>(container: C): C => ({
    ...container,
    ...(container.ports === undefined
      ? {}
      : {
          ports: container.ports.map(({hostPort = 0, ...port}) =>
            hostPort === 0 || dropped.includes(`${port.protocol ?? 'TCP'}/${hostPort}`) ? port : {...port, hostPort},
          ),
        }),
  });
  return {
    ...spec,
    containers: spec.containers.map(drop),
    ...(spec.initContainers === undefined ? {} : {initContainers: spec.initContainers.map(drop)}),
  };
}

function withConstraint(
  spec: PodSpec,
  index: number,
  changed: {readonly maxSkew?: number; readonly whenUnsatisfiable?: string},
): PodSpec {
  const constraints = spec.topologySpreadConstraints ?? [];
  return {
    ...spec,
    topologySpreadConstraints: constraints.map((one, i) => (i === index ? {...one, ...changed} : one)),
  };
}

function withoutPodAffinity(spec: PodSpec, {rule, terms}: Extract<Change, {kind: 'DropPodAffinity'}>): PodSpec {
  const field = rule === 'affinity' ? 'podAffinity' : 'podAntiAffinity';
  const own = spec.affinity?.[field];
  const dropped = new Set(terms.map(({index}) => index));
  const required = (own?.requiredDuringSchedulingIgnoredDuringExecution ?? []).filter((_, i) => !dropped.has(i));
  const affinity: Affinity = {
    ...spec.affinity,
    [field]: {...own, requiredDuringSchedulingIgnoredDuringExecution: required},
  };
  return {...spec, affinity};
}
