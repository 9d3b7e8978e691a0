import type {KubernetesObject, LabelSelector} from '../../model/kubernetes.ts';
import {toLimitRange} from '../admission/limitRanger.ts';
import {qualifiedKind} from '../apiKinds.ts';
import {CONTROLLER_UID_LABEL, jobLabels} from '../expansion/job.ts';
import {canonicalResources} from './quantities.ts';
import {defaultClaimSpec} from './volumeDefaults.ts';

type Fields = Readonly<Record<string, unknown>>;

const HISTORY_LIMIT = 10;
const MAX_INT32 = 2 ** 31 - 1;

/**
 * An object as the API server stores it, as far as controllers look at it: the spec with the API's defaults, without
 * fields that have no value. Kinds without defaults of their own come back as they are.
 */
export function defaultStored(object: KubernetesObject): KubernetesObject {
  const spec = (object.spec ?? {}) as Fields;
  switch (qualifiedKind(object)) {
    case 'Deployment.apps':
      return stored(object, {
        replicas: 1,
        revisionHistoryLimit: HISTORY_LIMIT,
        progressDeadlineSeconds: 600,
        ...spec,
        strategy: rollingUpdate(spec.strategy, {maxUnavailable: '25%', maxSurge: '25%'}),
      });
    case 'ReplicaSet.apps':
      return stored(object, {replicas: 1, ...spec});
    case 'ReplicationController': {
      const {template} = spec as {template?: {metadata?: {labels?: Fields}}};
      return stored(object, {replicas: 1, ...spec, selector: nonEmpty(spec.selector) ?? template?.metadata?.labels});
    }
    case 'DaemonSet.apps':
      return stored(object, {
        revisionHistoryLimit: HISTORY_LIMIT,
        ...spec,
        updateStrategy: rollingUpdate(spec.updateStrategy, {maxUnavailable: 1, maxSurge: 0}),
      });
    case 'StatefulSet.apps':
      return stored(object, statefulSetSpec(spec));
    case 'Job.batch':
      return stored(object, jobSpec(object, spec));
    case 'CronJob.batch':
      return stored(object, {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
        ...spec,
      });
    case 'HorizontalPodAutoscaler.autoscaling':
      return stored(object, autoscalerSpec(spec));
    case 'LimitRange':
      return {...object, spec: {limits: toLimitRange(object).items.map(withoutEmpty)}};
    case 'ResourceQuota':
      return {...object, spec: {...spec, hard: canonicalResources((spec.hard ?? {}) as Record<string, string>)}};
    case 'PriorityClass.scheduling.k8s.io':
      return {value: 0, globalDefault: false, preemptionPolicy: 'PreemptLowerPriority', ...object};
    default:
      return object;
  }
}

function stored(object: KubernetesObject, spec: Fields): KubernetesObject {
  return {...object, spec: withoutEmpty(spec)};
}

/** Without what Go's JSON leaves out: empty texts, lists and maps, and flags and waits at zero. */
function withoutEmpty(fields: object): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([key, value]) => {
      if (value === undefined || (value === '' && key !== 'serviceName')) return false;
      if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
      return !((key === 'minReadySeconds' && value === 0) || (key === 'paused' && value === false));
    }),
  );
}

function nonEmpty(value: unknown): unknown {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0 ? value : undefined;
}

/** An update strategy; its parameters belong to rolling updates only. */
function rollingUpdate(strategy: unknown, defaults: Fields): Fields {
  const {type = 'RollingUpdate', ...rest} = (strategy ?? {}) as Fields;
  if ((type || 'RollingUpdate') !== 'RollingUpdate') return {...rest, type};
  return {...rest, type: 'RollingUpdate', rollingUpdate: {...defaults, ...(rest.rollingUpdate as Fields | undefined)}};
}

function statefulSetSpec(spec: Fields): Fields {
  const {persistentVolumeClaimRetentionPolicy: retention, volumeClaimTemplates} = spec;
  const templates = Array.isArray(volumeClaimTemplates) ? (volumeClaimTemplates as Fields[]) : [];
  return {
    replicas: 1,
    revisionHistoryLimit: HISTORY_LIMIT,
    serviceName: '',
    ...spec,
    podManagementPolicy: spec.podManagementPolicy || 'OrderedReady',
    updateStrategy: rollingUpdate(spec.updateStrategy, {partition: 0}),
    persistentVolumeClaimRetentionPolicy: {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
      ...(retention as Fields | undefined),
    },
    volumeClaimTemplates: templates.map((template) => ({
      ...template,
      kind: 'PersistentVolumeClaim',
      apiVersion: 'v1',
      spec: defaultClaimSpec(template.spec),
      status: {phase: 'Pending'},
    })),
  };
}

function jobSpec(object: KubernetesObject, spec: Fields): Fields {
  const {completions, parallelism, podFailurePolicy, backoffLimitPerIndex} = spec;
  const selector = (spec.selector ?? {}) as LabelSelector;
  const own = {[CONTROLLER_UID_LABEL]: jobLabels(object)[CONTROLLER_UID_LABEL]};
  return {
    parallelism: 1,
    ...(completions === undefined && parallelism === undefined ? {completions: 1} : {}),
    backoffLimit: backoffLimitPerIndex === undefined ? 6 : MAX_INT32,
    manualSelector: false,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
    ...spec,
    ...(podFailurePolicy === undefined ? {} : {podFailurePolicy: defaultFailurePolicy(podFailurePolicy as Fields)}),
    selector: spec.manualSelector === true ? selector : {...selector, matchLabels: {...selector.matchLabels, ...own}},
  };
}

function defaultFailurePolicy(policy: Fields): Fields {
  const rules = Array.isArray(policy.rules) ? (policy.rules as Fields[]) : [];
  return {
    ...policy,
    rules: rules.map((rule) => {
      const {onPodConditions} = rule;
      if (!Array.isArray(onPodConditions)) return rule;
      return {...rule, onPodConditions: onPodConditions.map((pattern: Fields) => ({status: 'True', ...pattern}))};
    }),
  };
}

const SCALE_UP = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    {type: 'Pods', value: 4, periodSeconds: 15},
    {type: 'Percent', value: 100, periodSeconds: 15},
  ],
};
const SCALE_DOWN = {selectPolicy: 'Max', policies: [{type: 'Percent', value: 100, periodSeconds: 15}]};

function autoscalerSpec(spec: Fields): Fields {
  const {metrics, behavior} = spec;
  const hasMetrics = Array.isArray(metrics) && metrics.length > 0;
  return {
    minReplicas: 1,
    ...spec,
    metrics: hasMetrics
      ? metrics
      : [{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}}}],
    ...(behavior === undefined ? {} : {behavior: defaultBehavior(behavior as Fields)}),
  };
}

function defaultBehavior({scaleUp, scaleDown}: Fields): Fields {
  return {
    scaleUp: {...SCALE_UP, ...(scaleUp as Fields | undefined)},
    scaleDown: {...SCALE_DOWN, ...(scaleDown as Fields | undefined)},
  };
}
