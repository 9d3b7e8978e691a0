import type {
  Affinity,
  Container,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  ObjectMeta,
  PodAffinityTerm,
  PodSpec,
  Toleration,
  TopologySpreadConstraint,
} from '../../model/kubernetes.ts';
import {
  duplicateValue,
  type FieldError,
  type FieldPath,
  forbidden,
  invalidValue,
  notFound,
  requiredValue,
  unsupportedValue,
} from './fieldError.ts';
import {dnsLabelErrors, dnsSubdomainErrors, labelValueErrors, portNameErrors, qualifiedNameErrors} from './formats.ts';
import {containerFieldErrors, podFieldErrors, volumeSourceErrors} from './podFieldValidation.ts';
import {containerResourceErrors, podResourceErrors} from './resourceValidation.ts';
import {labelSelectorErrors} from './selectorValidation.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const NODE_POLICIES = ['Honor', 'Ignore'];
const NODE_SELECTOR_OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

/** What the API server has against the labels of an object or of a template. */
export function labelErrors(metadata: ObjectMeta | undefined, path: FieldPath): FieldError[] {
  return Object.entries(metadata?.labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedNameErrors(key).map((why) => invalidValue(path.child('labels'), key, why)),
    ...labelValueErrors(value).map((why) => invalidValue(path.child('labels'), value, why)),
  ]);
}

/**
 * What the API server has against a pod's spec, after defaulting (pkg/apis/core/validation): names, ports, resources,
 * scheduling. Security contexts, probes and volume sources are not looked at, as nothing here depends on them.
 */
export function podSpecErrors(spec: PodSpec, path: FieldPath): FieldError[] {
  const claims = (spec.resourceClaims ?? []).map(({name}) => name);
  return [
    ...volumeErrors(spec, path),
    ...containersErrors(spec, path, claims),
    ...restartPolicyErrors(spec, path),
    ...podFieldErrors(spec, path),
    ...nodeSelectorErrors(spec, path),
    ...(spec.affinity === undefined ? [] : affinityErrors(spec.affinity, path.child('affinity'))),
    ...(spec.tolerations ?? []).flatMap((toleration, index) =>
      tolerationErrors(toleration, path.child('tolerations').index(index)),
    ),
    ...spreadErrors(spec.topologySpreadConstraints ?? [], path.child('topologySpreadConstraints')),
    ...podResourceErrors(spec, path),
    ...gateErrors(spec, path),
  ];
}

function volumeErrors({volumes = []}: PodSpec, path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return volumes.flatMap((volume, index) => {
    const {name = ''} = volume;
    const at = path.child('volumes').index(index).child('name');
    const sources = volumeSourceErrors(volume, path.child('volumes').index(index));
    if (name === '') return [...sources, requiredValue(at)];
    const errors = dnsLabelErrors(name).map((why) => invalidValue(at, name, why));
    if (seen.has(name)) errors.push(duplicateValue(at, name));
    seen.add(name);
    return [...sources, ...errors];
  });
}

function containersErrors(spec: PodSpec, path: FieldPath, claims: readonly string[]): FieldError[] {
  if (spec.containers.length === 0) return [requiredValue(path.child('containers'))];
  const names = new Set<string>();
  const hostPorts = new Set<string>();
  const volumes = new Set((spec.volumes ?? []).map(({name}) => name));
  const check = (container: Container, at: FieldPath, ports: Set<string>): FieldError[] => [
    ...containerNameErrors(container, at, names),
    ...((container.image ?? '') === '' ? [requiredValue(at.child('image'))] : []),
    ...portErrors(container, at.child('ports'), ports),
    ...mountErrors(container, at.child('volumeMounts'), volumes),
    ...containerFieldErrors(container, at, spec.hostNetwork === true),
    ...containerResourceErrors(container.resources, at.child('resources'), claims),
  ];
  return [
    ...spec.containers.flatMap((container, index) =>
      check(container, path.child('containers').index(index), hostPorts),
    ),
    // Init containers run one after another, so their host ports clash with nothing.
    ...(spec.initContainers ?? []).flatMap((container, index) =>
      check(container, path.child('initContainers').index(index), new Set()),
    ),
  ];
}

function containerNameErrors({name = ''}: Container, path: FieldPath, names: Set<string>): FieldError[] {
  const at = path.child('name');
  if (name === '') return [requiredValue(at)];
  const errors = dnsLabelErrors(name).map((why) => invalidValue(at, name, why));
  if (names.has(name)) errors.push(duplicateValue(at, name));
  names.add(name);
  return errors;
}

