import type {ClusterModel} from '../../model/clusterModel.ts';
import {Diagnostics, type Origin} from '../../model/diagnostic.ts';
import type {KubernetesObject, NodeObject} from '../../model/kubernetes.ts';
import {type Node, toNode} from '../../model/node.ts';
import {type ExpandOptions, expand} from '../../workloads/expand.ts';

const ORIGIN: Origin = {file: 'input.yaml', at: () => ({line: 1, column: 1})};

export interface Expanded {
  readonly model: ClusterModel;
  readonly diagnostics: Diagnostics;
}

/** Expands objects without the reading of files. */
export function expanded(objects: readonly KubernetesObject[], options: Partial<ExpandOptions> = {}): Expanded {
  const diagnostics = new Diagnostics();
  const defaults: ExpandOptions = {nodes: [], cronJobs: 'Idle', flinkOperator: null, reschedule: false};
  const inputs = objects.map((object) => ({object, origin: ORIGIN}));
  return {model: expand(inputs, {...defaults, ...options}, diagnostics), diagnostics};
}

export function node(name: string, rest: Partial<NodeObject> = {}): Node {
  const status = {allocatable: {cpu: 4, memory: '16Gi', pods: 110}};
  return toNode({apiVersion: 'v1', kind: 'Node', metadata: {name}, status, ...rest});
}

type Fields = Readonly<Record<string, unknown>>;

const CONTAINERS = [{name: 'app', image: 'example.com/app:1', resources: {requests: {cpu: '100m'}}}];

/** A controller of one container; `spec` and `pod` add to its spec and to that of its pods. */
export function controller(kind: string, name: string, spec: Fields = {}, pod: Fields = {}): KubernetesObject {
  const labels = {app: name};
  const isJob = kind === 'Job';
  return {
    apiVersion: isJob ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: {name, namespace: 'default'},
    spec: {
      ...(isJob ? {} : {selector: {matchLabels: labels}}),
      template: {
        metadata: {labels},
        spec: {containers: CONTAINERS, ...(isJob ? {restartPolicy: 'Never'} : {}), ...pod},
      },
      ...spec,
    },
  };
}

export function pod(name: string, metadata: Fields = {}, spec: Fields = {}, status?: Fields): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace: 'default', ...metadata},
    spec: {containers: CONTAINERS, ...spec},
    ...(status === undefined ? {} : {status}),
  };
}

/** The ownerReferences of an object that has a controller. */
export function ownedBy(kind: string, name: string): Fields {
  return {ownerReferences: [{apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1', kind, name, controller: true}]};
}
