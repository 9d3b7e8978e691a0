import type {KubernetesObject, ResourceList} from '../../model/kubernetes.ts';
import {compareQuantities, formatQuantity, parseQuantity, type Quantity, scaledValue} from '../../model/quantity.ts';
import {isHugePages, toQuantities} from '../../model/resources.ts';
import {type LimitRangeItem, toLimitRange} from '../admission/limitRanger.ts';
import {qualifiedKind} from '../apiKinds.ts';
import {
  duplicateValue,
  type FieldError,
  FieldPath,
  forbidden,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from './fieldError.ts';
import {dnsLabelErrors, dnsSubdomainErrors, qualifiedNameErrors} from './formats.ts';
import {containerResourceNameErrors, isOvercommitAllowed} from './resourceValidation.ts';

const ROOT = FieldPath.root;
const SPEC = ROOT.child('spec');
const NAME = ROOT.child('metadata', 'name');
const ZERO = parseQuantity(0)!;
const ONE = parseQuantity(1)!;

/** Why the API server refuses an object that admission or a controller would act by; empty when it does not. */
export function configurationErrors(object: KubernetesObject): FieldError[] {
  switch (qualifiedKind(object)) {
    case 'Namespace':
      return [
        ...dnsLabelErrors(object.metadata.name ?? '').map((why) => invalidValue(NAME, object.metadata.name, why)),
        ...podSecurityLabelErrors(object),
      ];
    case 'LimitRange':
      return [...nameErrors(object), ...limitRangeErrors(toLimitRange(object).items)];
    case 'ResourceQuota':
      return [...nameErrors(object), ...quotaErrors((object.spec ?? {}) as QuotaSpec)];
    case 'PriorityClass.scheduling.k8s.io':
      return [...nameErrors(object), ...priorityClassErrors(object)];
    case 'HorizontalPodAutoscaler.autoscaling':
      return [...nameErrors(object), ...autoscalerErrors((object.spec ?? {}) as AutoscalerSpec)];
    case 'PersistentVolumeClaim':
      return [...nameErrors(object), ...claimErrors((object.spec ?? {}) as ClaimSpec)];
    case 'PodGroup.scheduling.volcano.sh':
      return podGroupErrors((object.spec ?? {}) as UncheckedFields);
    case 'Queue.scheduling.volcano.sh':
      return amountErrors((object.spec as UncheckedFields | undefined)?.capability, SPEC.child('capability'));
    default:
      return [];
  }
}

type UncheckedFields = Readonly<Record<string, unknown>>;

function podGroupErrors({minMember, minResources, queue}: UncheckedFields): FieldError[] {
  const isCount = (minMember ?? null) === null || Number.isInteger(minMember);
  const isName = (queue ?? null) === null || typeof queue === 'string';
  return [
    ...(isCount ? [] : [invalidValue(SPEC.child('minMember'), minMember, 'must be an integer')]),
    ...(isName ? [] : [invalidValue(SPEC.child('queue'), queue, 'must be a string')]),
    ...amountErrors(minResources, SPEC.child('minResources')),
  ];
}

/** Of a map of resources in a custom resource, where nothing may be less than nothing. */
function amountErrors(amounts: unknown, path: FieldPath): FieldError[] {
  if ((amounts ?? null) === null) return [];
  if (typeof amounts !== 'object' || Array.isArray(amounts)) return [invalidValue(path, amounts, 'must be an object')];
  return Object.entries(amounts as UncheckedFields).flatMap(([name, text]) => {
    const quantity = typeof text === 'string' || typeof text === 'number' ? parseQuantity(text) : undefined;
    if (quantity !== undefined && compareQuantities(quantity, ZERO) >= 0) return [];
    return [invalidValue(path.key(name), text, 'must be a quantity, and not negative')];
  });
}

function nameErrors({metadata: {name = ''}}: KubernetesObject): FieldError[] {
  return name === '' ? [] : dnsSubdomainErrors(name).map((why) => invalidValue(NAME, name, why));
}

/** The levels and versions of the Pod Security Standards that a namespace names. */
function podSecurityLabelErrors({metadata: {labels = {}}}: KubernetesObject): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const match = /^pod-security\.kubernetes\.io\/(?:enforce|audit|warn)(-version)?$/.exec(key);
    if (match === null) return [];
    const at = ROOT.child('metadata', 'labels').key(key);
    if (match[1] === undefined) {
      const isLevel = POD_SECURITY_LEVELS.includes(value);
      return isLevel ? [] : [invalidValue(at, value, `must be one of ${POD_SECURITY_LEVELS.join(', ')}`)];
    }
    return /^(latest|v1\.(0|[1-9]\d*))$/.test(value) ? [] : [invalidValue(at, value, 'must be "latest" or "v1.x"')];
  });
}

