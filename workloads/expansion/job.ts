import type {Container, KubernetesObject, PodObject, PodTemplateSpec} from '../../model/kubernetes.ts';
import {labelValue} from '../../model/labels.ts';
import {stableUid} from '../names.ts';
import type {ReplicatedSpec} from './claims.ts';
import {type Expansion, expansion, idle, podSet, withLabels} from './podSet.ts';

export const CONTROLLER_UID_LABEL = 'batch.kubernetes.io/controller-uid';
export const COMPLETION_INDEX_LABEL = 'batch.kubernetes.io/job-completion-index';
const INDEX_VARIABLE = 'JOB_COMPLETION_INDEX';
/** What a generateName may have before the index and its dashes, so that the name stays a DNS label. */
const INDEXED_NAME_LENGTH = 63 - 5;

interface JobSpec extends ReplicatedSpec {
  readonly parallelism?: number;
  readonly completions?: number;
  readonly completionMode?: string;
  readonly suspend?: boolean;
  readonly manualSelector?: boolean;
  readonly backoffLimitPerIndex?: number;
}

interface JobStatus {
  readonly succeeded?: number;
  readonly completedIndexes?: string;
  readonly conditions?: readonly {readonly type: string; readonly status: string}[];
}

/** A Job: its pods that may run at the same time now. Indexed Jobs fill the lowest indexes first. */
export function jobPods(object: KubernetesObject, existing: readonly PodObject[]): Expansion {
  const {metadata, kind} = object;
  const {name = ''} = metadata;
  const {parallelism = 1, suspend = false, completionMode, template, ...spec} = object.spec as JobSpec;
  const completions = spec.completions ?? ((object.spec as JobSpec).parallelism === undefined ? 1 : undefined);
  const status = (object.status ?? {}) as JobStatus;
  const isFinished = status.conditions?.some(
    ({type, status: is}) => is === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  if (isFinished === true) return idle(0, 'the Job is finished, so it runs no pods');
  if (suspend) return idle(0, 'the Job is suspended, so it runs no pods');
  const succeeded = status.succeeded ?? 0;
  const wanted = wantedPods(parallelism, completions, succeeded);
  const missing = Math.max(0, wanted - existing.length);
  const owner = {kind, name};
  const labelled = withLabels(
    template ?? {spec: {containers: []}},
    spec.manualSelector === true ? {} : jobLabels(object),
  );
  if (completionMode !== 'Indexed') return expansion(wanted, [podSet(owner, labelled, missing)]);

  const indexes = freeIndexes(missing, completions ?? wanted, status.completedIndexes ?? '', existing);
  return expansion(wanted, [
    podSet(owner, withIndexVariable(withFailureCount(labelled, spec.backoffLimitPerIndex)), indexes.length, {
      naming: {kind: 'indexed', generateName: (index) => indexedName(name, indexes[index]!)},
      ordinal: (index) => indexes[index]!,
    }),
  ]);
}

/** As many as may run side by side, at most what is left to complete; a work queue that has had a success adds none. */
function wantedPods(parallelism: number, completions: number | undefined, succeeded: number): number {
  if (completions === undefined) return succeeded > 0 ? 0 : parallelism;
  return Math.min(parallelism, Math.max(0, completions - succeeded));
}

/** The labels that tie the pods of a Job to it. */
export function jobLabels(object: KubernetesObject): Readonly<Record<string, string>> {
  const {name = '', namespace = '', uid = stableUid(`Job/${namespace}/${name}`)} = object.metadata;
  return {
    [CONTROLLER_UID_LABEL]: uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
}

function freeIndexes(
  count: number,
  completions: number,
  completed: string,
  existing: readonly PodObject[],
): readonly number[] {
  const done = completedRanges(completed);
  const taken = new Set(existing.map(({metadata}) => Number(labelValue(metadata.labels, COMPLETION_INDEX_LABEL))));
  const indexes: number[] = [];
  for (let index = 0; index < completions && indexes.length < count; index++) {
    if (!taken.has(index) && !done.some(([first, last]) => index >= first && index <= last)) indexes.push(index);
  }
  return indexes;
}

/** `1,3-5,7` as the Job's status writes the indexes that are done. */
function completedRanges(text: string): [number, number][] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [first = Number.NaN, last = first] = part.split('-').map(Number);
      return [first, last];
    });
}

function indexedName(name: string, index: number): string {
  const suffix = `-${index}-`;
  return name.slice(0, INDEXED_NAME_LENGTH - suffix.length) + suffix;
}

/** Where failures are counted by index, each pod carries those of its index so far. */
function withFailureCount(template: PodTemplateSpec, backoffLimitPerIndex: number | undefined): PodTemplateSpec {
  if (backoffLimitPerIndex === undefined) return template;
  const annotations = {...template.metadata?.annotations, 'batch.kubernetes.io/job-index-failure-count': '0'};
  return {...template, metadata: {...template.metadata, annotations}};
}

function withIndexVariable(template: PodTemplateSpec): PodTemplateSpec {
  const {containers, initContainers} = template.spec;
  return {
    ...template,
    spec: {
      ...template.spec,
      containers: containers.map(addIndexVariable),
      ...(initContainers === undefined ? {} : {initContainers: initContainers.map(addIndexVariable)}),
    },
  };
}

function addIndexVariable(container: Container): Container {
  const env = (container.env ?? []) as readonly {readonly name?: string}[];
  if (env.some(({name}) => name === INDEX_VARIABLE)) return container;
  const fieldRef = {fieldPath: `metadata.labels['${COMPLETION_INDEX_LABEL}']`};
  return {...container, env: [...env, {name: INDEX_VARIABLE, valueFrom: {fieldRef}}]};
}
