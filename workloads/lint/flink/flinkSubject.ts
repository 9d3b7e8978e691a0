/** What the rules about Flink look at: a resource of the input beside the pods and slots that the model has of it. */
import {isFlinkResource} from '../../../flink/flinkObjects.ts';
import {type FlinkProcess, flinkProcesses} from '../../../flink/flinkProcesses.ts';
import {COMPONENT_TITLES, type Component} from '../../../flink/memory/component.ts';
import {specPath} from '../../../flink/specPath.ts';
import type {ClusterModel} from '../../../model/clusterModel.ts';
import {type Diagnostic, placeOf} from '../../../model/diagnostic.ts';
import type {Gang} from '../../../model/gang.ts';
import {type Container, type KubernetesObject, objectReference} from '../../../model/kubernetes.ts';
import type {MemoryView} from '../../../model/memoryView.ts';
import type {Node} from '../../../model/node.ts';
import type {PodClass} from '../../../model/pod.ts';
import {amountOf, MEMORY, toQuantities, toResources} from '../../../model/resources.ts';
import type {InputObject} from '../../inputObject.ts';
import {type Machine, machineFinder} from './machines.ts';
import {type Services, servicesOf} from './services.ts';

export interface FlinkInput {
  /** All objects of the input. */
  readonly objects: readonly InputObject[];
  /** The Flink operator whose rules apply; null chooses by the resource. */
  readonly operator: string | null;
  readonly memoryViews: (node: Node) => readonly MemoryView[];
}

/** A JobManager or TaskManager that a resource asks for. */
export interface ProcessSubject extends FlinkProcess {
  readonly title: string;
  /** Its pods; undefined where there are none. */
  readonly podClass: PodClass | undefined;
  /** Bytes that its own container asks for, and may use at most; 0 for none. */
  readonly request: number;
  readonly limit: number;
}

export interface FlinkSubject extends InputObject {
  readonly operator: string | null;
  readonly processes: readonly ProcessSubject[];
  readonly gang: Gang | undefined;
  /** Pods of TaskManagers; undefined where there are none. */
  readonly taskManagers: PodClass | undefined;
  /** What shares the machines with Flink. */
  readonly services: Services | undefined;
  /** The machines that would take a pod of the class. */
  readonly machinesOf: (podClass: PodClass) => readonly Machine[];
  readonly memoryViews: FlinkInput['memoryViews'];
}

/** A rule about Flink: what it finds about one resource. */
export type FlinkRule = (subject: FlinkSubject) => readonly Diagnostic[];

export function flinkSubjects(
  model: ClusterModel,
  {objects, operator, memoryViews}: FlinkInput,
): readonly FlinkSubject[] {
  const machinesOf = machineFinder(model);
  const services = servicesOf(model);
  const gangs = new Map(model.gangs.map((gang) => [objectReference(gang.kind, gang.namespace, gang.name), gang]));
  const classes = classesByComponent(model);
  return objects
    .filter(({object}) => isFlinkResource(object))
    .map(({object, origin}) => {
      const {kind, metadata} = object;
      const reference = objectReference(kind, metadata.namespace ?? '', metadata.name ?? '');
      const classOf = (component: Component): PodClass | undefined => classes.get(`${reference}/${component}`);
      return {
        object,
        origin,
        operator,
        processes: flinkProcesses(object, operator).map((process) => toSubject(process, classOf(process.component))),
        gang: gangs.get(reference),
        taskManagers: classOf('taskmanager'),
        services,
        machinesOf,
        memoryViews,
      };
    });
}

/** The first class of pods of each part of a Flink resource, by the reference to the resource and the component. */
function classesByComponent({classes}: ClusterModel): ReadonlyMap<string, PodClass> {
  const found = new Map<string, PodClass>();
  for (const podClass of classes) {
    const {kind, namespace, name, component} = podClass.workload;
    if (component === null) continue;
    const key = `${objectReference(kind, namespace, name)}/${component}`;
    if (!found.has(key)) found.set(key, podClass);
  }
  return found;
}

function toSubject(process: FlinkProcess, podClass: PodClass | undefined): ProcessSubject {
  const {requests, limits} = containerOf(process.component, podClass)?.resources ?? {};
  return {
    ...process,
    title: COMPONENT_TITLES[process.component],
    podClass,
    request: amountOf(toResources(toQuantities(requests)), MEMORY),
    limit: amountOf(toResources(toQuantities(limits)), MEMORY),
  };
}

/** The container that Flink runs in: FlinkCluster names it by the component, Apache's operator always the same. */
function containerOf(component: Component, podClass: PodClass | undefined): Container | undefined {
  return podClass?.spec.containers.find(({name}) => name === component || name === 'flink-main-container');
}

/** A finding about a resource, at the field that is to be changed. */
export function flinkFinding(
  code: Diagnostic['code'],
  {object, origin}: InputObject,
  message: string,
  {hint, pointer = ''}: {readonly hint?: string | undefined; readonly pointer?: string} = {},
): Diagnostic {
  const {kind, metadata} = object;
  const {line, column, file} = placeOf(origin, pointer);
  return {
    code,
    severity: 'warning',
    message,
    object: objectReference(kind, metadata.namespace, metadata.name ?? ''),
    place: {file, line, column},
    ...(hint === undefined ? {} : {hint}),
  };
}

/** `spec`, `taskManager`; a field below it where there is one. */
export function componentPath(object: KubernetesObject, component: Component, ...below: string[]): readonly string[] {
  return [...specPath(object), component === 'taskmanager' ? 'taskManager' : 'jobManager', ...below];
}

export function pointerTo(path: readonly string[]): string {
  return `/${path.join('/')}`;
}
