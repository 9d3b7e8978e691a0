import {describe, expect, test} from 'vitest';
import type {ClusterModel} from '../../../model/clusterModel.ts';
import type {KubernetesObject, PodSpec} from '../../../model/kubernetes.ts';
import type {Node} from '../../../model/node.ts';
import {type Attempt, assume, attempt, createScheduler, evict, takeIn} from '../../../simulator/scheduler.ts';
import type {KubernetesVersion} from '../../../simulator/simulation.ts';
import {cluster, node, OPTIONS, type PodInput} from '../builders.ts';

const DRIVER = 'gpu.example.com';

function slice(nodeName: string, devices: readonly object[], name = `slice-${nodeName}`): KubernetesObject {
  const pool = {name: nodeName, generation: 1, resourceSliceCount: 1};
  return resource('ResourceSlice', {name}, {spec: {driver: DRIVER, nodeName, pool, devices}});
}

function gpus(nodeName: string, count: number, rest: object = {}): KubernetesObject {
  return slice(
    nodeName,
    Array.from({length: count}, (_, i) => ({name: `gpu-${i}`, ...rest})),
  );
}

function resource(kind: string, metadata: KubernetesObject['metadata'], rest: object): KubernetesObject {
  return {apiVersion: 'resource.k8s.io/v1', kind, metadata, ...rest};
}

const GPU_CLASS = resource('DeviceClass', {name: 'gpu'}, {spec: {}});

function claim(
  name: string,
  requests: readonly object[],
  status: object = {},
  metadata: object = {},
): KubernetesObject {
  return resource('ResourceClaim', {name, namespace: 'default', ...metadata}, {spec: {devices: {requests}}, status});
}

function template(name: string, requests: readonly object[]): KubernetesObject {
  return resource('ResourceClaimTemplate', {name, namespace: 'default'}, {spec: {spec: {devices: {requests}}}});
}

const ONE_GPU = {name: 'r', exactly: {deviceClassName: 'gpu'}};
const FINALIZERS = {finalizers: ['resource.kubernetes.io/delete-protection']};

function allocatedTo(nodeName: string, device: string, reservedFor: readonly string[] = []): object {
  const selector = {nodeSelectorTerms: [{matchFields: [{key: 'metadata.name', operator: 'In', values: [nodeName]}]}]};
  return {
    allocation: {
      devices: {results: [{request: 'r', driver: DRIVER, pool: nodeName, device}]},
      nodeSelector: selector,
    },
    reservedFor: reservedFor.map((name) => ({resource: 'pods', name, uid: name})),
  };
}

function using(...claims: readonly object[]): Partial<PodSpec> {
  return {resourceClaims: claims.map((source, i) => ({name: `c${i}`, ...source}))};
}

const TEMPLATE = {resourceClaimTemplateName: 't'};

function shared(resourceClaimName: string): object {
  return {resourceClaimName};
}

function modelWith(
  objects: readonly KubernetesObject[],
  pods: readonly PodInput[],
  nodes: readonly Node[] = [node('a')],
) {
  return {...cluster(nodes, pods), objects};
}

/** What becomes of the pending pods, one after the other. */
function schedule(model: ClusterModel, kubernetesVersion: KubernetesVersion = '1.36') {
  const scheduler = createScheduler(model, {...OPTIONS, kubernetesVersion});
  const {gated, queue} = takeIn(scheduler, model.pods);
  const attempts: Attempt[] = [];
  for (const pod of queue) {
    const result = attempt(scheduler, pod, {explain: true});
    if (result.outcome.node >= 0) assume(scheduler, pod, result.outcome.node);
    attempts.push(result);
  }
  const nodes = queue.map((pod) => model.nodes[scheduler.state.nodeOfPod[pod.index]!]?.name ?? null);
  return {
    scheduler,
    nodes,
    gated: gated.map(({message}) => message),
    messages: attempts.map(({message}) => message),
    attempts,
  };
}

const AFTER = 'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';

describe('a pod is held back while its claims are not there', () => {
  test.each<[string, readonly KubernetesObject[], object, string]>([
    ['no such claim', [], shared('x'), 'could not find ResourceClaim "default/x"'],
    ['no such template', [], TEMPLATE, 'pod "default/p": ResourceClaim not created yet'],
    [
      'a source that is not known',
      [],
      {},
      'pod "default/p", spec.resourceClaim "c0": none of the supported fields are set',
    ],
    [
      'a claim on its way out',
      [claim('x', [ONE_GPU], {}, {deletionTimestamp: '2026-01-01T00:00:00Z'})],
      shared('x'),
      'resourceclaim "x" is being deleted',
    ],
  ])('%s', (_rule, objects, source, message) => {
    expect(schedule(modelWith(objects, [{name: 'p', spec: using(source)}])).gated).toEqual([message]);
  });

  test('not in 1.33, where the feature is off', () => {
    expect(schedule(modelWith([], [{spec: using(shared('x'))}]), '1.33')).toMatchObject({gated: [], nodes: ['a']});
  });
});