const POD_SECURITY_LEVELS: readonly string[] = ['privileged', 'baseline', 'restricted'];
const LIMIT_TYPES: readonly string[] = ['Pod', 'Container', 'PersistentVolumeClaim'];

function limitRangeErrors(items: readonly LimitRangeItem[]): FieldError[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const at = SPEC.child('limits').index(index);
    const {type} = item;
    const errors = qualifiedNameErrors(type).map((why) => invalidValue(at.child('type'), type, why));
    if (errors.length === 0 && !type.includes('/') && !LIMIT_TYPES.includes(type)) {
      errors.push(invalidValue(at.child('type'), type, 'must be a standard limit type or fully qualified'));
    }
    if (seen.has(type)) errors.push(duplicateValue(at.child('type'), type));
    seen.add(type);
    errors.push(...limitNameErrors(item, at));
    if (type === 'Pod') {
      const why = "may not be specified when `type` is 'Pod'";
      if (Object.keys(item.default).length > 0) errors.push(forbidden(at.child('default'), why));
      if (Object.keys(item.defaultRequest).length > 0) errors.push(forbidden(at.child('defaultRequest'), why));
    }
    if (type === 'PersistentVolumeClaim' && item.min.storage === undefined && item.max.storage === undefined) {
      const why = 'either minimum or maximum storage value is required, but neither was provided';
      errors.push(requiredValue(at.child('limits'), why));
    }
    return [...errors, ...limitOrderErrors(item, at)];
  });
}

function limitNameErrors(item: LimitRangeItem, path: FieldPath): FieldError[] {
  const defaults = item.type === 'Pod' ? [] : (['default', 'defaultRequest'] as const);
  return (['max', 'min', ...defaults, 'maxLimitRequestRatio'] as const).flatMap((side) =>
    Object.keys(item[side]).flatMap((name) => {
      const at = path.child(side).key(name);
      if (item.type === 'Pod' || item.type === 'Container') return containerResourceNameErrors(name, at);
      return resourceNameErrors(name, at);
    }),
  );
}

