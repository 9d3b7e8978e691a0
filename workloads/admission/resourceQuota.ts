import type {KubernetesObject, LabelSelectorRequirement, PodSpec, ResourceList} from '../../model/kubernetes.ts';
import {podLimits, podRequests} from '../../model/podRequests.ts';
import {qosClass} from '../../model/qosClass.ts';
import {addQuantities, compareQuantities, formatQuantity, parseQuantity, type Quantity} from '../../model/quantity.ts';
import {
  CPU,
  EPHEMERAL_STORAGE,
  isExtendedResource,
  isHugePages,
  MEMORY,
  type Quantities,
  toQuantities,
} from '../../model/resources.ts';
import {matchesRequirement} from '../../model/selector.ts';

/** A ResourceQuota and what is used of it. */
interface Quota {
  readonly name: string;
  readonly hard: Quantities;
  readonly scopes: readonly LabelSelectorRequirement[];
  readonly used: Map<string, Quantity>;
}

/** The part of a wish that a namespace's quotas allow; the message says why no more, null when all was allowed. */
export interface QuotaDecision {
  readonly allowed: number;
  readonly reason: string | null;
  /** The messages of further quotas that do not allow it: a real server names one of them all. */
  readonly otherReasons: readonly string[];
}

const ONE = parseQuantity(1)!;
const ZERO = parseQuantity(0)!;
/** The keys that every container must have a value for when a quota limits them. */
const REQUIRED_KEYS = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** The quotas of a cluster and their use so far: first come, first served. */
export class ResourceQuotas {
  readonly #byNamespace = new Map<string, Quota[]>();

  get namespaces(): Iterable<string> {
    return this.#byNamespace.keys();
  }

  /** Adds a v1 ResourceQuota. */
  add(object: KubernetesObject): void {
    const {namespace = '', name = ''} = object.metadata;
    const {
      hard,
      scopes = [],
      scopeSelector,
    } = (object.spec ?? {}) as {
      hard?: ResourceList;
      scopes?: readonly string[];
      scopeSelector?: {matchExpressions?: readonly (Omit<LabelSelectorRequirement, 'key'> & {scopeName: string})[]};
    };
    const quota: Quota = {
      name,
      hard: toQuantities(hard),
      scopes: [
        ...scopes.map((key) => ({key, operator: 'Exists'})),
        ...(scopeSelector?.matchExpressions ?? []).map(({scopeName, ...rest}) => ({key: scopeName, ...rest})),
      ],
      used: new Map(),
    };
    const quotas = this.#byNamespace.get(namespace);
    if (quotas === undefined) this.#byNamespace.set(namespace, [quota]);
    else quotas.push(quota);
  }