describe('a pod that finds no devices is told why', () => {
  test.each<[string, readonly KubernetesObject[], object, string]>([
    [
      'devices do not suffice',
      [GPU_CLASS, claim('x', [ONE_GPU])],
      shared('x'),
      `0/1 nodes are available: 1 cannot allocate all claims. still not schedulable, ${AFTER}`,
    ],
    [
      'the class does not exist',
      [claim('x', [ONE_GPU])],
      shared('x'),
      `0/1 nodes are available: request r: device class gpu does not exist. no new claims to deallocate, ${AFTER}`,
    ],
    [
      'the class of an alternative does not exist',
      [claim('x', [{name: 'r', firstAvailable: [{name: 's', deviceClassName: 'gpu'}]}])],
      shared('x'),
      `0/1 nodes are available: request r/s: device class gpu does not exist. no new claims to deallocate, ${AFTER}`,
    ],
    [
      'the claim is allocated elsewhere to others',
      [GPU_CLASS, claim('x', [ONE_GPU], allocatedTo('b', 'gpu-0', ['q']))],
      shared('x'),
      `0/1 nodes are available: 1 resourceclaim not available on the node. still not schedulable, ${AFTER}`,
    ],
    [
      'the claim is allocated elsewhere to nobody, and is freed',
      [GPU_CLASS, claim('x', [ONE_GPU], allocatedTo('b', 'gpu-0'))],
      shared('x'),
      `0/1 nodes are available: 1 resourceclaim not available on the node. deallocation of ResourceClaim completed, ${AFTER}`,
    ],
    [
      'a selector fails, which ends the attempt',
      [
        gpus('a', 1),
        GPU_CLASS,
        claim('x', [
          {name: 'r', exactly: {deviceClassName: 'gpu', selectors: [{cel: {expression: 'device.attributes["d"].x'}}]}},
        ]),
      ],
      shared('x'),
      'running "DynamicResources" filter plugin: claim default/x: selector #0: CEL runtime error: no such key: x',
    ],
  ])('%s', (_rule, objects, source, message) => {
    expect(schedule(modelWith(objects, [{name: 'p', spec: using(source)}])).messages).toEqual([message]);
  });
});

test('a pod without claims is told so after one with claims, too', () => {
  const big = {containers: [{name: 'main', resources: {requests: {cpu: '5'}}}]};
  const pods = [{spec: big}, {spec: using(shared('x'))}, {spec: big}];
  const {messages} = schedule(modelWith([GPU_CLASS, claim('x', [ONE_GPU])], pods));
  expect(
    messages.map((message) => /no new claims to deallocate|still not schedulable/.exec(message ?? '')?.[0]),
  ).toEqual(['no new claims to deallocate', 'still not schedulable', 'no new claims to deallocate']);
});