/** The order that minimum, default request, default and maximum must keep, resource by resource. */
function limitOrderErrors(item: LimitRangeItem, path: FieldPath): FieldError[] {
  const min = toQuantities(item.min);
  const max = toQuantities(item.max);
  const isPod = item.type === 'Pod';
  const defaults = toQuantities(isPod ? {} : item.default);
  const requests = toQuantities(isPod ? {} : item.defaultRequest);
  const ratios = toQuantities(item.maxLimitRequestRatio);
  const names = new Set([...min.keys(), ...max.keys(), ...defaults.keys(), ...requests.keys(), ...ratios.keys()]);
  return [...names].sort().flatMap((name) => {
    const errors: FieldError[] = [];
    const [least, most, limit, request, ratio] = [min, max, defaults, requests, ratios].map((list) => list.get(name));
    const compare = (
      [low, lowText]: readonly [Quantity | undefined, string],
      [high, highText]: readonly [Quantity | undefined, string],
      side: string,
      shown: Quantity | undefined,
    ): void => {
      if (low === undefined || high === undefined || compareQuantities(low, high) <= 0) return;
      const why = `${lowText} value ${formatQuantity(low)} is greater than ${highText} value ${formatQuantity(high)}`;
      errors.push(invalidValue(path.child(side).key(name), formatQuantity(shown!), why));
    };
    compare([least, 'min'], [most, 'max'], 'min', least);
    compare([least, 'min'], [request, 'default request'], 'defaultRequest', request);
    compare([request, 'default request'], [most, 'max'], 'defaultRequest', request);
    compare([request, 'default request'], [limit, 'default limit'], 'defaultRequest', request);
    compare([least, 'min'], [limit, 'default'], 'default', least);
    compare([limit, 'default'], [most, 'max'], 'default', most);
    if (ratio !== undefined)
      errors.push(...ratioErrors(ratio, least, most, path.child('maxLimitRequestRatio').key(name)));
    const mustMatch = !isOvercommitAllowed(name) && limit !== undefined && request !== undefined;
    if (mustMatch && compareQuantities(limit, request) !== 0) {
      const why = `default value ${formatQuantity(limit)} must equal to defaultRequest value ${formatQuantity(request)} in ${name}`;
      errors.push(invalidValue(path.child('defaultRequest').key(name), formatQuantity(request), why));
    }
    return errors;
  });
}

function ratioErrors(
  ratio: Quantity,
  min: Quantity | undefined,
  max: Quantity | undefined,
  at: FieldPath,
): FieldError[] {
  const text = formatQuantity(ratio);
  const errors: FieldError[] = [];
  if (compareQuantities(ratio, ONE) < 0) errors.push(invalidValue(at, text, `ratio ${text} is less than 1`));
  if (min !== undefined && max !== undefined) {
    const widest = milli(max) / milli(min);
    if (milli(ratio) / 1000 > widest) {
      errors.push(invalidValue(at, text, `ratio ${text} is greater than max/min = ${widest.toFixed(6)}`));
    }
  }
  return errors;
}

function milli(quantity: Quantity): number {
  return Number(scaledValue(quantity, -3));
}

interface QuotaSpec {
  readonly hard?: ResourceList;
  readonly scopes?: readonly string[];
  readonly scopeSelector?: {
    readonly matchExpressions?: readonly {
      readonly scopeName?: string;
      readonly operator?: string;
      readonly values?: readonly string[];
    }[];
  };
}

/** Keys of quotas that count whole things. */
const COUNTS: ReadonlySet<string> = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
  'services.loadbalancers',
  'services.nodeports',
]);
const COMPUTE: ReadonlySet<string> = new Set([
  'cpu',
  'limits.cpu',
  'limits.memory',
  'memory',
  'requests.cpu',
  'requests.memory',
]);
const QUOTA_KEYS: ReadonlySet<string> = new Set([
  ...COUNTS,
  ...COMPUTE,
  'ephemeral-storage',
  'limits.ephemeral-storage',
  'requests.ephemeral-storage',
  'requests.storage',
]);
const SCOPES: readonly string[] = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
];
const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

function isQuotaKey(key: string): boolean {
  return QUOTA_KEYS.has(key) || isHugePages(key) || isHugePages(key.replace(/^requests\./, ''));
}

function resourceNameErrors(name: string, at: FieldPath): FieldError[] {
  const errors = qualifiedNameErrors(name).map((why) => invalidValue(at, name, why));
  if (errors.length > 0 || name.includes('/') || isQuotaKey(name) || name === 'storage') return errors;
  return [invalidValue(at, name, 'must be a standard resource type or fully qualified')];
}

