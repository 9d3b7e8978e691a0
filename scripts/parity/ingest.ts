import type {ClusterModel} from '../../model/clusterModel.ts';
import {Diagnostics, type Origin} from '../../model/diagnostic.ts';
import type {PodSpec} from '../../model/kubernetes.ts';
import {toNode} from '../../model/node.ts';
import {type Pod, podKey} from '../../model/pod.ts';
import {readSchedulerConfiguration} from '../../simulator/framework/readSchedulerConfiguration.ts';
import type {SchedulerConfiguration} from '../../simulator/framework/schedulerConfiguration.ts';
import {isAtLeast, type KubernetesVersion} from '../../simulator/simulation.ts';
import {AdmissionObjects} from '../../workloads/admission/admission.ts';
import {admitPriority, type PriorityClasses, toPriorityClass} from '../../workloads/admission/priority.ts';
import {qualifiedKind} from '../../workloads/apiKinds.ts';
import {controllerReference} from '../../workloads/expansion/ownership.ts';
import {PodFactory} from '../../workloads/expansion/podFactory.ts';
import {Workloads} from '../../workloads/expansion/workloads.ts';
import {PodNames} from '../../workloads/names.ts';
import type {BarePod, ScenarioDocument} from './format.ts';

/** A scenario as the simulator takes it. */
export interface Scenario {
  readonly name: string;
  readonly model: ClusterModel;
  readonly configuration: SchedulerConfiguration;
  /** On their nodes from the start. */
  readonly running: readonly Pod[];
  /** Pods to schedule, in order. */
  readonly pending: readonly Pod[];
}

const ORIGIN: Origin = {file: 'scenario', at: () => ({line: 1, column: 1})};
const NO_CONFIGURATION = {apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration'};

/** Takes a scenario in as the API server would, without the admission plugins that the scenarios leave out. */
export function ingest(document: ScenarioDocument, version: KubernetesVersion): Scenario {
  const {name, config = NO_CONFIGURATION, pending} = document;
  const nodes = document.nodes.map((node) => toNode({apiVersion: 'v1', kind: 'Node', ...node}));
  const objects = document.objects ?? [];
  const running = document.pods.filter(({status}) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const admission = new AdmissionObjects(new Map(nodes.map((node) => [node.name, node.labels])));
  for (const object of objects) {
    if (qualifiedKind(object) === 'PriorityClass.scheduling.k8s.io')
      admission.priorityClasses.add(toPriorityClass(object));
  }
  const diagnostics = new Diagnostics();
  const factory = new PodFactory(admission, new PodNames(), diagnostics, {reschedule: false});
  const workloads = new Workloads();
  for (const pod of [...running, ...pending]) {
    addPod(withoutUnknown(pod, version), factory, workloads, admission.priorityClasses);
  }
  const configuration = readSchedulerConfiguration(config, ORIGIN, version, diagnostics);
  diagnostics.throwIfErrors();

  const {pods, classes} = factory.finish();
  const byKey = new Map(pods.map((pod) => [podKey(pod), pod]));
  if (byKey.size < pods.length) throw new Error(`${name} has pods of the same name`);
  const find = ({metadata}: BarePod): Pod => byKey.get(`${metadata.namespace}/${metadata.name}`)!;
  return {
    name,
    model: {
      nodes,
      pods,
      classes,
      workloads: workloads.list,
      gangs: [],
      podGroups: [],
      podGroupQueues: [],
      rejected: [],
      objects,
      unusedKinds: [],
    },
    configuration,
    running: running.map(find),
    pending: pending.map(find),
  };
}

function addPod(bare: BarePod, factory: PodFactory, workloads: Workloads, classes: PriorityClasses): void {
  const pod = {apiVersion: 'v1', kind: 'Pod', ...bare};
  const {namespace = ''} = pod.metadata;
  const reference = controllerReference(pod);
  const owner = reference === undefined ? null : {kind: reference.kind, name: reference.name};
  // Pods without a controller share one workload, so that equal ones are of one class.
  const {kind, name} = owner ?? {kind: 'Pod', name: '*'};
  const workload = workloads.want({kind, name, namespace, component: null}, 1);
  factory.addLive({...pod, spec: prioritised(pod.spec, classes)}, workload, owner);
}

/** A pod without the fields that are behind a feature gate which is off in a version. */
function withoutUnknown(pod: BarePod, version: KubernetesVersion): BarePod {
  if (isAtLeast(version, '1.36')) return pod;
  const {resources: _actual, allocatedResources: _allocated, ...status} = pod.status ?? {};
  if (isAtLeast(version, '1.34')) return {...pod, status};
  const {resources: _podLevel, ...spec} = pod.spec;
  return {...pod, spec, status};
}

/** A stored pod keeps the number that its class had once. */
function prioritised(spec: PodSpec, classes: PriorityClasses): PodSpec {
  const admitted = admitPriority(spec, classes);
  if ('containers' in admitted) return admitted;
  if (spec.priority !== undefined) return spec;
  throw new Error(`the priority is refused: ${JSON.stringify(admitted)}`);
}
