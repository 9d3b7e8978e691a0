import type {KubernetesObject, NodeObject, PodObject} from '../../../model/kubernetes.ts';
import {toNode} from '../../../model/node.ts';
import {type Pod, podKey} from '../../../model/pod.ts';
import {ingest, type Scenario} from '../../../scripts/parity/ingest.ts';
import {
  readDeviceClass,
  readResourceClaim,
  readResourceSlice,
} from '../../../simulator/dynamicResources/readObjects.ts';
import {rejectingPlugins} from '../../../simulator/framework/fitError.ts';
import type {Handle} from '../../../simulator/framework/plugin.ts';
import {
  assignedPodAdd,
  assignedPodDelete,
  type ClusterEvent,
  nominatedPodDelete,
  type ObjectTypes,
} from '../../../simulator/queue/clusterEvent.ts';
import {nodeChanges} from '../../../simulator/queue/nodeChanges.ts';
import {Nominator} from '../../../simulator/queue/nominator.ts';
import {podChanges} from '../../../simulator/queue/podChanges.ts';
import {NO_REJECTORS, type QueuedPod, type Rejectors} from '../../../simulator/queue/queuedPod.ts';
import {SchedulingQueue} from '../../../simulator/queue/schedulingQueue.ts';
import {type Attempt, attempt, createHandle, createScheduler, takeIn} from '../../../simulator/scheduler.ts';
import {isAtLeast, type KubernetesVersion} from '../../../simulator/simulation.ts';
import {toPersistentVolume} from '../../../simulator/volumes/persistentVolume.ts';
import {toPersistentVolumeClaim} from '../../../simulator/volumes/persistentVolumeClaim.ts';
import {toStorageClass} from '../../../simulator/volumes/storageClass.ts';
import {OPTIONS} from '../builders.ts';
import type {QueueCase, QueuedPodState, QueueState, QueueStep} from './queueCase.ts';

/** A pod as the API server holds it, and as the queue knows it. */
interface Stored {
  readonly object: PodObject;
  readonly pod: Pod;
}

/** An attempt that has not ended. */
interface Begun {
  readonly attempt: Attempt;
  readonly names: readonly string[];
  readonly unnominated: readonly string[];
}

/** Runs scripts against the queue, doing to it what the scheduler's event handlers and its loop do. */
export class QueueScript {
  readonly #version: KubernetesVersion;
  readonly #config: unknown;
  readonly #nodes = new Map<string, NodeObject>();
  readonly #pods = new Map<string, Stored>();
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #begun = new Map<string, Begun>();
  readonly #nominator = new Nominator();
  /** Numbers for all nodes there ever were, and pods by theirs. */
  readonly #nodeOf = new Map<string, number>();
  readonly #podIndexOf = new Map<string, number>();
  readonly #queue: SchedulingQueue;
  #scenario: Scenario;
  #handle: Handle;
  #classes = 0;
  #now = 0;

