import {readdirSync, readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import type {ClusterModel} from '../../model/clusterModel.ts';
import {Diagnostics} from '../../model/diagnostic.ts';
import type {
  Container,
  KubernetesObject,
  NodeObject,
  PodObject,
  PodSpec,
  ResourceList,
  ResourceRequirements,
} from '../../model/kubernetes.ts';
import {toNode} from '../../model/node.ts';
import {type Pod, type PodClass, toPodClass} from '../../model/pod.ts';
import {aggregateContainers, isPodLevelResource} from '../../model/podRequests.ts';
import {formatQuantity} from '../../model/quantity.ts';
import {maxQuantities, type Quantities, toQuantities} from '../../model/resources.ts';
import {readSchedulerConfiguration} from '../../simulator/framework/readSchedulerConfiguration.ts';
import type {SchedulerConfiguration} from '../../simulator/framework/schedulerConfiguration.ts';
import type {StatusCode} from '../../simulator/simulation.ts';
import {modelOf, OPTIONS} from './builders.ts';
import {ORIGIN} from './origin.ts';

/** One line of an expected file; see the README beside them. */
export interface ExpectedAttempt {
  readonly i: number;
  readonly pod: string;
  readonly result: 'scheduled' | 'preempted' | 'unschedulable' | 'gated' | 'preset' | 'ignored';
  readonly preFilter?: {readonly code: string; readonly plugin?: string; readonly reasons?: readonly string[]};
  readonly feasible: number;
  readonly infeasible?: readonly RejectedNodes[];
  readonly absent?: {readonly plugin: string; readonly code: StatusCode; readonly reasons: readonly string[]};
  readonly scorePlugins?: readonly string[];
  readonly scores?: Readonly<Record<string, readonly number[]>>;
  readonly maxTotal?: number;
  readonly tie?: readonly string[];
  readonly node?: string;
  readonly viaNominated?: boolean;
  readonly message?: string;
}

export interface RejectedNodes {
  readonly plugin: string;
  readonly code: StatusCode;
  readonly reasons: readonly string[];
  readonly nodes: readonly string[];
}

export interface ParityScenario {
  readonly model: ClusterModel;
  readonly configuration: SchedulerConfiguration;
  /** Pods of `model` that are scheduled, in order; the others are on their nodes. */
  readonly pending: readonly Pod[];
  readonly expected: readonly ExpectedAttempt[];
}

interface Document {
  readonly nodes: readonly NodeObject[];
  readonly pods: readonly PodObject[];
  readonly pending: readonly PodObject[];
  readonly objects?: readonly KubernetesObject[];
  readonly config?: unknown;
}

const FOLDER = new URL('../golden/scheduler/parity/', import.meta.url);

export function scenarioNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json.gz'))
    .map((file) => file.slice(0, -'.json.gz'.length))
    .sort();
}

