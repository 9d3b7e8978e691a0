import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Pod} from '../../../model/pod.ts';
import {Backoff} from '../../../simulator/queue/backoff.ts';
import {assignedPodAdd, assignedPodDelete, nominatedPodDelete} from '../../../simulator/queue/clusterEvent.ts';
import {Heap, type HeapItem} from '../../../simulator/queue/heap.ts';
import {HintTable} from '../../../simulator/queue/hintTable.ts';
import {NO_REJECTORS, QueuedPod, rejectedBy} from '../../../simulator/queue/queuedPod.ts';
import {SchedulingQueue} from '../../../simulator/queue/schedulingQueue.ts';
import {createScheduler} from '../../../simulator/scheduler.ts';
import {KUBERNETES_VERSIONS, type KubernetesVersion} from '../../../simulator/simulation.ts';
import {cluster, OPTIONS, type PodInput} from '../builders.ts';

const NO_ROOM = rejectedBy(['NodeResourcesFit']);

/** A queue, and the pods of a model that has no nodes. */
function queueOf(inputs: readonly PodInput[], kubernetesVersion: KubernetesVersion = '1.36') {
  const model = cluster([], inputs);
  const {handle, configuration, frameworks, nodeOf} = createScheduler(model, {...OPTIONS, kubernetesVersion});
  const [framework] = frameworks.values();
  const queue = new SchedulingQueue(configuration, handle, {
    compare: (a, b) => framework!.compare(a, b),
    preEnqueue: (pod) => framework!.runPreEnqueue(pod),
    nodeOf,
  });
  return {queue, pods: model.pods, handle, configuration};
}

function popAll(queue: SchedulingQueue): readonly string[] {
  const names: string[] = [];
  for (let pod = queue.pop(); pod !== null; pod = queue.pop()) names.push(pod.name);
  return names;
}

const named = (name: string, priority = 0): PodInput => ({name, spec: {containers: [], priority}});

describe('pods of one moment', () => {
  test('leave by priority, and in the order they came', () => {
    const {queue, pods} = queueOf([named('a'), named('b', 1), named('c'), named('d', 1)]);
    for (const pod of pods) queue.add(pod, 0);
    expect(popAll(queue)).toEqual(['b', 'd', 'a', 'c']);
  });

  test('that came first of all leave in the order given, among those that come later', () => {
    const {queue, pods} = queueOf([named('a', 5), named('b', 1), named('c', 5), named('d', 1), named('e', 9)]);
    queue.addFirst(pods.slice(0, 2), 0);
    for (const pod of pods.slice(2)) queue.add(pod, 0);
    expect(popAll(queue)).toEqual(['e', 'a', 'c', 'b', 'd']);
  });

  test('that came back stand behind those that came after them', () => {
    const {queue, pods} = queueOf([named('a'), named('b')]);
    queue.addFirst(pods, 0);
    queue.addUnschedulableIfNotPresent(queue.pop()!, NO_ROOM, 0);
    queue.activate([pods[0]!]);
    expect(popAll(queue)).toEqual(['b', 'a']);
  });
});

describe('a pod of the first batch', () => {
  test('can be deleted before its turn', () => {
    const {queue, pods} = queueOf([named('a'), named('b'), named('c')]);
    queue.addFirst(pods, 0);
    queue.delete(pods[1]!);
    expect(popAll(queue)).toEqual(['a', 'c']);
  });

  test('keeps its place when it changes', () => {
    const {queue, pods} = queueOf([named('a'), named('b'), named('c')]);
    queue.addFirst(pods, 0);
    queue.update(pods[0]!, {...pods[0]!, startTime: 1}, 5);
    expect(popAll(queue)).toEqual(['a', 'b', 'c']);
  });

  test('is told apart from one that has left', () => {
    const {queue, pods} = queueOf([named('a'), named('b')]);
    queue.addFirst(pods, 0);
    queue.done(queue.pop()!);
    queue.update(pods[0]!, {...pods[0]!, startTime: 1}, 5);
    expect(popAll(queue)).toEqual(['b', 'a']);
  });
});

