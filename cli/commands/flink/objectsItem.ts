import {type ComponentPods, componentPods, containersOf} from '../../../flink/componentPods.ts';
import {type Download, downloads} from '../../../flink/downloads.ts';
import {flinkObjects} from '../../../flink/flinkObjects.ts';
import type {FlinkOutcome, Slots} from '../../../flink/flinkOutcome.ts';
import {lifecycleOf} from '../../../flink/lifecycle/lifecycle.ts';
import {downtimeOf, type LifecycleEvent, peakOf} from '../../../flink/lifecycle/lifecycleEvent.ts';
import {operatorOf} from '../../../flink/operatorOf.ts';
import {RelatedResources} from '../../../flink/relatedResources.ts';
import {type KubernetesObject, objectReference, type PodSpec} from '../../../model/kubernetes.ts';
import {podLimits, podRequests} from '../../../model/podRequests.ts';
import {formatQuantity} from '../../../model/quantity.ts';
import type {Quantities} from '../../../model/resources.ts';
import {defaultPodSpec} from '../../../workloads/defaulting/podDefaults.ts';
import type {InputObject} from '../../../workloads/inputObject.ts';
import {decodingError} from '../../../workloads/strict/serverDecoding.ts';
import {type Refused, refusedOf} from './refused.ts';

/** The pods of one object; amounts are null where the API server would not take the template. */
export interface PodsRow extends Pick<ComponentPods, 'component' | 'kind' | 'names' | 'pods'> {
  readonly requests: Quantities | null;
  readonly limits: Quantities | null;
  /** Of one TaskManager. */
  readonly slots: number | null;
}

/** What becomes of one resource. */
export interface ObjectsItem {
  /** `KIND/NAMESPACE/NAME` */
  readonly object: string;
  readonly operator: string;
  readonly isChosen: boolean;
  readonly workloads: readonly KubernetesObject[];
  readonly rows: readonly PodsRow[];
  readonly supporting: readonly KubernetesObject[];
  readonly slots: Slots | null;
  readonly notes: readonly string[];
  readonly refused: readonly Refused[];
  readonly downloads: readonly Download[];
  readonly lifecycle: readonly LifecycleEvent[];
}

export function objectsItem(
  {object, origin}: InputObject,
  chosen: string | null,
  related: RelatedResources,
): ObjectsItem {
  const operator = operatorOf(object, chosen);
  const outcome = flinkObjects(object, {operator, related});
  const {namespace, name = ''} = object.metadata;
  const made = outcome.kind === 'objects' ? outcome : null;
  return {
    object: objectReference(object.kind, namespace ?? 'default', name),
    operator,
    isChosen: operator === chosen,
    workloads: made?.objects.map((one) => one.object) ?? [],
    rows: made === null ? [] : rowsOf(made),
    supporting: made?.supporting?.map(withoutKeys) ?? [],
    slots: made?.slots ?? null,
    notes: outcome.kind === 'refused' ? [] : outcome.notes,
    refused: outcome.kind === 'refused' ? refusedOf(outcome, origin) : [],
    downloads: downloads(object, outcome, taskManagersOf(object, chosen, related)),
    lifecycle: made === null ? [] : lifecycleOf(object, made, operator),
  };
}

function rowsOf({objects, slots}: Extract<FlinkOutcome, {kind: 'objects'}>): readonly PodsRow[] {
  const all = componentPods(objects);
  const taskManagers = all.filter(({component}) => component === 'taskmanager');
  const count = taskManagers.reduce((sum, {pods}) => sum + pods, 0);
  return all.map((group) => {
    const {component, kind, names, pods} = group;
    const spec = storedSpec(group);
    return {
      component,
      kind,
      names,
      pods,
      requests: spec === null ? null : podRequests(spec),
      limits: spec === null ? null : podLimits(spec),
      slots: component === 'taskmanager' && slots !== null && count > 0 ? slots.total / count : null,
    };
  });
}

/** A pod as the API server stores it, with the requests that follow from its limits. */
function storedSpec({spec}: ComponentPods): PodSpec | null {
  if (containersOf(spec, 'containers').length === 0) return null;
  const pod = {apiVersion: 'v1', kind: 'Pod', metadata: {}, spec};
  const error = decodingError(pod);
  return error === null || error.isStrict ? defaultPodSpec(spec as unknown as PodSpec) : null;
}

/** TaskManagers that a session job takes of its cluster, where that is in the input. */
function taskManagersOf(job: KubernetesObject, chosen: string | null, related: RelatedResources): number | null {
  const session = job.kind === 'FlinkSessionJob' ? related.sessionOf(job) : undefined;
  if (session === undefined) return null;
  const alone = {operator: operatorOf(session, chosen), related: new RelatedResources([session, job])};
  const outcome = flinkObjects(session, alone);
  if (outcome.kind !== 'objects' || outcome.slots === null) return null;
  const pods = componentPods(outcome.objects)
    .filter(({component}) => component === 'taskmanager')
    .reduce((sum, one) => sum + one.pods, 0);
  const {total, used} = outcome.slots;
  return total === 0 || used === null ? null : Math.min(pods, Math.ceil((used * pods) / total));
}

/** Names the files of a ConfigMap whose content is not made here, as an annotation. */
function withoutKeys(object: KubernetesObject): KubernetesObject {
  const {dataKeys, ...rest} = object as KubernetesObject & {readonly dataKeys?: readonly string[]};
  if (dataKeys === undefined) return rest;
  const {metadata} = rest;
  return {
    ...rest,
    metadata: {...metadata, annotations: {...metadata.annotations, 'stowage.dev/data-keys': dataKeys.join(',')}},
  };
}

/** As -o json and -o yaml print it beside the objects, by the schema FlinkObjects. */
export function objectsItemDocument(item: ObjectsItem): object {
  const {object, operator, isChosen, rows, slots, notes, refused, downloads: fetched, lifecycle} = item;
  return {
    object,
    operator,
    operatorFrom: isChosen ? 'flag' : 'resource',
    pods: rows.map(({component, kind, names, pods, requests, limits, slots: slotsEach}) => ({
      component,
      kind,
      name: names[0],
      count: pods,
      requests: requests === null ? null : texts(requests),
      limits: limits === null ? null : texts(limits),
      slots: slotsEach,
    })),
    slots,
    downloads: fetched,
    lifecycle: lifecycle.map((event) => ({...event, peak: peakOf(event), downtimeSeconds: downtimeOf(event)})),
    notes,
    refused: refused.map(({gate, message, place: {file, line, column, field = ''}}) => ({
      gate,
      message,
      field,
      at: `${file}:${line}:${column}`,
    })),
  };
}

function texts(quantities: Quantities): Readonly<Record<string, string>> {
  return Object.fromEntries([...quantities].map(([name, quantity]) => [name, formatQuantity(quantity)]));
}
