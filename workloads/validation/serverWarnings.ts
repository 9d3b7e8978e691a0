/** The warnings that the API server sends along with an accepted object (pkg/api/pod/warnings.go and the strategies). */
import type {
  Container,
  KubernetesObject,
  ObjectMeta,
  PodAffinityTerm,
  PodSpec,
  ResourceList,
} from '../../model/kubernetes.ts';
import {formatQuantity, scaledValue} from '../../model/quantity.ts';
import {toQuantities} from '../../model/resources.ts';
import {qualifiedKind} from '../apiKinds.ts';
import {FieldPath} from './fieldError.ts';
import {dnsLabelErrors} from './formats.ts';

const ROOT = FieldPath.root;
const SPEC = ROOT.child('spec');
const MEMORY = ['memory', 'ephemeral-storage'];

interface Template {
  readonly metadata?: ObjectMeta;
  readonly spec?: PodSpec;
}

/** What the API server remarks on; the texts of its Warning headers. */
export function serverWarnings(object: KubernetesObject): string[] {
  const {metadata} = object;
  const spec = (object.spec ?? {}) as Readonly<Record<string, unknown>>;
  const template = spec.template as Template | undefined;
  switch (qualifiedKind(object)) {
    case 'Pod':
      return [
        ...nameWarnings(metadata, "the Pod's hostname"),
        ...podWarnings({metadata, spec: object.spec as PodSpec}, ROOT),
      ];
    case 'Deployment.apps':
    case 'ReplicaSet.apps':
    case 'ReplicationController':
    case 'Job.batch':
      return [...nameWarnings(metadata, POD_NAMES), ...podWarnings(template, SPEC.child('template'))];
    case 'DaemonSet.apps':
      return podWarnings(template, SPEC.child('template'));
    case 'StatefulSet.apps':
      return [
        ...podWarnings(template, SPEC.child('template')),
        ...claimTemplateWarnings(spec.volumeClaimTemplates),
        ...(Number(spec.revisionHistoryLimit ?? 0) < 0 ? [NEGATIVE_HISTORY] : []),
      ];
    case 'CronJob.batch': {
      const {jobTemplate} = spec as {jobTemplate?: {spec?: {template?: Template}}};
      const at = SPEC.child('jobTemplate', 'spec', 'template');
      return [...nameWarnings(metadata, POD_NAMES), ...podWarnings(jobTemplate?.spec?.template, at)];
    }
    case 'PersistentVolumeClaim':
      return claimWarnings(spec, SPEC);
    default:
      return [];
  }
}

const POD_NAMES = 'Pod names and hostnames';
const NEGATIVE_HISTORY =
  'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended';

function nameWarnings({name = ''}: ObjectMeta, use: string): string[] {
  const why = name === '' ? [] : dnsLabelErrors(name);
  if (why.length === 0) return [];
  const text = `this is used in ${use}, which can result in surprising behavior; a DNS label is recommended`;
  return [`metadata.name: ${text}: [${why.join(' ')}]`];
}

const LABELS = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
]);

const ANNOTATIONS = new Map([
  ['seccomp.security.alpha.kubernetes.io/pod', 'non-functional in v1.27+; use the "seccompProfile" field instead'],
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
]);
const PREFIXES = new Map([
  [
    'container.seccomp.security.alpha.kubernetes.io/',
    'non-functional in v1.27+; use the "seccompProfile" field instead',
  ],
  [
    'container.apparmor.security.beta.kubernetes.io/',
    'deprecated since v1.30; use the "appArmorProfile" field instead',
  ],
]);

const VOLUMES = new Map([
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
]);

