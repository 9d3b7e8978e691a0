/**
 * The plugin PodSecurity: the Pod Security Standards of a namespace's labels (k8s.io/pod-security-admission/policy),
 * in their latest version, whatever version the labels name.
 */
import type {Container, KubernetesObject, PodSpec, PodTemplateSpec} from '../../model/kubernetes.ts';
import {type Labels, labelValue} from '../../model/labels.ts';
import {forbid, type Refusal} from './refusal.ts';

type Fields = Readonly<Record<string, unknown>>;
type Level = 'privileged' | 'baseline' | 'restricted';

/** What one check has against a pod: `hostPort (container "app" uses hostPort 80)`. */
interface Violation {
  readonly reason: string;
  readonly detail: string;
}

interface Policy {
  readonly level: Level;
  readonly version: string;
}

const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const PREFIX = 'pod-security.kubernetes.io/';

/** Whether the namespace lets the pod in. */
export function checkPodSecurity(pod: PodTemplateSpec, namespaceLabels: Labels): Refusal | undefined {
  const policy = policyOf(namespaceLabels, 'enforce');
  const violations = violationsOf(pod, policy.level);
  if (violations === '') return undefined;
  return forbid('validating', `violates PodSecurity "${policy.level}:${policy.version}": ${violations}`);
}

/** The warning about a pod or about the template of a controller, which is never refused itself. */
export function podSecurityWarnings(object: KubernetesObject, namespaceLabels: Labels): string[] {
  const pod = object.kind === 'Pod' ? (object as unknown as PodTemplateSpec) : templateOf(object);
  if (pod?.spec === undefined) return [];
  const enforce = policyOf(namespaceLabels, 'enforce');
  const own = policyOf(namespaceLabels, 'warn');
  const isSet = labelValue(namespaceLabels, `${PREFIX}warn`) !== undefined;
  const warn = !isSet && LEVELS.indexOf(enforce.level) > LEVELS.indexOf(own.level) ? enforce : own;
  const violations = violationsOf(pod, warn.level);
  return violations === '' ? [] : [`would violate PodSecurity "${warn.level}:${warn.version}": ${violations}`];
}

function templateOf({spec}: KubernetesObject): PodTemplateSpec | undefined {
  const {jobTemplate, template} = (spec ?? {}) as {jobTemplate?: {spec?: {template?: unknown}}; template?: unknown};
  return (template ?? jobTemplate?.spec?.template) as PodTemplateSpec | undefined;
}

function policyOf(labels: Labels, mode: 'enforce' | 'warn'): Policy {
  const level = labelValue(labels, `${PREFIX}${mode}`) as Level | undefined;
  const version = labelValue(labels, `${PREFIX}${mode}-version`) ?? 'latest';
  // A level that is not known is taken as the strictest.
  if (level !== undefined && !LEVELS.includes(level)) return {level: 'restricted', version: 'latest'};
  return {level: level ?? 'privileged', version};
}

/** All violations in the order of the checks, joined; empty when there are none. */
function violationsOf(pod: PodTemplateSpec, level: Level): string {
  if (level === 'privileged') return '';
  const checks =
    level === 'baseline'
      ? [...BASELINE_ONLY, ...BASELINE].sort((a, b) => (a.id < b.id ? -1 : 1))
      : [...[...BASELINE].sort((a, b) => (a.id < b.id ? -1 : 1)), ...RESTRICTED];
  return checks
    .map(({check}) => check(pod))
    .filter((violation) => violation !== null)
    .map(({reason, detail}) => (detail === '' ? reason : `${reason} (${detail})`))
    .join(', ');
}

interface Check {
  readonly id: string;
  readonly check: (pod: PodTemplateSpec) => Violation | null;
}

/** Checks that both levels share. */
const BASELINE: readonly Check[] = [
  {id: 'appArmorProfile', check: checkAppArmor},
  {id: 'hostNamespaces', check: checkHostNamespaces},
  {id: 'hostPorts', check: checkHostPorts},
  {id: 'privileged', check: checkPrivileged},
  {id: 'procMount', check: checkProcMount},
  {id: 'seLinuxOptions', check: checkSeLinux},
  {id: 'sysctls', check: checkSysctls},
  {id: 'windowsHostProcess', check: checkHostProcess},
];