  constructor({cluster = {}}: QueueCase, version: KubernetesVersion) {
    const {nodes = [], pods = [], objects = [], config} = cluster;
    this.#version = version;
    this.#config = config;
    for (const node of nodes) this.#storeNode(node);
    for (const object of objects) this.#objects.set(objectKey(object), stored(object));
    this.#scenario = this.#ingest([]);
    this.#handle = createHandle(this.#scenario.model, {...OPTIONS, kubernetesVersion: version});
    for (const pod of pods) this.#storePod(pod);
    this.#reload();
    const current = (): Handle => this.#handle;
    const handle: Handle = {
      ...this.#handle,
      nominator: this.#nominator,
      get objects() {
        return current().objects;
      },
      get dynamicResources() {
        return current().dynamicResources;
      },
    };
    this.#queue = new SchedulingQueue(this.#scenario.configuration, handle, {
      compare: (a, b) => b.class.priority - a.class.priority,
      preEnqueue: (pod) => this.#preEnqueue(pod),
      nodeOf: this.#nodeOf,
    });
  }

  step(step: QueueStep): QueueState {
    const told = this.#do(step);
    return {...told, ...this.#describe()};
  }

  #do(step: QueueStep): QueueState {
    switch (step.do) {
      case 'set':
        this.#set(step.object);
        return {};
      case 'remove':
        this.#removeObject(step.kind, step.namespace, step.name);
        return {};
      case 'advance':
        this.#advance(step.seconds * 1000);
        return {};
      case 'pop':
        return {popped: this.#pop() ?? ''};
      case 'begin':
        return this.#begin();
      case 'schedule': {
        const begun = this.#begin();
        if (begun.popped !== '') this.#end(begun.popped!);
        return begun;
      }
      case 'end':
        this.#end(step.pod ?? this.#only());
        return {};
      case 'done':
        this.#queue.done(this.#pods.get(step.pod ?? this.#only())!.pod);
        return {};
      case 'failed': {
        const {pod, plugins = [], pending = [], nominate} = step;
        this.#fail(pod, {plugins: new Set(plugins), pending: new Set(pending)}, nominate);
        return {};
      }
    }
  }

  #set(object: KubernetesObject): void {
    if (object.kind === 'Node') this.#setNode(object as NodeObject);
    else if (object.kind === 'Pod') this.#setPod(object as PodObject);
    else this.#setObject(object);
  }

  #setNode(object: NodeObject): void {
    const before = this.#nodes.get(object.metadata.name!);
    this.#storeNode(object);
    this.#reload();
    const now = toNode(object);
    if (before === undefined) this.#tell({resource: 'Node', action: 'Add', old: null, new: now});
    else {
      const old = toNode(before);
      for (const action of nodeChanges(old, now, this.#version)) {
        this.#tell({resource: 'Node', action, old, new: now});
      }
    }
  }

  /** What a pod that is there already leaves out of its status and node stays. */
  #setPod(given: PodObject): void {
    const old = this.#pods.get(podObjectKey(given));
    const nodeName = given.spec.nodeName ?? old?.object.spec.nodeName;
    const status = given.status ?? old?.object.status;
    const object: PodObject = {
      ...given,
      spec: nodeName === undefined ? given.spec : {...given.spec, nodeName},
      ...(status === undefined ? {} : {status}),
    };
    const now = this.#storePod(object);
    this.#reload();
    if (old === undefined) this.#podCame(now);
    else this.#podChanged(old.pod, now);
  }

  #podCame(pod: Pod): void {
    if (pod.nodeName !== null) this.#tell(assignedPodAdd(pod));
    else if (this.#isOurs(pod)) this.#queue.add(pod, this.#now);
  }

  #podChanged(old: Pod, now: Pod): void {
    if (old.nodeName !== null) {
      for (const action of podChanges(old, now, this.#version)) {
        this.#tell({resource: 'Pod', action, holds: 'Node', old, new: now});
      }
    } else if (now.nodeName !== null) {
      this.#tell(assignedPodAdd(now));
      this.#queue.delete(old);
      if (!isAtLeast(this.#version, '1.35') && old.nominatedNodeName !== null) this.#unnominated(old);
    } else if (this.#isOurs(now)) {
      this.#queue.update(old, now, this.#now);
      if (old.nominatedNodeName !== null && old.nominatedNodeName !== now.nominatedNodeName) this.#unnominated(old);
    }
  }

  #setObject(object: KubernetesObject): void {
    const key = objectKey(object);
    const old = this.#objects.get(key);
    const now = stored(object);
    this.#objects.set(key, now);
    this.#reload();
    this.#tellOf(now.kind, old === undefined ? 'Add' : 'Update', old ?? null, now);
  }

  #removeObject(kind: string, namespace: string | undefined, name: string): void {
    if (kind === 'Node') {
      const old = toNode(this.#nodes.get(name)!);
      this.#nodes.delete(name);
      this.#reload();
      this.#tell({resource: 'Node', action: 'Delete', old, new: null});
    } else if (kind === 'Pod') {
      const {pod} = this.#pods.get(`${namespace}/${name}`)!;
      this.#pods.delete(podKey(pod));
      this.#reload();
      if (pod.nodeName !== null) this.#tell(assignedPodDelete(pod));
      else if (this.#isOurs(pod)) {
        this.#queue.delete(pod);
        if (pod.nominatedNodeName !== null) this.#unnominated(pod);
      }
    } else {
      const [key, old] = [...this.#objects].find(
        ([, {kind: own, metadata}]) =>
          own === kind && metadata.name === name && (metadata.namespace ?? '') === (namespace ?? ''),
      )!;
      this.#objects.delete(key);
      this.#reload();
      this.#tellOf(kind, 'Delete', old, null);
    }
  }

  /** The flushes come when the queue itself says that they will find something. */
  #advance(by: number): void {
    const target = this.#now + by;
    for (;;) {
      const wakeUp = this.#queue.nextWakeUp(this.#now);
      if (wakeUp === null || wakeUp > target) break;
      this.#now = wakeUp;
      this.#queue.flushBackoffQCompleted(wakeUp);
      if (wakeUp % 30_000 === 0) this.#queue.flushUnschedulablePodsLeftover(wakeUp);
    }
    this.#now = target;
  }

  #pop(): string | null {
    const pod = this.#queue.pop();
    return pod === null ? null : podKey(pod);
  }

  #begin(): QueueState {
    const popped = this.#pop();
    if (popped === null) return {popped: ''};
    const begun = this.#attempt(popped);
    this.#begun.set(popped, begun);
    const {outcome, message, nominatedNode, preemption} = begun.attempt;
    const node = begun.names[outcome.node] ?? (preemption === null ? undefined : begun.names[nominatedNode]);
    return {
      popped,
      result: outcome.node >= 0 ? 'scheduled' : 'unschedulable',
      ...(node === undefined ? {} : {node}),
      ...(message === null ? {} : {message}),
      ...(preemption === null ? {} : {victims: preemption.victims.map(podKey)}),
    };
  }

  /** One attempt at a pod in the cluster as it is. */
  #attempt(key: string): Begun {
    const others = [...this.#pods.values()].filter(
      ({pod}) => pod.nodeName === null && (podKey(pod) === key || this.#nominator.nodeOf(pod) >= 0),
    );
    const {model, configuration, running, pending} = this.#ingest(others.map(({object}) => object));
    const scheduler = createScheduler(model, {...OPTIONS, kubernetesVersion: this.#version}, configuration);
    takeIn(scheduler, running);
    const names = model.nodes.map(({name}) => name);
    const nameOf = new Map([...this.#nodeOf].map(([name, number]) => [number, name]));
    for (const pod of pending) {
      const node = names.indexOf(nameOf.get(this.#nominator.nodeOf(this.#pods.get(podKey(pod))!.pod)) ?? '');
      if (node >= 0) scheduler.nominator.nominate(pod, node);
    }
    const result = attempt(scheduler, pending.find((pod) => podKey(pod) === key)!);
    return {attempt: result, names, unnominated: result.unnominated.map(podKey)};
  }

  #end(key: string): void {
    const {attempt: ended, names, unnominated} = this.#begun.get(key)!;
    this.#begun.delete(key);
    const {outcome, nominatedNode} = ended;
    const stored = this.#pods.get(key);
    if (outcome.node >= 0) {
      const {object, pod} = stored!;
      this.#queue.done(pod);
      this.#nominator.remove(pod);
      const {nominatedNodeName, ...status} = (object.status ?? {}) as {readonly nominatedNodeName?: string};
      this.#setPod({...object, spec: {...object.spec, nodeName: names[outcome.node]!}, status});
      return;
    }
    const plugins = outcome.diagnosis === null ? null : rejectingPlugins(outcome.diagnosis);
    const rejectors = plugins === null ? NO_REJECTORS : {...NO_REJECTORS, plugins};
    const others = unnominated.filter((name) => name !== key);
    this.#fail(key, rejectors, names[nominatedNode] ?? '', others);
  }

  /** `nominate` is the node that the pod is nominated to from now on, '' for none; undefined leaves it as it is. */
  #fail(key: string, rejectors: Rejectors, nominate: string | undefined, unnominated: readonly string[] = []): void {
    const stored = this.#pods.get(key);
    if (stored === undefined || stored.pod.nodeName !== null) {
      this.#queue.done(stored?.pod ?? ({index: this.#podIndexOf.get(key)!} as Pod));
      return;
    }
    const {pod} = stored;
    this.#queue.addUnschedulableIfNotPresent(pod, rejectors, this.#now);
    this.#nominator.remove(pod);
    const node = this.#nodeOf.get(nominate ?? pod.nominatedNodeName ?? '');
    if (node !== undefined) this.#nominator.nominate(pod, node);
    for (const other of unnominated) this.#patchNomination(other, '');
    this.#patchNomination(key, nominate ?? pod.nominatedNodeName ?? '');
  }

  /** The pod's new status arrives. */
  #patchNomination(key: string, nodeName: string): void {
    const {object} = this.#pods.get(key)!;
    const {nominatedNodeName, ...status} = (object.status ?? {}) as {readonly nominatedNodeName?: string};
    this.#setPod({...object, status: nodeName === '' ? status : {...status, nominatedNodeName: nodeName}});
  }

  #unnominated(pod: Pod): void {
    const {priority} = pod.class;
    this.#queue.moveAllToActiveOrBackoffQueue(
      nominatedPodDelete(pod),
      this.#now,
      (other) => other.class.priority <= priority,
    );
  }

  #tell(event: ClusterEvent): void {
    this.#queue.moveAllToActiveOrBackoffQueue(event, this.#now);
  }

  #tellOf(
    kind: string,
    action: 'Add' | 'Update' | 'Delete',
    old: KubernetesObject | null,
    now: KubernetesObject | null,
  ) {
    const convert = CONVERSIONS[kind as keyof ObjectTypes];
    if (convert === undefined) return;
    this.#tell({
      resource: kind,
      action,
      old: old === null ? null : convert(old),
      new: now === null ? null : convert(now),
    } as ClusterEvent);
  }

  #isOurs({class: {schedulerName}}: Pod): boolean {
    return this.#scenario.configuration.profiles.some((profile) => profile.schedulerName === schedulerName);
  }

  #preEnqueue(pod: Pod) {
    const {model, configuration} = this.#scenario;
    const scheduler = createScheduler(model, {...OPTIONS, kubernetesVersion: this.#version}, configuration);
    return scheduler.frameworks.get(pod.class.schedulerName)!.runPreEnqueue(pod);
  }

  #only(): string {
    const [only] = this.#queue.inFlightPods();
    return podKey(only!);
  }

  #storeNode(object: NodeObject): void {
    const {name = ''} = object.metadata;
    this.#nodes.set(name, object);
    if (!this.#nodeOf.has(name)) this.#nodeOf.set(name, this.#nodeOf.size);
  }

  #storePod(given: PodObject): Pod {
    const object = {...given, metadata: {namespace: 'default', ...given.metadata}};
    const key = podObjectKey(object);
    const index = this.#podIndexOf.get(key) ?? this.#podIndexOf.size;
    this.#podIndexOf.set(key, index);
    const {pending} = this.#ingest([object], false);
    const [read] = pending;
    const pod: Pod = {...read!, index, class: {...read!.class, index: this.#classes++}};
    this.#pods.set(key, {object, pod});
    return pod;
  }

  #reload(): void {
    this.#scenario = this.#ingest([]);
    this.#handle = createHandle(this.#scenario.model, {...OPTIONS, kubernetesVersion: this.#version});
  }

  #ingest(pending: readonly PodObject[], withRunning = true): Scenario {
    const running = withRunning ? [...this.#pods.values()].filter(({pod}) => pod.nodeName !== null) : [];
    return ingest(
      {
        name: 'queue',
        nodes: [...this.#nodes.values()],
        pods: running.map(({object}) => object),
        pending,
        objects: [...this.#objects.values()],
        ...(this.#config === undefined ? {} : {config: this.#config}),
      },
      this.#version,
    );
  }

  #describe(): QueueState {
    const nameOf = new Map([...this.#nodeOf].map(([name, number]) => [number, name]));
    const nominated: Record<string, string[]> = {};
    for (const {pod} of this.#pods.values()) {
      const node = nameOf.get(this.#nominator.nodeOf(pod));
      if (node === undefined) continue;
      nominated[node] = [...(nominated[node] ?? []), podKey(pod)].sort();
    }
    return withoutEmpty({
      active: this.#queue.podsInActiveQ().map((info) => toState(info)),
      backoff: this.#queue
        .podsInBackoffQ()
        .toSorted(([a, endOfA], [b, endOfB]) => endOfA - endOfB || compareQueued(a, b))
        .map(([info, end]) => toState(info, end)),
      unschedulable: this.#queue
        .unschedulablePods()
        .map((info) => toState(info))
        .sort((a, b) => (a.pod < b.pod ? -1 : 1)),
      inFlight: this.#queue.inFlightPods().map(podKey).sort(),
      nominated,
    });
  }
}

/** As the recorder puts pods that come back at the same time, with or without an error. */
function compareQueued(a: QueuedPod, b: QueuedPod): number {
  const order = b.pod.class.priority - a.pod.class.priority || a.timestamp - b.timestamp;
  return order || (podKey(a.pod) < podKey(b.pod) ? -1 : 1);
}

type Conversions = {readonly [Kind in keyof ObjectTypes]: (object: KubernetesObject) => ObjectTypes[Kind]};

const CONVERSIONS: Conversions = {
  PersistentVolume: toPersistentVolume,
  PersistentVolumeClaim: toPersistentVolumeClaim,
  StorageClass: toStorageClass,
  CSINode: (object) => object,
  CSIDriver: (object) => object,
  CSIStorageCapacity: (object) => object,
  VolumeAttachment: (object) => object,
  ResourceClaim: readResourceClaim,
  ResourceSlice: readResourceSlice,
  DeviceClass: readDeviceClass,
};

function toState(
  {pod, timestamp, attempts, unschedulableCount, consecutiveErrorsCount, rejectors, gate}: QueuedPod,
  end?: number,
): QueuedPodState {
  const {plugins, pending} = rejectors;
  return {
    pod: podKey(pod),
    since: timestamp / 1000,
    ...(end === undefined ? {} : {until: end / 1000}),
    ...(attempts === 0 ? {} : {attempts}),
    ...(unschedulableCount === 0 ? {} : {unschedulableCount}),
    ...(consecutiveErrorsCount === 0 ? {} : {errorCount: consecutiveErrorsCount}),
    ...(plugins.size === 0 ? {} : {plugins: [...plugins].sort()}),
    ...(pending.size === 0 ? {} : {pending: [...pending].sort()}),
    ...(gate === null ? {} : {gate}),
  };
}

function withoutEmpty(state: QueueState): QueueState {
  return Object.fromEntries(
    Object.entries(state).filter(([, value]) => (Array.isArray(value) ? value : Object.keys(value)).length > 0),
  );
}

/** An object that the API server has is as the controllers have left it. */
function stored(object: KubernetesObject): KubernetesObject {
  return {...object, metadata: {...object.metadata, uid: objectKey(object)}};
}

function podObjectKey({metadata: {namespace = 'default', name}}: PodObject): string {
  return `${namespace}/${name}`;
}

function objectKey({kind, metadata: {namespace = '', name}}: KubernetesObject): string {
  return `${kind}/${namespace}/${name}`;
}