function portErrors({ports = []}: Container, path: FieldPath, hostPorts: Set<string>): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({name, containerPort, hostPort = 0, hostIP = '', protocol = 'TCP'}, index) => {
    const at = path.index(index);
    const errors: FieldError[] = [];
    if (name !== undefined && name !== '') {
      const wrong = portNameErrors(name);
      errors.push(...wrong.map((why) => invalidValue(at.child('name'), name, why)));
      if (wrong.length === 0 && names.has(name)) errors.push(duplicateValue(at.child('name'), name));
      names.add(name);
    }
    if ((containerPort ?? 0) === 0) errors.push(requiredValue(at.child('containerPort')));
    else if (!isPort(containerPort)) errors.push(invalidValue(at.child('containerPort'), containerPort, PORT_RANGE));
    if (hostPort !== 0 && !isPort(hostPort)) errors.push(invalidValue(at.child('hostPort'), hostPort, PORT_RANGE));
    if (!PROTOCOLS.includes(protocol)) errors.push(unsupportedValue(at.child('protocol'), protocol, PROTOCOLS));
    if (hostPort !== 0) {
      const taken = `${protocol}/${hostIP}/${hostPort}`;
      if (hostPorts.has(taken)) errors.push(duplicateValue(at.child('hostPort'), taken));
      hostPorts.add(taken);
    }
    return errors;
  });
}

const PORT_RANGE = 'must be between 1 and 65535, inclusive';

function isPort(port: number): boolean {
  return port >= 1 && port <= 65535;
}

function mountErrors({volumeMounts}: Container, path: FieldPath, volumes: ReadonlySet<string>): FieldError[] {
  if (!Array.isArray(volumeMounts)) return [];
  return (volumeMounts as readonly {readonly name?: string}[]).flatMap(({name = ''}, index) => {
    const at = path.index(index).child('name');
    // The token volume of the service account is left out of dumps that were cleaned up.
    if (volumes.has(name) || name.startsWith('kube-api-access-')) return [];
    return [name === '' ? requiredValue(at) : notFound(at, name)];
  });
}

function restartPolicyErrors({restartPolicy = ''}: PodSpec, path: FieldPath): FieldError[] {
  if (RESTART_POLICIES.includes(restartPolicy)) return [];
  return [unsupportedValue(path.child('restartPolicy'), restartPolicy, RESTART_POLICIES)];
}

function nodeSelectorErrors({nodeSelector = {}}: PodSpec, path: FieldPath): FieldError[] {
  const at = path.child('nodeSelector');
  return Object.entries(nodeSelector).flatMap(([key, value]) => [
    ...qualifiedNameErrors(key).map((why) => invalidValue(at, key, why)),
    ...labelValueErrors(value).map((why) => invalidValue(at, value, why)),
  ]);
}

