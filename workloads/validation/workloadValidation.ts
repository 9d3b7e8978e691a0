import type {KubernetesObject, LabelSelector, PodTemplateSpec} from '../../model/kubernetes.ts';
import {parseQuantity} from '../../model/quantity.ts';
import {matchesLabelSelector} from '../../model/selector.ts';
import {defaultPodSpec} from '../defaulting/podDefaults.ts';
import {claimVolumes, type StatefulSetSpec} from '../expansion/claims.ts';
import {CONTROLLER_UID_LABEL, jobLabels} from '../expansion/job.ts';
import {scheduleError, timeZoneError} from './cronSchedule.ts';
import {type FieldError, FieldPath, forbidden, invalidValue, requiredValue, unsupportedValue} from './fieldError.ts';
import {dnsSubdomainErrors, labelValueErrors} from './formats.ts';
import {labelErrors, podSpecErrors} from './podValidation.ts';
import {labelSelectorErrors} from './selectorValidation.ts';

/** The parts of the workloads' specs that validation reads, over all kinds. */
interface WorkloadSpec extends StatefulSetSpec {
  readonly parallelism?: number;
  readonly completions?: number;
  readonly completionMode?: string;
  readonly backoffLimit?: number;
  readonly podFailurePolicy?: unknown;
  readonly manualSelector?: boolean;
  readonly concurrencyPolicy?: string;
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly jobTemplate?: {readonly spec?: WorkloadSpec};
  readonly strategy?: {
    readonly type?: string;
    readonly rollingUpdate?: {readonly maxSurge?: string | number; readonly maxUnavailable?: string | number};
  };
}

const ROOT = FieldPath.root;
const SPEC = ROOT.child('spec');
const TEMPLATE = SPEC.child('template');
/** Leaves room for the digits a Job's name gets and for what its pods' names get on top. */
const CRON_JOB_NAME_LENGTH = 52;
const CONCURRENCY_POLICIES = ['Allow', 'Forbid', 'Replace'];

/** Why the API server refuses an object that makes pods, all reasons at once; empty when it does not. */
export function workloadErrors(object: KubernetesObject): FieldError[] {
  const {metadata} = object;
  const spec = (object.spec ?? {}) as WorkloadSpec;
  return [
    ...nameErrors(object),
    ...labelErrors(metadata, ROOT.child('metadata')),
    ...specErrors(object.kind, object, spec),
  ];
}

function specErrors(kind: string, object: KubernetesObject, spec: WorkloadSpec): FieldError[] {
  switch (kind) {
    case 'Pod':
      return podSpecErrors(defaultPodSpec(spec as unknown as PodTemplateSpec['spec']), SPEC);
    case 'Deployment':
      return [...replicaErrors(spec), ...selectedTemplateErrors(spec), ...strategyErrors(spec)];
    case 'ReplicaSet':
    case 'DaemonSet':
      return [...replicaErrors(spec), ...selectedTemplateErrors(spec)];
    case 'ReplicationController':
      return [...replicaErrors(spec), ...templateErrors(spec, TEMPLATE)];
    case 'StatefulSet':
      return [
        ...statefulSetErrors(spec),
        ...replicaErrors(spec),
        ...selectedTemplateErrors({...spec, template: claimVolumes(spec, '')}),
      ];
    case 'Job':
      return [...jobNameErrors(object), ...jobSelectorErrors(object, spec), ...jobErrors(spec, SPEC)];
    case 'CronJob':
      return cronJobErrors(spec);
    default:
      return [];
  }
}

function nameErrors({kind, metadata}: KubernetesObject): FieldError[] {
  const {name, generateName} = metadata;
  if (name === undefined || name === '')
    return (generateName ?? '') === '' ? [requiredValue(ROOT.child('metadata', 'name'))] : [];
  const errors = dnsSubdomainErrors(name).map((why) => invalidValue(ROOT.child('metadata', 'name'), name, why));
  if (kind === 'CronJob' && name.length > CRON_JOB_NAME_LENGTH) {
    const why = `must be no more than ${CRON_JOB_NAME_LENGTH} characters`;
    errors.push(invalidValue(ROOT.child('metadata', 'name'), name, why));
  }
  return errors;
}

