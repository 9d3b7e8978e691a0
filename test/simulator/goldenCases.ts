import {readFileSync} from 'node:fs';
import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Container, NodeObject, PodSpec, Taint} from '../../model/kubernetes.ts';
import type {Labels} from '../../model/labels.ts';
import {isAtLeast, KUBERNETES_VERSIONS, type KubernetesVersion} from '../../simulator/simulation.ts';
import {cluster, node, type PodInput} from './builders.ts';

/** A case of scheduler-golden.json; its conventions are in the file. */
export interface GoldenCase {
  readonly id: string;
  readonly kind: string;
  readonly plugin: string;
  readonly versions: {readonly min: KubernetesVersion; readonly max: KubernetesVersion};
  readonly args?: Readonly<Record<string, unknown>>;
  readonly nodes?: readonly GoldenNode[];
  readonly pods?: readonly GoldenPod[];
  readonly candidates?: readonly string[];
  readonly namespaces?: Readonly<Record<string, Labels>>;
  readonly services?: readonly {readonly namespace: string; readonly selector: Labels}[];
  readonly pod?: GoldenPod;
  readonly input?: unknown;
  readonly expect: {
    readonly scores?: Readonly<Record<string, number>>;
    readonly preScore?: 'Skip';
    readonly verdicts?: Readonly<Record<string, {readonly code: string; readonly reasons?: readonly string[]}>>;
    readonly output?: unknown;
    /** Nodes that may be chosen for a preemption, and whom it may cost by node. */
    readonly selectedAnyOf?: readonly string[];
    readonly victims?: Readonly<Record<string, readonly string[]>>;
    readonly outputs?: readonly unknown[];
  };
}

interface GoldenNode {
  readonly name: string;
  readonly labels?: Labels;
  readonly taints?: readonly Taint[];
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly images?: NonNullable<NodeObject['status']>['images'];
}

interface GoldenContainer {
  readonly image?: string;
  readonly requests?: Readonly<Record<string, string>>;
  readonly restartPolicy?: string;
}

interface GoldenPod extends Omit<PodSpec, 'containers' | 'initContainers'> {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly nodeName?: string;
  readonly startTimeNs?: number;
  readonly terminating?: boolean;
  readonly containers: readonly GoldenContainer[];
  readonly initContainers?: readonly GoldenContainer[];
}

const FILE = new URL('../golden/scheduler/scheduler-golden.json', import.meta.url);

export function readGoldenCases(): readonly GoldenCase[] {
  return (JSON.parse(readFileSync(FILE, 'utf8')) as {readonly cases: readonly GoldenCase[]}).cases;
}

/** The versions a case holds for. */
export function versionsOf({versions: {min, max}}: GoldenCase): readonly KubernetesVersion[] {
  return KUBERNETES_VERSIONS.filter((version) => isAtLeast(version, min) && isAtLeast(max, version));
}

export function toNodes(nodes: readonly GoldenNode[] = []) {
  return nodes.map(({name, labels = {}, taints = [], allocatable = {}, images = []}) =>
    node(name, {labels, spec: {taints}, status: {allocatable, images}}),
  );
}

export function toInput({
  name,
  namespace = 'default',
  labels = {},
  nodeName,
  startTimeNs,
  terminating = false,
  ...spec
}: GoldenPod): PodInput {
  const {containers, initContainers = []} = spec;
  return {
    name,
    namespace,
    labels,
    nodeName: nodeName === undefined ? null : String(nodeName),
    startTime: startTimeNs === undefined ? null : startTimeNs / 1e6,
    terminating,
    spec: {...spec, containers: containers.map(toContainer), initContainers: initContainers.map(toContainer)},
  };
}

/** The model of a case; the incoming pod is the last one. */
export function toModel({nodes, pods = [], pod, services = [], namespaces = {}}: GoldenCase): ClusterModel {
  const objects = [
    ...services.map(({namespace, selector}, index) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name: `service-${index}`, namespace},
      spec: {selector},
    })),
    ...Object.entries(namespaces).map(([name, labels]) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {name, labels},
    })),
  ];
  return {...cluster(toNodes(nodes), [...pods, pod!].map(toInput)), objects};
}

function toContainer({requests, ...rest}: GoldenContainer, index: number): Container {
  return {...rest, name: `c${index}`, ...(requests === undefined ? {} : {resources: {requests}})};
}
