import type {ClusterModel} from '../../../model/clusterModel.ts';
import type {KubernetesObject, Volume} from '../../../model/kubernetes.ts';
import type {Labels} from '../../../model/labels.ts';
import type {Node} from '../../../model/node.ts';
import {podKey} from '../../../model/pod.ts';
import {assume, attempt, createScheduler, evict, type Scheduler, takeIn} from '../../../simulator/scheduler.ts';
import type {KubernetesVersion} from '../../../simulator/simulation.ts';
import {cluster, node, OPTIONS, type PodInput} from '../builders.ts';

export const ZONE = 'topology.kubernetes.io/zone';

export function zonalNode(name: string, zone: string): Node {
  return node(name, {labels: {[ZONE]: zone, 'kubernetes.io/hostname': name}});
}

export function storageClass(name: string, fields: object = {}): KubernetesObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {name},
    provisioner: 'csi.example.com',
    volumeBindingMode: 'WaitForFirstConsumer',
    ...fields,
  };
}

/** A class of volumes that somebody must have made. */
export const LOCAL = storageClass('local', {provisioner: 'kubernetes.io/no-provisioner'});

interface ClaimInput {
  readonly size?: string;
  readonly class?: string;
  readonly accessMode?: string;
  readonly volume?: string;
  readonly isNew?: boolean;
  readonly annotations?: Labels;
  readonly metadata?: object;
  readonly spec?: object;
  readonly phase?: string;
}

/** A claim that an API server knows, bound to `volume` if there is one. */
export function claim(name: string, input: ClaimInput = {}): KubernetesObject {
  const {size = '1Gi', class: storageClassName = 'fast', accessMode = 'ReadWriteOnce', volume, isNew = false} = input;
  const bound = volume === undefined ? {} : {'pv.kubernetes.io/bind-completed': 'yes'};
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace: 'default',
      ...(isNew ? {} : {uid: `uid-${name}`}),
      annotations: {...bound, ...input.annotations},
      ...input.metadata,
    },
    spec: {
      storageClassName,
      accessModes: [accessMode],
      resources: {requests: {storage: size}},
      ...(volume === undefined ? {} : {volumeName: volume}),
      ...input.spec,
    },
    ...(isNew ? {} : {status: {phase: input.phase ?? (volume === undefined ? 'Pending' : 'Bound')}}),
  };
}

interface VolumeInput {
  readonly size?: string;
  readonly class?: string;
  readonly accessModes?: readonly string[];
  readonly labels?: Labels;
  /** Nodes that have it, by name. */
  readonly on?: readonly string[];
  readonly spec?: object;
  readonly phase?: string;
}

/** A volume that any claim may have. */
export function volume(name: string, input: VolumeInput = {}): KubernetesObject {
  const {size = '1Gi', class: storageClassName = 'local', accessModes = ['ReadWriteOnce'], labels = {}, on} = input;
  const requirement = {key: 'kubernetes.io/hostname', operator: 'In', values: on};
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {name, labels},
    spec: {
      storageClassName,
      accessModes,
      capacity: {storage: size},
      ...(on === undefined ? {} : {nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [requirement]}]}}}),
      ...input.spec,
    },
    status: {phase: input.phase ?? 'Available'},
  };
}

export function csiNode(name: string, limits: Readonly<Record<string, number>>, migrated = ''): KubernetesObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: {name, annotations: {'storage.alpha.kubernetes.io/migrated-plugins': migrated}},
    spec: {drivers: Object.entries(limits).map(([driver, count]) => ({name: driver, allocatable: {count}}))},
  };
}

/** A pod with these volumes; a text is the name of a claim. */
export function podWith(name: string, volumes: readonly (string | object)[], rest: Partial<PodInput> = {}): PodInput {
  return {
    name,
    ...rest,
    spec: {
      ...rest.spec,
      volumes: volumes.map((each, i): Volume => {
        const source = typeof each === 'string' ? {persistentVolumeClaim: {claimName: each}} : each;
        return {name: `v${i}`, ...source};
      }),
    },
  };
}

/** Pods scheduled one after the other, as far as they can be. */
export class Run {
  readonly scheduler: Scheduler;
  readonly #model: ClusterModel;

  constructor(
    nodes: readonly Node[],
    objects: readonly KubernetesObject[],
    pods: readonly PodInput[],
    kubernetesVersion: KubernetesVersion = '1.36',
  ) {
    this.#model = {...cluster(nodes, pods), objects};
    this.scheduler = createScheduler(this.#model, {...OPTIONS, kubernetesVersion});
    takeIn(
      this.scheduler,
      this.#model.pods.filter(({nodeName}) => nodeName !== null),
    );
  }

  /** The node that each pending pod goes to, or why it goes nowhere. */
  outcomes(): Readonly<Record<string, string>> {
    const pending = this.#model.pods.filter(({nodeName}) => nodeName === null);
    return Object.fromEntries(pending.map(({name}) => [name, this.schedule(name)]));
  }

  schedule(name: string): string {
    const pod = this.#pod(name);
    const {outcome, message} = attempt(this.scheduler, pod);
    if (outcome.node < 0) return filterPart(message ?? '');
    assume(this.scheduler, pod, outcome.node);
    return this.#model.nodes[outcome.node]!.name;
  }

  evict(name: string): void {
    evict(this.scheduler, this.#pod(name));
  }

  #pod(name: string) {
    return this.#model.pods.find((pod) => podKey(pod) === `default/${name}`)!;
  }
}

/** The message without the number of nodes and what PostFilter adds. */
function filterPart(message: string): string {
  return message
    .replace(/^0\/\d+ nodes are available: /, '')
    .replace(/\. (no new claims to deallocate|preemption:|not found$).*$/, '');
}