  /** Counts pods that exist already, whatever the quotas say about them. */
  count(namespace: string, spec: PodSpec, pods: number): void {
    const usage = podUsage(spec);
    for (const quota of this.#matching(namespace, spec)) take(quota, usage, pods);
  }

  /** Counts an object of a kind other than Pod that no quota can refuse. */
  countObject(namespace: string, usage: Quantities): void {
    for (const quota of this.#byNamespace.get(namespace) ?? []) if (quota.scopes.length === 0) take(quota, usage, 1);
  }

  /** How many of so many equal pods may be created; those are counted. */
  admitPods(namespace: string, spec: PodSpec, pods: number): QuotaDecision {
    const quotas = this.#matching(namespace, spec);
    const [first, ...others] = quotas.flatMap((quota) => {
      const missing = missingValues(spec, quota);
      return missing === null ? [] : [`failed quota: ${quota.name}: must specify ${missing}`];
    });
    if (first !== undefined) return {allowed: 0, reason: first, otherReasons: others};
    return this.#admit(quotas, podUsage(spec), pods);
  }

  /** Whether one more object of a kind other than Pod may be created; it is counted if so. */
  admitObject(namespace: string, usage: Quantities): QuotaDecision {
    const quotas = this.#byNamespace.get(namespace)?.filter(({scopes}) => scopes.length === 0) ?? [];
    return this.#admit(quotas, usage, 1);
  }

  /** What is used of a quota, by the keys of `hard` that something was counted for. */
  used(namespace: string, name: string): ReadonlyMap<string, string> {
    const quota = this.#byNamespace.get(namespace)?.find((candidate) => candidate.name === name);
    return new Map([...(quota?.used ?? [])].map(([key, quantity]) => [key, formatQuantity(quantity)]));
  }

  /** The status of every quota, by `NAMESPACE/NAME`: what is used of those keys of `hard` that are counted at all. */
  statuses(): Map<string, ReadonlyMap<string, string>> {
    const all = new Map<string, ReadonlyMap<string, string>>();
    for (const [namespace, quotas] of this.#byNamespace) {
      for (const {name, hard, used} of quotas) {
        const entries = [...hard.keys()]
          .filter(isCountedKey)
          .map((key) => [key, formatQuantity(used.get(key) ?? ZERO)] as const);
        all.set(`${namespace}/${name}`, new Map(entries));
      }
    }
    return all;
  }

  #matching(namespace: string, spec: PodSpec): readonly Quota[] {
    return this.#byNamespace.get(namespace)?.filter(({scopes}) => scopes.every((scope) => inScope(spec, scope))) ?? [];
  }

  #admit(quotas: readonly Quota[], usage: Quantities, wanted: number): QuotaDecision {
    const allowed = Math.min(wanted, ...quotas.map((quota) => room(quota, usage, wanted)));
    for (const quota of quotas) take(quota, usage, allowed);
    if (allowed === wanted) return {allowed, reason: null, otherReasons: []};
    const [reason, ...otherReasons] = quotas
      .filter((quota) => exceededKeys(quota, usage).length > 0)
      .map((quota) => exceededReason(quota, usage));
    return {allowed, reason: reason!, otherReasons};
  }
}

/** What one pod counts for, by the keys a quota may have (pkg/quota/v1/evaluator/core/pods.go). */
export function podUsage(spec: PodSpec): Quantities {
  const usage = new Map<string, Quantity>([
    ['pods', ONE],
    ['count/pods', ONE],
  ]);
  for (const [name, quantity] of podRequests(spec)) {
    if (name === CPU || name === MEMORY || name === EPHEMERAL_STORAGE || isHugePages(name)) usage.set(name, quantity);
    if (isCounted(name)) usage.set(`requests.${name}`, quantity);
  }
  for (const [name, quantity] of podLimits(spec)) {
    if (name === CPU || name === MEMORY || name === EPHEMERAL_STORAGE) usage.set(`limits.${name}`, quantity);
  }
  return usage;
}

function isCounted(name: string): boolean {
  return name === CPU || name === MEMORY || name === EPHEMERAL_STORAGE || isHugePages(name) || isExtendedResource(name);
}

/** Whether anything of a cluster counts for a key of a quota. */
function isCountedKey(key: string): boolean {
  if (COUNTED_KEYS.has(key) || key.startsWith('count/') || isHugePages(key)) return true;
  if (key.startsWith('requests.')) return isCounted(key.slice('requests.'.length));
  return key.endsWith('.storageclass.storage.k8s.io/requests.storage') || key.endsWith(CLAIMS_OF_CLASS);
}

const CLAIMS_OF_CLASS = '.storageclass.storage.k8s.io/persistentvolumeclaims';
const COUNTED_KEYS: ReadonlySet<string> = new Set([
  'configmaps',
  'cpu',
  'ephemeral-storage',
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'memory',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'requests.storage',
  'resourcequotas',
  'secrets',
  'services',
  'services.loadbalancers',
  'services.nodeports',
]);