function quotaErrors({hard = {}, scopes = [], scopeSelector}: QuotaSpec): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, quantity] of toQuantities(hard)) {
    const at = SPEC.child('hard').key(key);
    errors.push(...resourceNameErrors(key, at));
    if (!key.includes('/') && !isQuotaKey(key)) {
      errors.push(invalidValue(at, key, 'must be a standard resource for quota'));
    }
    if (quantity.unscaled < 0n) {
      errors.push(invalidValue(at, formatQuantity(quantity), 'must be greater than or equal to 0'));
    }
    if (COUNTS.has(key) && scaledValue(quantity, -3) % 1000n !== 0n) {
      errors.push(invalidValue(at, formatQuantity(quantity), 'must be an integer'));
    }
  }
  const keys = Object.keys(hard).filter(isQuotaKey);
  const at = SPEC.child('scopes');
  for (const scope of scopes) {
    if (!SCOPES.includes(scope)) errors.push(invalidValue(at, scopes, 'unsupported scope'));
    if (keys.some((key) => !isInScope(scope, key))) {
      errors.push(invalidValue(at, scopes, 'unsupported scope applied to resource'));
    }
  }
  for (const pair of CONFLICTS) {
    if (pair.every((scope) => scopes.includes(scope))) errors.push(invalidValue(at, scopes, 'conflicting scopes'));
  }
  return [...errors, ...scopeSelectorErrors(scopeSelector, keys)];
}

/** Whether a scope makes sense for a key of a quota. */
function isInScope(scope: string, key: string): boolean {
  switch (scope) {
    case 'BestEffort':
      return key === 'pods';
    case 'Terminating':
    case 'NotTerminating':
    case 'NotBestEffort':
    case 'PriorityClass':
    case 'CrossNamespacePodAffinity':
      return key === 'pods' || COMPUTE.has(key);
    case 'VolumeAttributesClass':
      return key === 'persistentvolumeclaims' || key === 'requests.storage';
    default:
      return true;
  }
}

const VALUED_SCOPES: readonly string[] = ['PriorityClass', 'VolumeAttributesClass'];

function scopeSelectorErrors(selector: QuotaSpec['scopeSelector'], keys: readonly string[]): FieldError[] {
  const at = SPEC.child('scopeSelector', 'matchExpressions');
  return (selector?.matchExpressions ?? []).flatMap(({scopeName = '', operator = '', values = []}) => {
    const errors: FieldError[] = [];
    const isKnown = SCOPES.includes(scopeName);
    if (!isKnown) errors.push(invalidValue(at.child('scopeName'), scopeName, 'unsupported scope'));
    if (keys.some((key) => !isInScope(scopeName, key))) {
      errors.push(invalidValue(at, selector, 'unsupported scope applied to resource'));
    }
    if (isKnown && !VALUED_SCOPES.includes(scopeName) && operator !== 'Exists') {
      const why =
        "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
      errors.push(invalidValue(at.child('operator'), operator, why));
    }
    if (operator === 'In' || operator === 'NotIn') {
      const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      if (values.length === 0) errors.push(requiredValue(at.child('values'), why));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      if (values.length > 0) errors.push(invalidValue(at.child('values'), values, why));
    } else errors.push(invalidValue(at.child('operator'), operator, 'not a valid selector operator'));
    return errors;
  });
}

const SYSTEM_PREFIX = 'system-';
const SYSTEM_PRIORITIES = new Map([
  ['system-node-critical', 2_000_001_000],
  ['system-cluster-critical', 2_000_000_000],
]);
const HIGHEST_PRIORITY = 1_000_000_000;
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never'];