describe('claims are allocated, reserved and given back', () => {
  const pods = (count: number, source: object): readonly PodInput[] =>
    Array.from({length: count}, (_, i) => ({name: `p${i}`, spec: using(source)}));

  test('every pod has a claim of its own from a template', () => {
    const objects = [gpus('a', 2), GPU_CLASS, template('t', [ONE_GPU])];
    expect(schedule(modelWith(objects, pods(3, TEMPLATE))).nodes).toEqual(['a', 'a', null]);
  });

  test('a claim that is named is shared, on the node of its devices', () => {
    const objects = [gpus('a', 1), gpus('b', 1), GPU_CLASS, claim('x', [ONE_GPU])];
    const model = modelWith(objects, pods(3, shared('x')), [node('a'), node('b')]);
    expect(schedule(model).nodes).toEqual(['a', 'a', 'a']);
  });

  test('a pod that is deleted takes its own claim with it', () => {
    const objects = [gpus('a', 1), GPU_CLASS, template('t', [ONE_GPU])];
    const model = modelWith(objects, pods(2, TEMPLATE));
    const {scheduler, nodes} = schedule(model);
    expect(nodes).toEqual(['a', null]);
    evict(scheduler, model.pods[0]!);
    expect(attempt(scheduler, model.pods[1]!).outcome.node).toBe(0);
  });

  test('the last pod of a shared claim gives the devices back', () => {
    const objects = [gpus('a', 1), GPU_CLASS, claim('x', [ONE_GPU]), claim('y', [ONE_GPU])];
    const model = modelWith(objects, [...pods(2, shared('x')), {name: 'q', spec: using(shared('y'))}]);
    const {scheduler, nodes} = schedule(model);
    expect(nodes).toEqual(['a', 'a', null]);
    evict(scheduler, model.pods[0]!);
    expect(attempt(scheduler, model.pods[2]!).outcome.node).toBe(-1);
    evict(scheduler, model.pods[1]!);
    expect(attempt(scheduler, model.pods[2]!).outcome.node).toBe(0);
  });

  test('a claim that is allocated already keeps its devices from others', () => {
    const objects = [
      gpus('a', 1),
      GPU_CLASS,
      claim('x', [ONE_GPU], allocatedTo('a', 'gpu-0', ['bound']), FINALIZERS),
      claim('y', [ONE_GPU]),
    ];
    const bound = {name: 'bound', nodeName: 'a', spec: using(shared('x'))};
    const model = modelWith(objects, [bound, {name: 'p', spec: using(shared('y'))}]);
    const {scheduler, nodes} = schedule(model);
    expect(nodes).toEqual([null]);
    evict(scheduler, model.pods[0]!);
    expect(attempt(scheduler, model.pods[1]!).outcome.node).toBe(0);
  });

  test('a claim made for a pod of a dump is found by the name in its status', () => {
    const ownerReferences = [{apiVersion: 'v1', kind: 'Pod', name: 'p', controller: true}];
    const objects = [gpus('a', 1), GPU_CLASS, claim('p-c0-x7k2p', [ONE_GPU], {}, {ownerReferences})];
    const model = modelWith(objects, [{name: 'p', spec: using(TEMPLATE)}]);
    const pods = model.pods.map((pod) => ({...pod, claimNames: {c0: 'p-c0-x7k2p'}}));
    expect(schedule({...model, pods}).nodes).toEqual(['a']);
    const stranger = pods.map((pod) => ({...pod, name: 'q'}));
    expect(schedule({...model, pods: stranger}).gated).toEqual([
      'ResourceClaim default/p-c0-x7k2p was not created for Pod default/q (Pod is not owner)',
    ]);
  });

  test('a claim holds 256 reservations', () => {
    const reserved = Array.from({length: 256}, (_, i) => `q${i}`);
    const objects = [gpus('a', 1), GPU_CLASS, claim('x', [ONE_GPU], allocatedTo('a', 'gpu-0', reserved))];
    const model = modelWith(objects, [
      {name: 'p', spec: using(shared('x'))},
      {name: 'q0', spec: using(shared('x'))},
    ]);
    expect(schedule(model)).toMatchObject({
      nodes: [null, 'a'],
      messages: [
        'running PreBind plugin "DynamicResources": add reservation to claim default/x: ResourceClaim.resource.k8s.io "x" is invalid: status.reservedFor: Too many: 257: must have at most 256 items',
        null,
      ],
    });
  });
});

describe('the better the alternative, the higher the score', () => {
  const CHOICE = claim('x', [
    {
      name: 'r',
      firstAvailable: [
        {name: 'big', deviceClassName: 'gpu', count: 2},
        {name: 'small', deviceClassName: 'gpu'},
      ],
    },
  ]);

  test.each<[KubernetesVersion, readonly number[] | undefined]>([
    ['1.34', undefined],
    ['1.35', [100, 87]],
    ['1.36', [100, 87]],
  ])('Kubernetes %s', (version, scores) => {
    const model = modelWith(
      [gpus('a', 2), gpus('b', 1), GPU_CLASS, CHOICE],
      [{name: 'p', spec: using(shared('x'))}],
      [node('a'), node('b')],
    );
    const plugins = schedule(model, version).attempts[0]!.outcome.scores!.plugins;
    const own = plugins.find(({plugin}) => plugin === 'DynamicResources');
    expect(own && [...own.normalized]).toEqual(scores);
  });

  test('without claims it is nothing', () => {
    const model = modelWith([], [{name: 'p'}], [node('a'), node('b')]);
    const plugins = schedule(model).attempts[0]!.outcome.scores!.plugins;
    expect([...plugins.find(({plugin}) => plugin === 'DynamicResources')!.raw]).toEqual([0, 0]);
  });
});