describe('activate', () => {
  test('brings back a pod that waits for something to happen', () => {
    const {queue, pods} = queueOf([named('a')]);
    queue.add(pods[0]!, 0);
    queue.addUnschedulableIfNotPresent(queue.pop()!, NO_ROOM, 0);
    expect(queue.pop()).toBeNull();
    queue.activate(pods);
    expect(queue.podsInActiveQ().map(({pod}) => pod.name)).toEqual(['a']);
  });

  test('brings back a pod that erred, before its backoff is over', () => {
    const {queue, pods} = queueOf([named('a')]);
    queue.add(pods[0]!, 0);
    queue.addUnschedulableIfNotPresent(queue.pop()!, NO_REJECTORS, 0);
    expect(queue.pop()).toBeNull();
    queue.activate(pods);
    expect(queue.pop()?.name).toBe('a');
  });

  test('of a pod that is being tried has it tried again, and no other', () => {
    const {queue, pods} = queueOf([named('a'), named('b')]);
    queue.addFirst(pods, 0);
    const [a, b] = [queue.pop()!, queue.pop()!];
    queue.activate([a]);
    queue.addUnschedulableIfNotPresent(a, NO_ROOM, 0);
    queue.addUnschedulableIfNotPresent(b, NO_ROOM, 0);
    expect(popAll(queue)).toEqual(['a']);
  });

  test('of a pod that is not known does nothing', () => {
    const {queue, pods} = queueOf([named('a')]);
    queue.activate(pods);
    expect(queue.pop()).toBeNull();
  });
});

test('a pod that is not being tried cannot come back', () => {
  const {queue, pods} = queueOf([named('a')]);
  expect(() => queue.addUnschedulableIfNotPresent(pods[0]!, NO_ROOM, 0)).toThrow('pod a is not being scheduled');
});

describe('nextWakeUp', () => {
  const wakeUpAfter = (prepare: (queue: SchedulingQueue, pod: Pod) => void, now: number): number | null => {
    const {queue, pods} = queueOf([named('a')]);
    queue.add(pods[0]!, 0);
    prepare(queue, queue.pop()!);
    return queue.nextWakeUp(now);
  };

  test.each<[rule: string, prepare: (queue: SchedulingQueue, pod: Pod) => void, now: number, then: number | null]>([
    ['nothing waits', () => undefined, 0, null],
    [
      'an error: the second after its backoff',
      (queue, pod) => queue.addUnschedulableIfNotPresent(pod, NO_REJECTORS, 0),
      0,
      2000,
    ],
    ['within a second', (queue, pod) => queue.addUnschedulableIfNotPresent(pod, NO_REJECTORS, 900), 900, 2000],
    [
      'when that is missed: the next second',
      (queue, pod) => queue.addUnschedulableIfNotPresent(pod, NO_REJECTORS, 0),
      7300,
      8000,
    ],
    [
      'a rejection: more than five minutes, at half a minute',
      (queue, pod) => queue.addUnschedulableIfNotPresent(pod, NO_ROOM, 0),
      0,
      330_000,
    ],
    ['so also later', (queue, pod) => queue.addUnschedulableIfNotPresent(pod, NO_ROOM, 29_999), 30_000, 330_000],
  ])('%s', (_rule, prepare, now, then) => {
    expect(wakeUpAfter(prepare, now)).toBe(then);
  });

  test('goes by the oldest of those that are left', () => {
    const {queue, pods} = queueOf([named('a'), named('b')]);
    queue.addFirst(pods, 0);
    queue.addUnschedulableIfNotPresent(queue.pop()!, NO_ROOM, 0);
    queue.addUnschedulableIfNotPresent(queue.pop()!, NO_ROOM, 60_000);
    expect(queue.nextWakeUp(60_000)).toBe(330_000);
    queue.delete(pods[0]!);
    expect(queue.nextWakeUp(60_000)).toBe(390_000);
  });

  test('does not count pods that a gate holds back, which no time lets in', () => {
    const {queue, pods} = queueOf([{name: 'a', spec: {schedulingGates: [{name: 'wait'}]}}]);
    queue.add(pods[0]!, 0);
    expect(queue.nextWakeUp(0)).toBeNull();
    queue.flushUnschedulablePodsLeftover(600_000);
    expect(queue.pop()).toBeNull();
  });
});

describe('backoff', () => {
  const info = (attempts: number, unschedulableCount: number, consecutiveErrorsCount: number): QueuedPod =>
    Object.assign(new QueuedPod(cluster([], [{}]).pods[0]!, 0, 0), {
      attempts,
      unschedulableCount,
      consecutiveErrorsCount,
    });

  test.each<[version: KubernetesVersion, attempts: number, rejections: number, errors: number, seconds: number]>([
    ['1.34', 3, 1, 0, 1],
    ['1.33', 3, 1, 0, 4],
    ['1.34', 6, 4, 2, 2],
    ['1.33', 6, 4, 2, 10],
    ['1.36', 9, 9, 0, 10],
    ['1.36', 5000, 5000, 0, 10],
  ])(
    '%s: attempt %i, %i rejections and %i errors in a row wait for %i s',
    (version, attempts, rejections, errors, seconds) => {
      expect(new Backoff(1, 10, version).endOf(info(attempts, rejections, errors))).toBe(seconds * 1000);
    },
  );

  test.each<KubernetesVersion>(['1.34', '1.36'])('%s: a maximum of 0 switches it off', (version) => {
    expect(new Backoff(1, 0, version).isBackingOff(info(1, 1, 0), 0)).toBe(false);
  });
});