function nonNegative(value: number | undefined, path: FieldPath): FieldError[] {
  return value !== undefined && value < 0 ? [invalidValue(path, value, 'must be greater than or equal to 0')] : [];
}

/** The selector, and the template unless the selector cannot be read, as the API server does. */
function selectedTemplateErrors(spec: WorkloadSpec): FieldError[] {
  const wrong = selectorValueErrors(spec.selector);
  return wrong.length > 0 ? wrong : [...selectorErrors(spec), ...templateErrors(spec, TEMPLATE)];
}

function selectorValueErrors(selector: LabelSelector | undefined): FieldError[] {
  const at = SPEC.child('selector');
  const wrong = labelSelectorErrors(selector, at);
  return wrong.length === 0 ? [] : [...wrong, invalidValue(at, selector, 'invalid label selector')];
}

function replicaErrors({replicas}: WorkloadSpec): FieldError[] {
  return nonNegative(replicas, SPEC.child('replicas'));
}

function selectorErrors({selector, template}: WorkloadSpec): FieldError[] {
  const at = SPEC.child('selector');
  const labels = template?.metadata?.labels;
  const mismatch = invalidValue(
    TEMPLATE.child('metadata', 'labels'),
    labels ?? null,
    '`selector` does not match template `labels`',
  );
  if (selector === undefined) return [requiredValue(at), mismatch];
  if (isEmpty(selector)) return [invalidValue(at, selector, 'empty selector is invalid for deployment'), mismatch];
  return matchesLabelSelector(selector, labels) ? [] : [mismatch];
}

