import type {Container, PodSpec} from '../../model/kubernetes.ts';
import {
  duplicateValue,
  type FieldError,
  type FieldPath,
  forbidden,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from './fieldError.ts';
import {dnsLabelErrors, dnsSubdomainErrors, qualifiedNameErrors} from './formats.ts';

const DNS_POLICIES = ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never'];
const MAX_INT32 = 2 ** 31 - 1;

/** What the API server has against single fields of a pod's spec: names of other objects, policies, times, gates. */
export function podFieldErrors(spec: PodSpec, path: FieldPath): FieldError[] {
  const names = ['nodeName', 'serviceAccountName', 'priorityClassName', 'runtimeClassName'];
  return [
    ...names.flatMap((field) => nameErrors(spec[field], path.child(field), dnsSubdomainErrors)),
    ...['hostname', 'subdomain'].flatMap((field) => nameErrors(spec[field], path.child(field), dnsLabelErrors)),
    ...policyErrors(spec.dnsPolicy, DNS_POLICIES, path.child('dnsPolicy')),
    ...policyErrors(spec.preemptionPolicy, PREEMPTION_POLICIES, path.child('preemptionPolicy')),
    ...deadlineErrors(spec.activeDeadlineSeconds, path.child('activeDeadlineSeconds')),
    ...gateNameErrors(spec, path.child('schedulingGates')),
  ];
}

/** The same for a container: how its image is pulled, where it mounts volumes, what its variables are called. */
export function containerFieldErrors(container: Container, path: FieldPath, hostNetwork: boolean): FieldError[] {
  const {imagePullPolicy, volumeMounts, env, ports = []} = container;
  return [
    ...policyErrors(imagePullPolicy, PULL_POLICIES, path.child('imagePullPolicy')),
    ...mountPathErrors(volumeMounts, path.child('volumeMounts')),
    ...(Array.isArray(env) ? (env as {name?: string}[]) : []).flatMap(({name = ''}, index) =>
      name === '' ? [requiredValue(path.child('env').index(index).child('name'))] : [],
    ),
    ...ports.flatMap(({containerPort, hostPort = 0}, index) => {
      if (!hostNetwork || hostPort === containerPort || hostPort === 0) return [];
      const at = path.child('ports').index(index).child('containerPort');
      return [invalidValue(at, containerPort, 'must match `hostPort` when `hostNetwork` is true')];
    }),
  ];
}

function nameErrors(name: unknown, path: FieldPath, check: (name: string) => string[]): FieldError[] {
  if (typeof name !== 'string' || name === '') return [];
  return check(name).map((why) => invalidValue(path, name, why));
}

function policyErrors(value: unknown, supported: readonly string[], path: FieldPath): FieldError[] {
  if (value === undefined || value === '' || supported.includes(String(value))) return [];
  return [unsupportedValue(path, value, supported)];
}

function deadlineErrors(seconds: unknown, path: FieldPath): FieldError[] {
  if (typeof seconds !== 'number' || (seconds >= 1 && seconds <= MAX_INT32)) return [];
  return [invalidValue(path, seconds, `must be between 1 and ${MAX_INT32}, inclusive`)];
}

function gateNameErrors({schedulingGates = []}: PodSpec, path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return schedulingGates.flatMap(({name = ''}, index) => {
    const errors = qualifiedNameErrors(name).map((why) => invalidValue(path.index(index), name, why));
    if (seen.has(name)) errors.push(duplicateValue(path.index(index), name));
    seen.add(name);
    return errors;
  });
}

function mountPathErrors(mounts: unknown, path: FieldPath): FieldError[] {
  if (!Array.isArray(mounts)) return [];
  const seen = new Set<string>();
  return (mounts as {mountPath?: string}[]).flatMap(({mountPath = ''}, index) => {
    const at = path.index(index).child('mountPath');
    if (mountPath === '') return [requiredValue(at)];
    const isKnown = seen.has(mountPath);
    seen.add(mountPath);
    return isKnown ? [invalidValue(at, mountPath, 'must be unique')] : [];
  });
}

/** Where a volume comes from: from one source, which names what it needs. */
export function volumeSourceErrors(volume: Readonly<Record<string, unknown>>, path: FieldPath): FieldError[] {
  const [first, ...others] = Object.keys(volume).filter((field) => field !== 'name' && volume[field] !== undefined);
  if (first === undefined) return [];
  const errors = others.map((field) => forbidden(path.child(field), 'may not specify more than 1 volume type'));
  const needed = NEEDED[first];
  const source = volume[first] as Readonly<Record<string, unknown>>;
  if (needed !== undefined && (source[needed] ?? '') === '') errors.push(requiredValue(path.child(first, needed)));
  return errors;
}

/** The field that a source cannot do without. */
const NEEDED: Readonly<Record<string, string>> = {
  configMap: 'name',
  csi: 'driver',
  hostPath: 'path',
  persistentVolumeClaim: 'claimName',
  secret: 'secretName',
};