test('an event finds the pods of a class that it helps, however many wait and however often others did not help', () => {
  const term = {topologyKey: 'zone', labelSelector: {matchLabels: {app: 'x'}}};
  const affinity = {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [term]}};
  const {queue, pods} = queueOf([
    {name: 'waits', spec: {containers: [], affinity}},
    {name: 'x', labels: {app: 'x'}},
    {name: 'y', labels: {app: 'y'}},
  ]);
  const replicas = Array.from({length: 10_000}, (_, i): Pod => ({...pods[0]!, index: 10 + i, name: `waits-${i}`}));
  for (const pod of replicas) queue.add(pod, 0);
  for (let i = 0; i < replicas.length; i++)
    queue.addUnschedulableIfNotPresent(queue.pop()!, rejectedBy(['InterPodAffinity']), 0);
  for (let i = 0; i < 10_000; i++) queue.moveAllToActiveOrBackoffQueue(assignedPodAdd(pods[2]!), 0);
  expect(queue.pop()).toBeNull();
  queue.moveAllToActiveOrBackoffQueue(assignedPodAdd(pods[1]!), 0);
  expect(popAll(queue)).toHaveLength(10_000);
});

test('pods in groups are moved as each would be for itself', () => {
  const term = (app: string) => ({topologyKey: 'zone', labelSelector: {matchLabels: {app}}});
  const near = {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [term('x')]}};
  const away = {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [term('y')]}};
  const port = {containers: [{name: 'main', ports: [{containerPort: 80, hostPort: 80}]}]};
  const inputs: readonly PodInput[] = [
    {labels: {app: 'x'}, spec: {containers: [], affinity: near}},
    {labels: {app: 'y'}, spec: {containers: [], affinity: away}},
    {labels: {app: 'x'}, spec: port},
    {labels: {app: 'y'}, spec: {...port, affinity: {...near, ...away}}},
    {labels: {app: 'z'}, namespace: 'other'},
  ];
  const plugins = ['InterPodAffinity', 'NodePorts', 'NodeResourcesFit', 'NodeAffinity'] as const;
  const classOf = fc.nat(inputs.length - 1);
  const waiting = fc.array(fc.tuple(classOf, fc.subarray([...plugins], {minLength: 1})), {minLength: 1, maxLength: 12});
  const changes = fc.array(fc.tuple(classOf, fc.constantFrom(assignedPodAdd, assignedPodDelete, nominatedPodDelete)));
  fc.assert(
    fc.property(waiting, changes, fc.constantFrom(...KUBERNETES_VERSIONS), (rejected, happens, version) => {
      const {queue, pods, handle, configuration} = queueOf(inputs, version);
      const hints = new HintTable(configuration.profiles, handle);
      const all = rejected.map(([kind], i): Pod => ({...pods[kind]!, index: 100 + i, name: `waits-${i}`}));
      queue.addFirst(all, 0);
      for (const [, by] of rejected) queue.addUnschedulableIfNotPresent(queue.pop()!, rejectedBy(by), 0);
      let left = all.map((pod, i) => ({pod, rejectors: rejectedBy(rejected[i]![1])}));
      for (const [kind, toEvent] of happens) {
        const event = toEvent(pods[kind]!);
        queue.moveAllToActiveOrBackoffQueue(event, 0);
        left = left.filter(({pod, rejectors}) => hints.strategyFor(pod, rejectors, event) === 'Skip');
        const names = queue.unschedulablePods().map(({pod}) => pod.name);
        expect(names.sort()).toEqual(left.map(({pod}) => pod.name).sort());
      }
    }),
    {seed: 0x5eed},
  );
});

test('a heap gives its items in order, whichever leave early', () => {
  interface Numbered extends HeapItem {
    readonly value: number;
  }
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({min: 0, max: 50}), fc.boolean())), (entries) => {
      const heap = new Heap<Numbered>((a, b) => a.value - b.value);
      const items = entries.map(([value, leaves]) => ({item: {value, position: -1}, leaves}));
      for (const {item} of items) heap.push(item);
      for (const {item, leaves} of items) if (leaves) heap.delete(item);
      const left = items.filter(({leaves}) => !leaves).map(({item}) => item.value);
      const popped: number[] = [];
      for (let item = heap.pop(); item !== undefined; item = heap.pop()) popped.push(item.value);
      expect(popped).toEqual(left.sort((a, b) => a - b));
      expect(heap.size).toBe(0);
    }),
    {seed: 0x5eed},
  );
});