export function readScenario(name: string): ParityScenario {
  const read = (file: string): string => gunzipSync(readFileSync(new URL(file, FOLDER))).toString();
  const {nodes, pods, pending, objects = [], config} = JSON.parse(read(`${name}.json.gz`)) as Document;
  const priorities = new PriorityClasses(objects);
  const running = pods.filter(({status}) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const all = [...running, ...pending].map((pod, index) => ingest(pod, index, priorities));
  const diagnostics = new Diagnostics();
  const configuration = readSchedulerConfiguration(
    config ?? {apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration'},
    ORIGIN,
    OPTIONS.kubernetesVersion,
    diagnostics,
  );
  diagnostics.throwIfErrors();
  return {
    model: modelOf(
      nodes.map((node) => toNode(node)),
      all,
    ),
    configuration,
    pending: all.slice(running.length),
    expected: read(`${name}.expected.ndjson.gz`)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ExpectedAttempt),
  };
}

/** Takes a pod in as the API server does, as far as the scenarios need it. */
function ingest(object: PodObject, index: number, priorities: PriorityClasses): Pod {
  const {metadata, status} = object;
  const {name = '', namespace = 'default', labels = {}} = metadata;
  const spec = priorities.applyTo(withPodLevelDefaults(withContainers(object.spec, defaultContainer)));
  const resized = withContainers(spec, (container) => resize(container, object));
  const identity = {
    index,
    namespace,
    labels,
    workload: {index, kind: 'Pod', namespace, name, component: null, replicas: 1},
    owner: null,
  };
  const podClass: PodClass = {...toPodClass({...identity, spec: resized}), spec};
  return {
    index,
    name,
    class: podClass,
    nodeName: spec.nodeName ?? null,
    daemonSetNode: null,
    nominatedNodeName: status?.nominatedNodeName ?? null,
    startTime: null,
    terminating: metadata.deletionTimestamp !== undefined,
  };
}

function withContainers(spec: PodSpec, change: (container: Container) => Container): PodSpec {
  return {
    ...spec,
    containers: spec.containers.map(change),
    ...(spec.initContainers === undefined ? {} : {initContainers: spec.initContainers.map(change)}),
  };
}

/** A limit without a request is the request, too. */
function defaultContainer(container: Container): Container {
  const {resources = {}} = container;
  return {...container, resources: {...resources, requests: {...resources.limits, ...resources.requests}}};
}

/** A pod-level limit without a request: what the containers ask for, or else the limit. */
function withPodLevelDefaults(spec: PodSpec): PodSpec {
  if (spec.resources === undefined) return spec;
  const {limits = {}, requests = {}} = spec.resources;
  const asked = aggregateContainers(spec, ({resources}) => toQuantities(resources?.requests));
  const filled: Record<string, string | number> = {...requests};
  for (const [name, limit] of Object.entries(limits)) {
    if (Object.hasOwn(filled, name) || !isPodLevelResource(name)) continue;
    const own = asked.get(name);
    filled[name] = own === undefined ? limit : formatQuantity(own);
  }
  return {...spec, resources: {...spec.resources, requests: filled}};
}

/** A container that is being resized counts with the largest of what it wants, has and was promised. */
function resize(container: Container, {status}: PodObject): Container {
  const statuses = (status?.containerStatuses ?? []) as readonly {
    readonly name: string;
    readonly resources?: ResourceRequirements;
    readonly allocatedResources?: ResourceList;
  }[];
  const conditions = (status?.conditions ?? []) as readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
  }[];
  const own = statuses.find(({name}) => name === container.name);
  if (own === undefined) return container;
  const isInfeasible = conditions.some(
    ({type, status: value, reason}) => type === 'PodResizePending' && value === 'True' && reason === 'Infeasible',
  );
  const actual = maxQuantities(toQuantities(own.resources?.requests), toQuantities(own.allocatedResources));
  const requests = isInfeasible ? actual : maxQuantities(toQuantities(container.resources?.requests), actual);
  return {...container, resources: {...container.resources, requests: toList(requests)}};
}

function toList(quantities: Quantities): ResourceList {
  return Object.fromEntries([...quantities].map(([name, quantity]) => [name, formatQuantity(quantity)]));
}

/** The Priority admission plugin. */
class PriorityClasses {
  readonly #classes = new Map<string, {readonly value: number; readonly preemptionPolicy?: string}>([
    ['system-cluster-critical', {value: 2_000_000_000}],
    ['system-node-critical', {value: 2_000_001_000}],
  ]);
  readonly #globalDefault: string | undefined;

  constructor(objects: readonly KubernetesObject[]) {
    const classes = objects.filter(({kind}) => kind === 'PriorityClass') as (KubernetesObject & {
      readonly value: number;
      readonly preemptionPolicy?: string;
      readonly globalDefault?: boolean;
    })[];
    for (const {metadata, ...rest} of classes) this.#classes.set(metadata.name ?? '', rest);
    this.#globalDefault = classes.find(({globalDefault}) => globalDefault)?.metadata.name;
  }

  applyTo(spec: PodSpec): PodSpec {
    const found = this.#classes.get(spec.priorityClassName ?? this.#globalDefault ?? '');
    if (found === undefined) return {...spec, priority: spec.priority ?? 0};
    return {...spec, priority: found.value, preemptionPolicy: found.preemptionPolicy ?? 'PreemptLowerPriority'};
  }
}