function priorityClassErrors(object: KubernetesObject): FieldError[] {
  const {value = 0, globalDefault, preemptionPolicy, metadata} = object;
  const {name = ''} = metadata;
  const errors: FieldError[] = [];
  if (name.startsWith(SYSTEM_PREFIX)) {
    const known = SYSTEM_PRIORITIES.get(name);
    const why =
      known === undefined
        ? `${name} is not a known system priority class`
        : value !== known
          ? `value of ${name} PriorityClass must be ${known}`
          : globalDefault === true
            ? `globalDefault of ${name} PriorityClass must be false`
            : null;
    if (why !== null) {
      const reserved = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: `;
      errors.push(forbidden(NAME, `${reserved}${why}`));
    }
  } else if (Number(value) > HIGHEST_PRIORITY) {
    const why = `maximum allowed value of a user defined priority is ${HIGHEST_PRIORITY}`;
    errors.push(forbidden(ROOT.child('value'), why));
  }
  if (preemptionPolicy !== undefined && !PREEMPTION_POLICIES.includes(String(preemptionPolicy))) {
    errors.push(unsupportedValue(ROOT.child('preemptionPolicy'), preemptionPolicy, PREEMPTION_POLICIES));
  }
  return errors;
}

interface AutoscalerSpec {
  readonly scaleTargetRef?: {readonly kind?: string; readonly name?: string};
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly metrics?: readonly {
    readonly type?: string;
    readonly resource?: {
      readonly name?: string;
      readonly target?: {readonly averageUtilization?: number; readonly averageValue?: string | number};
    };
  }[];
}

function autoscalerErrors(spec: AutoscalerSpec): FieldError[] {
  const {scaleTargetRef = {}, minReplicas = 1, maxReplicas = 0, metrics = []} = spec;
  const errors: FieldError[] = [];
  if (minReplicas < 1) {
    errors.push(invalidValue(SPEC.child('minReplicas'), minReplicas, 'must be greater than or equal to 1'));
  }
  if (maxReplicas < 1) errors.push(requiredValue(SPEC.child('maxReplicas'), 'must be set and greater than 0'));
  if (maxReplicas < minReplicas) {
    errors.push(invalidValue(SPEC.child('maxReplicas'), maxReplicas, 'must be greater than or equal to `minReplicas`'));
  }
  for (const field of ['kind', 'name'] as const) {
    if ((scaleTargetRef[field] ?? '') === '') errors.push(requiredValue(SPEC.child('scaleTargetRef', field)));
  }
  metrics.forEach(({resource}, index) => {
    if (resource === undefined) return;
    const at = SPEC.child('metrics').index(index).child('resource');
    const {averageUtilization, averageValue} = resource.target ?? {};
    if ((resource.name ?? '') === '') errors.push(requiredValue(at.child('name'), 'must specify a resource name'));
    if (averageUtilization !== undefined && averageUtilization < 1) {
      const field = at.child('target', 'averageUtilization');
      errors.push(invalidValue(field, averageUtilization, 'must be greater than 0'));
    }
    if (averageUtilization !== undefined && averageValue !== undefined) {
      const why = 'may not set both a target raw value and a target utilization';
      errors.push(forbidden(at.child('target', 'averageValue'), why));
    } else if (averageUtilization === undefined && averageValue === undefined) {
      const why = 'must set either a target raw value or a target utilization';
      errors.push(requiredValue(at.child('target', 'averageUtilization'), why));
    }
  });
  if (minReplicas === 0 && !metrics.some(({type}) => type === 'Object' || type === 'External')) {
    const why = 'must specify at least one Object or External metric to support scaling to zero replicas';
    errors.push(forbidden(SPEC.child('metrics'), why));
  }
  return errors;
}

interface ClaimSpec {
  readonly accessModes?: readonly string[];
  readonly resources?: {readonly requests?: ResourceList};
  readonly volumeMode?: string;
}

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];

function claimErrors({accessModes = [], resources, volumeMode}: ClaimSpec): FieldError[] {
  const errors: FieldError[] = [];
  const at = SPEC.child('accessModes');
  if (accessModes.length === 0) errors.push(requiredValue(at, 'at least 1 access mode is required'));
  for (const mode of accessModes)
    if (!ACCESS_MODES.includes(mode)) errors.push(unsupportedValue(at, mode, ACCESS_MODES));
  const storage = toQuantities(resources?.requests).get('storage');
  if (storage === undefined) errors.push(requiredValue(SPEC.child('resources').key('storage')));
  else if (storage.unscaled <= 0n) {
    const why = 'must be greater than zero';
    errors.push(invalidValue(SPEC.child('resources').key('storage'), formatQuantity(storage), why));
  }
  if (volumeMode !== undefined && !VOLUME_MODES.includes(volumeMode)) {
    errors.push(unsupportedValue(SPEC.child('volumeMode'), volumeMode, VOLUME_MODES));
  }
  return errors;
}