function affinityErrors({nodeAffinity, podAffinity, podAntiAffinity}: Affinity, path: FieldPath): FieldError[] {
  const node = path.child('nodeAffinity');
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const errors: FieldError[] = [];
  if (required !== undefined) {
    const at = node.child('requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
    const terms = required.nodeSelectorTerms ?? [];
    if (terms.length === 0) errors.push(requiredValue(at, 'must have at least one node selector term'));
    for (const [index, term] of terms.entries()) errors.push(...termErrors(term, at.index(index)));
  }
  preferred.forEach(({weight, preference}, index) => {
    const at = node.child('preferredDuringSchedulingIgnoredDuringExecution').index(index);
    errors.push(...weightErrors(weight, at), ...termErrors(preference ?? {}, at.child('preference')));
  });
  for (const [name, side] of [
    ['podAffinity', podAffinity],
    ['podAntiAffinity', podAntiAffinity],
  ] as const) {
    const at = path.child(name);
    (side?.requiredDuringSchedulingIgnoredDuringExecution ?? []).forEach((term, index) => {
      errors.push(...podTermErrors(term, at.child('requiredDuringSchedulingIgnoredDuringExecution').index(index)));
    });
    (side?.preferredDuringSchedulingIgnoredDuringExecution ?? []).forEach(({weight, podAffinityTerm}, index) => {
      const preferredAt = at.child('preferredDuringSchedulingIgnoredDuringExecution').index(index);
      errors.push(...weightErrors(weight, preferredAt));
      errors.push(...podTermErrors(podAffinityTerm ?? {topologyKey: ''}, preferredAt.child('podAffinityTerm')));
    });
  }
  return errors;
}

function weightErrors(weight: number, path: FieldPath): FieldError[] {
  if (weight >= 1 && weight <= 100) return [];
  return [invalidValue(path.child('weight'), weight, 'must be in the range 1-100')];
}

function termErrors(term: NodeSelectorTerm, path: FieldPath): FieldError[] {
  const fields = (term.matchFields ?? []).flatMap((requirement, index) =>
    matchFieldErrors(requirement, path.child('matchFields').index(index)),
  );
  const expressions = (term.matchExpressions ?? []).flatMap(({key = '', operator, values = []}, index) => {
    const at = path.child('matchExpressions').index(index);
    if (!NODE_SELECTOR_OPERATORS.includes(operator)) {
      return [invalidValue(at.child('operator'), operator, 'not a valid selector operator')];
    }
    const errors = qualifiedNameErrors(key).map((why) => invalidValue(at.child('key'), key, why));
    if ((operator === 'In' || operator === 'NotIn') && values.length === 0) {
      errors.push(requiredValue(at.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
    }
    if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
      errors.push(forbidden(at.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
    }
    if ((operator === 'Gt' || operator === 'Lt') && values.length !== 1) {
      errors.push(requiredValue(at.child('values'), "must be specified single value when `operator` is 'Lt' or 'Gt'"));
    }
    return errors;
  });
  return [...expressions, ...fields];
}

/** Nodes have one field to select by, their name. */
function matchFieldErrors(requirement: NodeSelectorRequirement, path: FieldPath): FieldError[] {
  const {key, operator, values = []} = requirement;
  const errors: FieldError[] = [];
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(invalidValue(path.child('operator'), operator, 'not a valid selector operator'));
  } else if (values.length !== 1) {
    const why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(requiredValue(path.child('values'), why));
  }
  if (key !== 'metadata.name') errors.push(invalidValue(path.child('key'), key, 'not a valid field selector key'));
  else {
    values.forEach((name, index) => {
      const at = path.child('values').index(index);
      errors.push(...dnsSubdomainErrors(name).map((why) => invalidValue(at, name, why)));
    });
  }
  return errors;
}

function podTermErrors(term: PodAffinityTerm, path: FieldPath): FieldError[] {
  const {labelSelector, namespaces = [], namespaceSelector, topologyKey} = term;
  const at = path.child('topologyKey');
  return [
    ...labelSelectorErrors(labelSelector, path.child('labelSelector')),
    ...labelSelectorErrors(namespaceSelector, path.child('namespaceSelector')),
    ...namespaces.flatMap((name) =>
      dnsLabelErrors(name).map((why) => invalidValue(path.child('namespace'), name, why)),
    ),
    ...((topologyKey ?? '') === ''
      ? [requiredValue(at, 'can not be empty')]
      : qualifiedNameErrors(topologyKey).map((why) => invalidValue(at, topologyKey, why))),
  ];
}

function tolerationErrors(toleration: Toleration, path: FieldPath): FieldError[] {
  const {key = '', operator = '', value = '', effect = '', tolerationSeconds} = toleration;
  const errors: FieldError[] = [];
  const operatorAt = path.child('operator');
  if (key !== '') errors.push(...qualifiedNameErrors(key).map((why) => invalidValue(path.child('key'), key, why)));
  if (key === '' && operator !== 'Exists') {
    const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalidValue(operatorAt, operator, why));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    const why = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    errors.push(invalidValue(path.child('effect'), effect, why));
  }
  if (operator === 'Exists') {
    if (value !== '') errors.push(invalidValue(operatorAt, value, "value must be empty when `operator` is 'Exists'"));
  } else if (operator === '' || operator === 'Equal') {
    errors.push(...labelValueErrors(value).map((why) => invalidValue(operatorAt, value, why)));
  } else errors.push(unsupportedValue(operatorAt, operator, ['Equal', 'Exists']));
  if (effect !== '' && !TAINT_EFFECTS.includes(effect)) {
    errors.push(unsupportedValue(path.child('effect'), effect, TAINT_EFFECTS));
  }
  return errors;
}

function spreadErrors(constraints: readonly TopologySpreadConstraint[], path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return constraints.flatMap((constraint, index) => {
    const {labelSelector, maxSkew, topologyKey, whenUnsatisfiable, minDomains} = constraint;
    const at = path.index(index);
    const errors: FieldError[] = labelSelectorErrors(labelSelector, at.child('labelSelector'));
    if (!(maxSkew > 0)) errors.push(invalidValue(at.child('maxSkew'), maxSkew ?? 0, 'must be greater than zero'));
    if ((topologyKey ?? '') === '') errors.push(requiredValue(at.child('topologyKey'), 'can not be empty'));
    if (whenUnsatisfiable !== 'DoNotSchedule' && whenUnsatisfiable !== 'ScheduleAnyway') {
      const supported = ['DoNotSchedule', 'ScheduleAnyway'];
      errors.push(unsupportedValue(at.child('whenUnsatisfiable'), whenUnsatisfiable ?? '', supported));
    }
    if (minDomains !== undefined && minDomains <= 0) {
      errors.push(invalidValue(at.child('minDomains'), minDomains, 'must be greater than 0'));
    }
    if (minDomains !== undefined && minDomains > 0 && whenUnsatisfiable === 'ScheduleAnyway') {
      const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
      errors.push(invalidValue(at.child('minDomains'), minDomains, why));
    }
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[field];
      if (policy === undefined || NODE_POLICIES.includes(policy)) continue;
      errors.push(unsupportedValue(at.child(field), policy, NODE_POLICIES));
    }
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
    if (seen.has(pair)) {
      // The server names the earlier one of the two.
      const first = constraints.findIndex(
        (other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable,
      );
      errors.push(duplicateValue(path.index(first).child('{topologyKey, whenUnsatisfiable}'), pair));
    }
    seen.add(pair);
    return errors;
  });
}

function gateErrors({nodeName = '', schedulingGates = []}: PodSpec, path: FieldPath): FieldError[] {
  if (nodeName === '' || schedulingGates.length === 0) return [];
  return [forbidden(path.child('nodeName'), 'cannot be set until all schedulingGates have been cleared')];
}