function podWarnings({metadata, spec}: Template = {}, path: FieldPath): string[] {
  if (spec === undefined) return [];
  const at = path.child('spec');
  return [
    ...Object.keys(spec.nodeSelector ?? {}).flatMap((key) =>
      remark(LABELS.get(key), at.child('nodeSelector').key(key)),
    ),
    ...affinityWarnings(spec, at.child('affinity')),
    ...spreadWarnings(spec, at.child('topologySpreadConstraints')),
    ...annotationWarnings(metadata, path.child('metadata', 'annotations')),
    ...volumeWarnings(spec, at.child('volumes')),
    ...duplicateWarnings(spec, at),
    ...fractionWarnings(spec.overhead, at.child('overhead')),
    ...containersOf(spec, at).flatMap(([container, containerAt]) => containerWarnings(container, containerAt)),
    ...portWarnings(spec, at),
  ];
}

function remark(why: string | undefined, path: FieldPath): string[] {
  return why === undefined ? [] : [`${path.field}: ${why}`];
}

function containersOf(spec: PodSpec, path: FieldPath): (readonly [Container, FieldPath])[] {
  return [
    ...(spec.initContainers ?? []).map((each, index) => [each, path.child('initContainers').index(index)] as const),
    ...(spec.containers ?? []).map((each, index) => [each, path.child('containers').index(index)] as const),
  ];
}