/** Checks that stricter ones of the level above replace. */
const BASELINE_ONLY: readonly Check[] = [
  {id: 'capabilities_baseline', check: checkAddedCapabilities},
  {id: 'hostPathVolumes', check: checkHostPaths},
  {id: 'seccompProfile_baseline', check: checkUnconfinedSeccomp},
];

const RESTRICTED: readonly Check[] = [
  {id: 'allowPrivilegeEscalation', check: checkPrivilegeEscalation},
  {id: 'capabilities_restricted', check: checkDroppedCapabilities},
  {id: 'restrictedVolumes', check: checkVolumeTypes},
  {id: 'runAsNonRoot', check: checkRunAsNonRoot},
  {id: 'runAsUser', check: checkRunAsUser},
  {id: 'seccompProfile_restricted', check: checkSeccomp},
];

function containersOf({containers = [], initContainers = [], ephemeralContainers}: PodSpec): readonly Container[] {
  const ephemeral = Array.isArray(ephemeralContainers) ? (ephemeralContainers as Container[]) : [];
  return [...initContainers, ...containers, ...ephemeral];
}

function securityOf({securityContext}: Fields): Fields {
  return fields(securityContext);
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** `container "a"`, `containers "a", "b"`. */
function named(noun: string, names: readonly string[]): string {
  return `${noun}${names.length === 1 ? '' : 's'} ${quoted(names)}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(', ');
}

function containersWhere(spec: PodSpec, isBad: (security: Fields, container: Container) => boolean): string[] {
  return containersOf(spec)
    .filter((container) => isBad(securityOf(container), container))
    .map(({name}) => name);
}

function isWindows({os}: PodSpec): boolean {
  return fields(os).name === 'windows';
}

function checkHostNamespaces({spec}: PodTemplateSpec): Violation | null {
  const used = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true);
  return used.length === 0
    ? null
    : {reason: 'host namespaces', detail: used.map((field) => `${field}=true`).join(', ')};
}

function checkHostPorts({spec}: PodTemplateSpec): Violation | null {
  const ports = new Set<number>();
  const names = containersOf(spec)
    .filter((container) => {
      const own = (container.ports ?? []).map(({hostPort = 0}) => hostPort).filter((port) => port !== 0);
      for (const port of own) ports.add(port);
      return own.length > 0;
    })
    .map(({name}) => name);
  if (names.length === 0) return null;
  const list = [...ports].map(String).sort().join(', ');
  const verb = names.length === 1 ? 'uses' : 'use';
  return {
    reason: 'hostPort',
    detail: `${named('container', names)} ${verb} ${ports.size === 1 ? 'hostPort' : 'hostPorts'} ${list}`,
  };
}

function checkHostPaths({spec}: PodTemplateSpec): Violation | null {
  const names = (spec.volumes ?? []).filter(({hostPath}) => hostPath !== undefined).map(({name}) => name);
  return names.length === 0 ? null : {reason: 'hostPath volumes', detail: named('volume', names)};
}

function checkPrivileged({spec}: PodTemplateSpec): Violation | null {
  const names = containersWhere(spec, ({privileged}) => privileged === true);
  if (names.length === 0) return null;
  return {reason: 'privileged', detail: `${named('container', names)} must not set securityContext.privileged=true`};
}

const BASELINE_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

function checkAddedCapabilities({spec}: PodTemplateSpec): Violation | null {
  const added = new Set<string>();
  const names = containersWhere(spec, ({capabilities}) => {
    const bad = texts(fields(capabilities).add).filter((name) => !BASELINE_CAPABILITIES.has(name));
    for (const name of bad) added.add(name);
    return bad.length > 0;
  });
  if (names.length === 0) return null;
  const list = quoted([...added].sort());
  return {
    reason: 'non-default capabilities',
    detail: `${named('container', names)} must not include ${list} in securityContext.capabilities.add`,
  };
}

function checkDroppedCapabilities({spec}: PodTemplateSpec): Violation | null {
  if (isWindows(spec)) return null;
  const missing = containersWhere(
    spec,
    ({capabilities}) => !texts(fields(capabilities).drop).some((name) => name === 'ALL'),
  );
  const added = new Set<string>();
  const adding = containersWhere(spec, ({capabilities}) => {
    const bad = texts(fields(capabilities).add).filter((name) => name !== 'NET_BIND_SERVICE');
    for (const name of bad) added.add(name);
    return bad.length > 0;
  });
  const details: string[] = [];
  if (missing.length > 0) {
    details.push(`${named('container', missing)} must set securityContext.capabilities.drop=["ALL"]`);
  }
  if (adding.length > 0) {
    const list = quoted([...added].sort());
    details.push(`${named('container', adding)} must not include ${list} in securityContext.capabilities.add`);
  }
  return details.length === 0 ? null : {reason: 'unrestricted capabilities', detail: details.join('; ')};
}

function checkPrivilegeEscalation({spec}: PodTemplateSpec): Violation | null {
  if (isWindows(spec)) return null;
  const names = containersWhere(spec, ({allowPrivilegeEscalation}) => allowPrivilegeEscalation !== false);
  if (names.length === 0) return null;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${named('container', names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
}

const ALLOWED_VOLUMES: ReadonlySet<string> = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

function checkVolumeTypes({spec}: PodTemplateSpec): Violation | null {
  const types = new Set<string>();
  const names = (spec.volumes ?? [])
    .filter((volume) => {
      const type = Object.keys(volume).find((field) => field !== 'name' && volume[field] !== undefined);
      if (type === undefined || ALLOWED_VOLUMES.has(type)) return false;
      types.add(type);
      return true;
    })
    .map(({name}) => name);
  if (names.length === 0) return null;
  const verb = names.length === 1 ? 'uses' : 'use';
  const noun = types.size === 1 ? 'type' : 'types';
  return {
    reason: 'restricted volume types',
    detail: `${named('volume', names)} ${verb} restricted volume ${noun} ${quoted([...types].sort())}`,
  };
}

function checkRunAsNonRoot({spec}: PodTemplateSpec): Violation | null {
  const reason = 'runAsNonRoot != true';
  const pod = securityOf(spec).runAsNonRoot;
  const explicit = containersWhere(spec, ({runAsNonRoot}) => runAsNonRoot === false);
  const setters = [...(pod === false ? ['pod'] : []), ...(explicit.length > 0 ? [named('container', explicit)] : [])];
  if (setters.length > 0) {
    return {reason, detail: `${setters.join(' and ')} must not set securityContext.runAsNonRoot=false`};
  }
  const silent = containersWhere(spec, ({runAsNonRoot}) => runAsNonRoot === undefined);
  if (pod === true || silent.length === 0) return null;
  return {reason, detail: `pod or ${named('container', silent)} must set securityContext.runAsNonRoot=true`};
}

function checkRunAsUser({spec}: PodTemplateSpec): Violation | null {
  const names = containersWhere(spec, ({runAsUser}) => runAsUser === 0);
  const setters = [
    ...(securityOf(spec).runAsUser === 0 ? ['pod'] : []),
    ...(names.length > 0 ? [named('container', names)] : []),
  ];
  return setters.length === 0
    ? null
    : {reason: 'runAsUser=0', detail: `${setters.join(' and ')} must not set runAsUser=0`};
}

function seccompType(security: Fields): unknown {
  return fields(security.seccompProfile).type;
}

function checkUnconfinedSeccomp({spec}: PodTemplateSpec): Violation | null {
  const names = containersWhere(spec, (security) => seccompType(security) === 'Unconfined');
  const setters = [
    ...(seccompType(securityOf(spec)) === 'Unconfined' ? ['pod'] : []),
    ...(names.length > 0 ? [named('container', names)] : []),
  ];
  if (setters.length === 0) return null;
  return {
    reason: 'seccompProfile',
    detail: `${setters.join(' and ')} must not set securityContext.seccompProfile.type to "Unconfined"`,
  };
}

function checkSeccomp(pod: PodTemplateSpec): Violation | null {
  const {spec} = pod;
  if (isWindows(spec)) return null;
  const unconfined = checkUnconfinedSeccomp(pod);
  if (unconfined !== null) return unconfined;
  const silent = containersWhere(spec, (security) => seccompType(security) === undefined);
  if (seccompType(securityOf(spec)) !== undefined || silent.length === 0) return null;
  return {
    reason: 'seccompProfile',
    detail: `pod or ${named('container', silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
}

const SAFE_SYSCTLS: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
]);

function checkSysctls({spec}: PodTemplateSpec): Violation | null {
  const {sysctls} = securityOf(spec);
  const bad = (Array.isArray(sysctls) ? sysctls : [])
    .map((sysctl) => String(fields(sysctl).name ?? ''))
    .filter((name) => !SAFE_SYSCTLS.has(name));
  return bad.length === 0 ? null : {reason: 'forbidden sysctls', detail: bad.join(', ')};
}

function checkProcMount({spec}: PodTemplateSpec): Violation | null {
  const types = new Set<string>();
  const names = containersWhere(spec, ({procMount}) => {
    if (procMount === undefined || procMount === 'Default') return false;
    types.add(String(procMount));
    return true;
  });
  if (names.length === 0) return null;
  const list = quoted([...types].sort());
  return {
    reason: 'procMount',
    detail: `${named('container', names)} must not set securityContext.procMount to ${list}`,
  };
}

function checkHostProcess({spec}: PodTemplateSpec): Violation | null {
  const isHostProcess = (security: Fields): boolean => fields(security.windowsOptions).hostProcess === true;
  const names = containersWhere(spec, isHostProcess);
  const setters = [
    ...(isHostProcess(securityOf(spec)) ? ['pod'] : []),
    ...(names.length > 0 ? [named('container', names)] : []),
  ];
  if (setters.length === 0) return null;
  const detail = `${setters.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`;
  return {reason: 'hostProcess', detail};
}

const SELINUX_TYPES: ReadonlySet<unknown> = new Set([
  undefined,
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);

function checkSeLinux({spec}: PodTemplateSpec): Violation | null {
  const details = {type: new Set<string>(), user: false, role: false};
  const isBad = (security: Fields): boolean => {
    const {type, user, role} = fields(security.seLinuxOptions);
    const badType = !SELINUX_TYPES.has(type);
    if (badType) details.type.add(String(type));
    if (user !== undefined && user !== '') details.user = true;
    if (role !== undefined && role !== '') details.role = true;
    return badType || (user !== undefined && user !== '') || (role !== undefined && role !== '');
  };
  const setters = isBad(securityOf(spec)) ? ['pod'] : [];
  const names = containersWhere(spec, isBad);
  if (names.length > 0) setters.push(named('container', names));
  if (setters.length === 0) return null;
  const what = [
    ...(details.type.size === 0
      ? []
      : [`${details.type.size === 1 ? 'type' : 'types'} ${quoted([...details.type].sort())}`]),
    ...(details.user ? ['user may not be set'] : []),
    ...(details.role ? ['role may not be set'] : []),
  ].join('; ');
  return {
    reason: 'seLinuxOptions',
    detail: `${setters.join(' and ')} set forbidden securityContext.seLinuxOptions: ${what}`,
  };
}

const APPARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/';

function checkAppArmor({metadata, spec}: PodTemplateSpec): Violation | null {
  const isUnconfined = (security: Fields): boolean => fields(security.appArmorProfile).type === 'Unconfined';
  const names = containersWhere(spec, isUnconfined);
  const setters = [
    ...(isUnconfined(securityOf(spec)) ? ['pod'] : []),
    ...(names.length > 0 ? [named('container', names)] : []),
  ];
  const annotations = Object.entries(metadata?.annotations ?? {})
    .filter(([key, value]) => key.startsWith(APPARMOR_PREFIX) && !/^(runtime\/default|localhost\/.*|)$/.test(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const details = [
    ...(setters.length === 0
      ? []
      : [`${setters.join(' and ')} must not set securityContext.appArmorProfile.type to "Unconfined"`]),
    ...(annotations.length === 0
      ? []
      : [`${annotations.length === 1 ? 'annotation' : 'annotations'} ${quoted(annotations)}`]),
  ];
  if (details.length === 0) return null;
  const reason =
    details.length > 1 || annotations.length > 1 ? 'forbidden AppArmor profiles' : 'forbidden AppArmor profile';
  return {reason, detail: details.join('; ')};
}