describe('an extended resource is devices of a class where a node has no device plugin', () => {
  const ALIASED = resource('DeviceClass', {name: 'gpu'}, {spec: {extendedResourceName: 'example.com/gpu'}});
  const asking = (name: string, resourceName: string, count: number): PodInput => ({
    name,
    spec: {containers: [{name: 'main', resources: {requests: {[resourceName]: count}}}]},
  });
  const plugin = node('plugin', {
    status: {allocatable: {cpu: '4', memory: '16Gi', pods: '110', 'example.com/gpu': '1'}},
  });

  test.each<[string, readonly PodInput[], readonly Node[], readonly (string | null)[]]>([
    ['by the name that the class gives', [asking('p', 'example.com/gpu', 2)], [node('a')], ['a']],
    ['by the name of the class', [asking('p', 'deviceclass.resource.kubernetes.io/gpu', 2)], [node('a')], ['a']],
    ['as many as there are', [asking('p', 'example.com/gpu', 3)], [node('a')], [null]],
    [
      'until they are taken',
      [asking('p', 'example.com/gpu', 1), asking('q', 'example.com/gpu', 2)],
      [node('a')],
      ['a', null],
    ],
    [
      'and by the device plugin elsewhere',
      [asking('p', 'example.com/gpu', 1), asking('q', 'example.com/gpu', 1)],
      [plugin],
      ['plugin', null],
    ],
  ])('%s', (_rule, pods, nodes, placed) => {
    expect(schedule(modelWith([gpus('a', 2), ALIASED], pods, nodes)).nodes).toEqual(placed);
  });

  test('not before 1.36', () => {
    const model = modelWith([gpus('a', 2), ALIASED], [asking('p', 'example.com/gpu', 1)]);
    expect(schedule(model, '1.35').messages[0]).toMatch(/^0\/1 nodes are available: 1 Insufficient example.com\/gpu\./);
  });

  test('init containers use the devices of the containers after them', () => {
    const container = (name: string, count: number) => ({name, resources: {requests: {'example.com/gpu': count}}});
    const spec: PodSpec = {
      initContainers: [container('init', 2)],
      containers: [container('main', 1), container('side', 1)],
    };
    expect(schedule(modelWith([gpus('a', 2), ALIASED], [{spec}])).nodes).toEqual(['a']);
  });

  test('a pod that is deleted gives them back', () => {
    const model = modelWith(
      [gpus('a', 1), ALIASED],
      [asking('p', 'example.com/gpu', 1), asking('q', 'example.com/gpu', 1)],
    );
    const {scheduler} = schedule(model);
    evict(scheduler, model.pods[0]!);
    expect(attempt(scheduler, model.pods[1]!).outcome.node).toBe(0);
  });
});

test('objects of v1beta1 are read, too', () => {
  const old = (object: KubernetesObject): KubernetesObject => ({...object, apiVersion: 'resource.k8s.io/v1beta1'});
  const objects = [
    old(slice('a', [{name: 'gpu-0', basic: {attributes: {mem: {int: 40}}}}])),
    old(GPU_CLASS),
    old(
      claim('x', [
        {
          name: 'r',
          deviceClassName: 'gpu',
          selectors: [{cel: {expression: `device.attributes["${DRIVER}"].mem == 40`}}],
        },
      ]),
    ),
  ];
  expect(schedule(modelWith(objects, [{spec: using(shared('x'))}])).nodes).toEqual(['a']);
});

describe('NodeDeclaredFeatures', () => {
  const restarting: Partial<PodSpec> = {
    containers: [{name: 'main', restartPolicyRules: [{action: 'RestartAllContainers'}]}],
  };
  const hostUsers: Partial<PodSpec> = {containers: [], hostNetwork: true, hostUsers: false};
  const declaring = (...declaredFeatures: string[]): Node => node('a', {status: {declaredFeatures}});

  test.each<[string, Partial<PodSpec>, Node, string | null]>([
    ['a pod that needs nothing', {}, node('a'), 'a'],
    ['a rule that restarts all containers', restarting, node('a'), null],
    ['the same where it is declared', restarting, declaring('RestartAllContainersOnContainerExits'), 'a'],
    ['user namespaces on the network of the host', hostUsers, declaring('RestartAllContainersOnContainerExits'), null],
    ['the same where it is declared', hostUsers, declaring('UserNamespacesHostNetworkSupport'), 'a'],
  ])('%s', (_rule, spec, only, placed) => {
    expect(schedule(modelWith([], [{spec}], [only])).nodes).toEqual([placed]);
  });

  test('says so, and not before 1.36', () => {
    const model = modelWith([], [{spec: restarting}]);
    expect(schedule(model).messages[0]).toMatch(/: 1 node\(s\) didn't match Pod's required features\./);
    expect(schedule(model, '1.35').nodes).toEqual(['a']);
  });
});