function isEmpty({matchLabels = {}, matchExpressions = []}: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** The template of a controller whose pods run for ever. */
function templateErrors({template}: WorkloadSpec, path: FieldPath): FieldError[] {
  if (template?.spec === undefined) return [requiredValue(path.child('spec', 'containers'))];
  const spec = defaultPodSpec(template.spec);
  const errors = [...labelErrors(template.metadata, path), ...podSpecErrors(spec, path.child('spec'))];
  if (spec.restartPolicy !== 'Always' && ['OnFailure', 'Never'].includes(spec.restartPolicy ?? '')) {
    errors.push(unsupportedValue(path.child('spec', 'restartPolicy'), spec.restartPolicy, ['Always']));
  }
  if (spec.activeDeadlineSeconds !== undefined) {
    const why = 'activeDeadlineSeconds in ReplicaSet is not Supported';
    errors.push(forbidden(path.child('spec', 'activeDeadlineSeconds'), why));
  }
  return errors;
}

function strategyErrors({strategy}: WorkloadSpec): FieldError[] {
  const at = SPEC.child('strategy');
  if (strategy?.rollingUpdate === undefined) return [];
  const {maxSurge, maxUnavailable} = strategy.rollingUpdate;
  if (strategy.type === 'Recreate') {
    return [forbidden(at.child('rollingUpdate'), "may not be specified when strategy `type` is 'Recreate'")];
  }
  if (!isZero(maxSurge) || !isZero(maxUnavailable)) return [];
  const why = 'may not be 0 when `maxSurge` is 0';
  return [invalidValue(at.child('rollingUpdate', 'maxUnavailable'), maxUnavailable, why)];
}

function isZero(value: string | number | undefined): boolean {
  return value === 0 || value === '0%';
}

function statefulSetErrors({ordinals, podManagementPolicy, volumeClaimTemplates = []}: WorkloadSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (podManagementPolicy !== undefined && !['OrderedReady', 'Parallel'].includes(podManagementPolicy)) {
    const why = "must be 'OrderedReady' or 'Parallel'";
    errors.push(invalidValue(SPEC.child('podManagementPolicy'), podManagementPolicy, why));
  }
  errors.push(...nonNegative(ordinals?.start, SPEC.child('ordinals', 'start')));
  volumeClaimTemplates.forEach(({spec}, index) => {
    const at = SPEC.child('volumeClaimTemplates').index(index).child('spec', 'resources');
    const storage = spec?.resources?.requests?.storage;
    const quantity = storage === undefined ? undefined : parseQuantity(storage);
    if (storage === undefined) errors.push(requiredValue(at.key('storage')));
    else if (quantity !== undefined && quantity.unscaled <= 0n) {
      errors.push(invalidValue(at.key('storage'), String(storage), 'must be greater than zero'));
    }
  });
  return errors;
}

/** The name of a Job becomes a label of its pods. */
function jobNameErrors({metadata: {name = ''}}: KubernetesObject): FieldError[] {
  return labelValueErrors(name)
    .slice(0, 1)
    .filter((why) => why.startsWith('must be no more'))
    .flatMap((why) => [
      invalidValue(ROOT.child('metadata', 'labels'), name, why),
      invalidValue(TEMPLATE.child('labels'), name, why),
    ]);
}

/** Only a Job that says so may bring its own selector; all others get one, and labels for it. */
function jobSelectorErrors(
  object: KubernetesObject,
  {manualSelector = false, selector, template}: WorkloadSpec,
): FieldError[] {
  // A Job of a dump carries the selector it was given.
  if (manualSelector || selector === undefined || object.metadata.uid !== undefined) return [];
  const generated = jobLabels(object);
  const uid = generated[CONTROLLER_UID_LABEL] ?? '';
  const labels = {...template?.metadata?.labels, ...generated};
  const completed = {...selector, matchLabels: {...selector.matchLabels, [CONTROLLER_UID_LABEL]: uid}};
  const errors = [invalidValue(SPEC.child('selector'), completed, '`selector` not auto-generated')];
  if (!matchesLabelSelector(completed, labels)) {
    const why = '`selector` does not match template `labels`';
    errors.push(invalidValue(TEMPLATE.child('metadata', 'labels'), labels, why));
  }
  return errors;
}

function jobErrors(spec: WorkloadSpec, path: FieldPath): FieldError[] {
  const {parallelism, completions, backoffLimit, completionMode, podFailurePolicy, template} = spec;
  const errors = [
    ...nonNegative(parallelism, path.child('parallelism')),
    ...nonNegative(completions, path.child('completions')),
    ...nonNegative(backoffLimit, path.child('backoffLimit')),
  ];
  // Without both, one completion is the default.
  if (completionMode === 'Indexed' && completions === undefined && parallelism !== undefined) {
    errors.push(requiredValue(path.child('completions'), 'when completion mode is Indexed'));
  }
  const at = path.child('template', 'spec');
  if (template?.spec === undefined) return [...errors, requiredValue(at.child('containers'))];
  const podSpec = defaultPodSpec({...template.spec, restartPolicy: template.spec.restartPolicy || 'Always'});
  errors.push(...labelErrors(template.metadata, path.child('template')), ...podSpecErrors(podSpec, at));
  if (podSpec.restartPolicy === 'Always') {
    errors.push(requiredValue(at.child('restartPolicy'), 'valid values: "OnFailure", "Never"'));
  } else if (podFailurePolicy !== undefined && podSpec.restartPolicy === 'OnFailure') {
    const why = 'only "Never" is supported when podFailurePolicy is specified';
    errors.push(invalidValue(at.child('restartPolicy'), 'OnFailure', why));
  }
  return errors;
}

function cronJobErrors({concurrencyPolicy, schedule = '', timeZone, jobTemplate}: WorkloadSpec): FieldError[] {
  const errors: FieldError[] = [];
  const at = SPEC.child('schedule');
  if (schedule === '') errors.push(requiredValue(at));
  else if (schedule.includes('TZ')) {
    const why = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
    errors.push(invalidValue(at, schedule, why));
  } else {
    const why = scheduleError(schedule);
    if (why !== null) errors.push(invalidValue(at, schedule, why));
  }
  const zone = timeZone === undefined ? null : timeZoneError(timeZone);
  if (zone !== null) errors.push(invalidValue(SPEC.child('timeZone'), timeZone, zone));
  if (concurrencyPolicy !== undefined && !CONCURRENCY_POLICIES.includes(concurrencyPolicy)) {
    errors.push(unsupportedValue(SPEC.child('concurrencyPolicy'), concurrencyPolicy, CONCURRENCY_POLICIES));
  }
  return [...errors, ...jobErrors(jobTemplate?.spec ?? {}, SPEC.child('jobTemplate', 'spec'))];
}