function affinityWarnings({affinity}: PodSpec, path: FieldPath): string[] {
  const node = path.child('nodeAffinity');
  const {requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution} =
    affinity?.nodeAffinity ?? {};
  const terms = [
    ...(required?.nodeSelectorTerms ?? []).map((term, index) => {
      const at = node.child('requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms').index(index);
      return [term, at] as const;
    }),
    ...(preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({preference}, index) => {
      const at = node.child('preferredDuringSchedulingIgnoredDuringExecution').index(index).child('preference');
      return [preference, at] as const;
    }),
  ];
  return [
    ...terms.flatMap(([term, at]) =>
      (term.matchExpressions ?? []).flatMap(({key}, index) => {
        const why = LABELS.get(key);
        const field = at.child('matchExpressions').index(index).child('key');
        return why === undefined ? [] : [`${field.field}: ${key} is ${why}`];
      }),
    ),
    ...(['podAffinity', 'podAntiAffinity'] as const).flatMap((side) => {
      const at = path.child(side);
      const own = affinity?.[side];
      return [
        ...(own?.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((term, index) =>
          nullSelector(term, at.child('requiredDuringSchedulingIgnoredDuringExecution').index(index)),
        ),
        ...(own?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({podAffinityTerm}, index) =>
          nullSelector(
            podAffinityTerm,
            at.child('preferredDuringSchedulingIgnoredDuringExecution').index(index).child('podAffinityTerm'),
          ),
        ),
      ];
    }),
  ];
}

function nullSelector({labelSelector}: Pick<PodAffinityTerm, 'labelSelector'>, path: FieldPath): string[] {
  if (labelSelector !== undefined) return [];
  return [`${path.child('labelSelector').field}: a null labelSelector results in matching no pod`];
}

function spreadWarnings({topologySpreadConstraints = []}: PodSpec, path: FieldPath): string[] {
  return topologySpreadConstraints.flatMap((constraint, index) => {
    const at = path.index(index);
    const why = LABELS.get(constraint.topologyKey);
    return [
      ...(why === undefined ? [] : [`${at.child('topologyKey').field}: ${constraint.topologyKey} is ${why}`]),
      ...nullSelector(constraint as Pick<PodAffinityTerm, 'labelSelector'>, at),
    ];
  });
}

function annotationWarnings(metadata: ObjectMeta | undefined, path: FieldPath): string[] {
  return Object.keys(metadata?.annotations ?? {}).flatMap((key) => {
    const prefix = [...PREFIXES].find(([start]) => key.startsWith(start));
    return remark(ANNOTATIONS.get(key) ?? prefix?.[1], path.key(key));
  });
}

function volumeWarnings({volumes = []}: PodSpec, path: FieldPath): string[] {
  return volumes.flatMap((volume, index) => {
    const at = path.index(index);
    const {ephemeral} = volume;
    const claim = ephemeral?.volumeClaimTemplate?.spec;
    return [
      ...[...VOLUMES].flatMap(([source, why]) => (volume[source] === undefined ? [] : remark(why, at.child(source)))),
      ...(claim === undefined ? [] : claimWarnings(claim, at.child('ephemeral', 'volumeClaimTemplate', 'spec'))),
    ];
  });
}

function claimTemplateWarnings(templates: unknown): string[] {
  if (!Array.isArray(templates)) return [];
  return templates.flatMap(({spec}: {spec?: unknown}, index) =>
    claimWarnings(spec, SPEC.child('volumeClaimTemplates').index(index).child('spec')),
  );
}

function claimWarnings(spec: unknown, path: FieldPath): string[] {
  const {resources} = (spec ?? {}) as {resources?: {requests?: ResourceList}};
  return fractionWarnings(resources?.requests, path.child('resources', 'requests'), ['storage']);
}

/** Bytes come whole. */
function fractionWarnings(list: ResourceList | undefined, path: FieldPath, names = MEMORY): string[] {
  const quantities = toQuantities(list);
  return names.flatMap((name) => {
    const quantity = quantities.get(name);
    if (quantity === undefined || scaledValue(quantity, -3) % 1000n === 0n) return [];
    return [
      `${path.key(name).field}: fractional byte value "${formatQuantity(quantity)}" is invalid, must be an integer`,
    ];
  });
}

/** Host aliases and pull secrets that are given twice. */
function duplicateWarnings({hostAliases, imagePullSecrets}: PodSpec, path: FieldPath): string[] {
  const warnings: string[] = [];
  const addresses = new Set<string>();
  (Array.isArray(hostAliases) ? (hostAliases as {ip?: string}[]) : []).forEach(({ip = ''}, index) => {
    if (addresses.has(ip)) warnings.push(`${path.child('hostAliases').index(index).field}.ip: duplicate ip "${ip}"`);
    addresses.add(ip);
  });
  const secrets = new Set<string>();
  (Array.isArray(imagePullSecrets) ? (imagePullSecrets as {name?: string}[]) : []).forEach(({name = ''}, index) => {
    const field = `${path.child('imagePullSecrets').index(index).field}.name`;
    if (name === '') warnings.push(`${field}: invalid empty name ""`);
    else if (secrets.has(name)) warnings.push(`${field}: duplicate name "${name}"`);
    secrets.add(name);
  });
  return warnings;
}

function containerWarnings({env, resources}: Container, path: FieldPath): string[] {
  const names = new Set<string>();
  const hidden = (Array.isArray(env) ? (env as {name?: string}[]) : []).flatMap(({name = ''}, index) => {
    const isKnown = names.has(name);
    names.add(name);
    const why = `hides previous definition of "${name}", which may be dropped when using apply`;
    return isKnown ? [`${path.child('env').index(index).field}: ${why}`] : [];
  });
  return [
    ...fractionWarnings(resources?.limits, path.child('resources', 'limits')),
    ...fractionWarnings(resources?.requests, path.child('resources', 'requests')),
    ...hidden,
  ];
}

/** Ports that several containers, or one twice, claim. */
function portWarnings(spec: PodSpec, path: FieldPath): string[] {
  const known = new Map<string, {readonly field: string; readonly hostPort: number; readonly hostIP: string}[]>();
  const warnings: string[] = [];
  for (const [{ports = []}, at] of containersOf(spec, path)) {
    ports.forEach(({containerPort, protocol = 'TCP', hostPort = 0, hostIP = ''}, index) => {
      const {field} = at.child('ports').index(index);
      const key = `${containerPort}/${protocol}`;
      const others = known.get(key) ?? [];
      for (const other of others) {
        if (hostIP === other.hostIP && hostPort === other.hostPort) {
          warnings.push(`${field}: duplicate port definition with ${other.field}`);
        } else if (hostPort === 0 || other.hostPort === 0) {
          warnings.push(`${field}: overlapping port definition with ${other.field}`);
        } else if (hostPort === other.hostPort && (hostIP === '') !== (other.hostIP === '')) {
          warnings.push(`${field}: dangerously ambiguous port definition with ${other.field}`);
        }
      }
      known.set(key, [...others, {field, hostPort, hostIP}]);
    });
  }
  return warnings;
}