function inScope(spec: PodSpec, {key, ...requirement}: LabelSelectorRequirement): boolean {
  switch (key) {
    case 'BestEffort':
      return qosClass(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(spec) !== 'BestEffort';
    case 'Terminating':
      return isTerminating(spec);
    case 'NotTerminating':
      return !isTerminating(spec);
    case 'PriorityClass':
      return matchesRequirement({key, ...requirement}, spec.priorityClassName || undefined);
    case 'CrossNamespacePodAffinity':
      return looksAcrossNamespaces(spec);
    default:
      return false;
  }
}

/** Of the pod, not of its Job: a Job's own deadline is not copied. */
function isTerminating(spec: PodSpec): boolean {
  const {activeDeadlineSeconds} = spec;
  return typeof activeDeadlineSeconds === 'number' && activeDeadlineSeconds >= 0;
}

function looksAcrossNamespaces({affinity}: PodSpec): boolean {
  const terms = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((side) => [
    ...(side?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(side?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({podAffinityTerm}) => podAffinityTerm),
  ]);
  return terms.some(({namespaces = [], namespaceSelector}) => namespaces.length > 0 || namespaceSelector !== undefined);
}

/** `limits.cpu for: a,b; requests.memory for: a`, or null when every container has what the quota needs. */
function missingValues(spec: PodSpec, quota: Quota): string | null {
  if (spec.resources !== undefined) return null;
  const parts: string[] = [];
  for (const key of REQUIRED_KEYS.filter((candidate) => quota.hard.has(candidate)).sort()) {
    const side = key.startsWith('limits.') ? 'limits' : 'requests';
    const resource = key.slice(key.indexOf('.') + 1);
    const names = [...spec.containers, ...(spec.initContainers ?? [])]
      .filter(({resources}) => !Object.hasOwn(resources?.[side] ?? {}, resource))
      .map(({name}) => name);
    if (names.length > 0) parts.push(`${key} for: ${[...new Set(names)].sort().join(',')}`);
  }
  return parts.length === 0 ? null : parts.join('; ');
}

/** How many more of this usage the quota has room for, at most `wanted`. */
function room({hard, used}: Quota, usage: Quantities, wanted: number): number {
  let pods = wanted;
  for (const [key, amount] of usage) {
    const limit = hard.get(key);
    if (limit === undefined || amount.unscaled <= 0n) continue;
    const left = addQuantities(limit, negated(used.get(key) ?? ZERO));
    if (left.unscaled < 0n) return 0;
    const scale = Math.min(left.scale, amount.scale);
    const quotient = atScale(left, scale) / atScale(amount, scale);
    if (quotient < BigInt(pods)) pods = Number(quotient);
  }
  return pods;
}

function take({hard, used}: Quota, usage: Quantities, count: number): void {
  for (const [key, amount] of usage) {
    if (!hard.has(key) || count === 0) continue;
    const added = {...amount, unscaled: amount.unscaled * BigInt(count)};
    used.set(key, addQuantities(used.get(key) ?? ZERO, added));
  }
}

function exceededKeys(quota: Quota, usage: Quantities): string[] {
  return [...usage.keys()]
    .filter((key) => {
      const limit = quota.hard.get(key);
      if (limit === undefined) return false;
      return compareQuantities(addQuantities(quota.used.get(key) ?? ZERO, usage.get(key)!), limit) > 0;
    })
    .sort();
}

function exceededReason(quota: Quota, usage: Quantities): string {
  const keys = exceededKeys(quota, usage);
  const list = (amounts: Quantities): string =>
    keys.map((key) => `${key}=${formatQuantity(amounts.get(key) ?? ZERO)}`).join(',');
  return `exceeded quota: ${quota.name}, requested: ${list(usage)}, used: ${list(quota.used)}, limited: ${list(quota.hard)}`;
}

function negated(quantity: Quantity): Quantity {
  return {...quantity, unscaled: -quantity.unscaled};
}

function atScale({unscaled, scale}: Quantity, target: number): bigint {
  return unscaled * 10n ** BigInt(scale - target);
}
