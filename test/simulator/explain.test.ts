import {describe, expect, test} from 'vitest';
import {explanationDocument, explanationSchema} from '../../cli/output/explanationSchema.ts';
import type {ClusterModel} from '../../model/clusterModel.ts';
import type {KubernetesObject, PodSpec} from '../../model/kubernetes.ts';
import {HOSTNAME_LABEL, ZONE_LABEL} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';
import {type Pod, podKey} from '../../model/pod.ts';
import type {Change} from '../../simulator/explain/change.ts';
import type {Explanation, RejectionDetail} from '../../simulator/explain/explanation.ts';
import {variantOf} from '../../simulator/explain/variant.ts';
import {explainPod} from '../../simulator/explain.ts';
import {simulate} from '../../simulator/simulate.ts';
import {cluster, modelOf, node, OPTIONS, type PodInput, requests, toPod} from './builders.ts';

const GIBIBYTE = 2 ** 30;

/** Explains the pod of a name, and checks that the document is what its schema says. */
function explain(model: ClusterModel, name = 'p'): Explanation {
  const pod = model.pods.find((one) => one.name === name)!;
  const explanation = explainPod(model, OPTIONS, undefined, pod);
  const document = JSON.parse(JSON.stringify(explanationDocument(explanation)));
  expect(explanationSchema.safeParse(document).error).toBeUndefined();
  return explanation;
}

/** `[node, plugin, plugin …]`, the reported one with an exclamation mark. */
function verdicts({nodes}: Explanation): readonly (readonly string[])[] {
  return nodes.map(({node: name, rejections}) => [
    name,
    ...rejections.map(({plugin, reported}) => `${plugin}${reported ? '!' : ''}`),
  ]);
}

function details({nodes}: Explanation, name: string): readonly RejectionDetail[] {
  return nodes.find((one) => one.node === name)!.rejections.flatMap((rejection) => rejection.details);
}

function changeKinds({remedies}: Explanation): readonly string[] {
  return remedies.map(({changes}) => changes.map(({kind}) => kind).join('+'));
}

function remedyOf<Kind extends Change['kind']>({remedies}: Explanation, kind: Kind) {
  const remedy = remedies.find(({changes}) => changes.length === 1 && changes[0]?.kind === kind);
  return remedy === undefined ? undefined : {...remedy, change: remedy.changes[0] as Extract<Change, {kind: Kind}>};
}

function withObjects(model: ClusterModel, ...objects: readonly KubernetesObject[]): ClusterModel {
  return {...model, objects};
}

const TAINTED = {spec: {taints: [{key: 'dedicated', value: 'gpu', effect: 'NoSchedule' as const}]}};

function inZone(name: string, zone: string): Node {
  return node(name, {labels: {[ZONE_LABEL]: zone, [HOSTNAME_LABEL]: name}});
}

function pending(spec: Partial<PodSpec>, rest: PodInput = {}): PodInput {
  return {name: 'p', spec, ...rest};
}

function bound(
  name: string,
  nodeName: string,
  spec: Partial<PodSpec> = requests('1', '1Gi'),
  rest: PodInput = {},
): PodInput {
  return {name, nodeName, spec, ...rest};
}

describe('the filter matrix', () => {
  test('has every plugin that turns a node down and marks the one that kube-scheduler reports', () => {
    const model = cluster(
      [node('both', TAINTED), node('tainted', TAINTED), node('full')],
      [
        pending(requests('3', '1Gi')),
        bound('a', 'both', requests('2', '1Gi')),
        bound('b', 'full', requests('2', '1Gi')),
      ],
    );
    expect(verdicts(explain(model))).toEqual([
      ['full', 'NodeResourcesFit!'],
      ['tainted', 'TaintToleration!'],
      ['both', 'TaintToleration!', 'NodeResourcesFit'],
    ]);
  });

  test.each<[what: string, nodes: readonly Node[], pods: readonly PodInput[], expected: RejectionDetail]>([
    [
      'how much of a resource is short',
      [node('n')],
      [pending(requests('3', '1Gi')), bound('a', 'n', requests('1500m', '1Gi'))],
      {kind: 'Resource', resource: 'cpu', requested: 3, free: 2.5, allocatable: 4, short: 0.5},
    ],
    [
      'that no other pod has room',
      [node('n', {status: {allocatable: {cpu: '4', memory: '4Gi', pods: '1'}}})],
      [pending({}), bound('a', 'n')],
      {kind: 'Resource', resource: 'pods', requested: 1, free: 0, allocatable: 1, short: 1},
    ],
    [
      'which taint is in the way',
      [node('n', TAINTED)],
      [pending({})],
      {kind: 'Taint', taint: 'dedicated=gpu:NoSchedule'},
    ],
    ['that a node is cordoned', [node('n', {spec: {unschedulable: true}})], [pending({})], {kind: 'Cordoned'}],
    [
      'which label of the nodeSelector differs',
      [node('n', {labels: {disk: 'hdd'}})],
      [pending({nodeSelector: {disk: 'ssd'}})],
      {kind: 'NodeLabel', source: 'nodeSelector', term: null, requirement: 'disk=ssd', found: 'hdd'},
    ],
    [
      'which requirement fails in the term that matches most',
      [node('n', {labels: {a: '1'}})],
      [
        pending({
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  {
                    matchExpressions: [
                      {key: 'x', operator: 'Exists'},
                      {key: 'y', operator: 'Exists'},
                    ],
                  },
                  {
                    matchExpressions: [
                      {key: 'a', operator: 'Exists'},
                      {key: 'b', operator: 'In', values: ['2', '3']},
                    ],
                  },
                ],
              },
            },
          },
        }),
      ],
      {kind: 'NodeLabel', source: 'nodeAffinity', term: 1, requirement: 'b In [2 3]', found: null},
    ],
    [
      'who holds a host port',
      [node('n')],
      [
        pending({containers: [{name: 'c', ports: [{containerPort: 80, hostPort: 80}]}]}),
        bound('holder', 'n', {containers: [{name: 'c', ports: [{containerPort: 80, hostPort: 80}]}]}),
      ],
      {kind: 'HostPort', port: 'TCP/80', heldBy: 'default/holder'},
    ],
    [
      'how uneven a topology would become',
      [inZone('n', 'a'), node('m', {labels: {[ZONE_LABEL]: 'b'}, spec: {unschedulable: true}})],
      [
        pending(
          {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: ZONE_LABEL,
                whenUnsatisfiable: 'DoNotSchedule',
                labelSelector: {matchLabels: {app: 'web'}},
              },
            ],
          },
          {labels: {app: 'web'}},
        ),
        bound('a', 'n', {}, {labels: {app: 'web'}}),
        bound('b', 'n', {}, {labels: {app: 'web'}}),
      ],
      {kind: 'Spread', constraint: 0, topologyKey: ZONE_LABEL, domain: 'a', pods: 2, least: 0, skew: 3, maxSkew: 1},
    ],
    [
      'which pods its anti-affinity is about',
      [inZone('n', 'a')],
      [
        pending({
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                {topologyKey: ZONE_LABEL, labelSelector: {matchLabels: {app: 'db'}}},
              ],
            },
          },
        }),
        bound('db', 'n', {}, {labels: {app: 'db'}}),
      ],
      {
        kind: 'PodAffinity',
        rule: 'antiAffinity',
        term: 0,
        topologyKey: ZONE_LABEL,
        domain: 'a',
        selector: 'app=db',
        podCount: 1,
        pods: ['default/db'],
      },
    ],
    [
      'which pods do not want it near them',
      [inZone('n', 'a')],
      [
        pending({}, {labels: {app: 'noisy'}}),
        bound('quiet', 'n', {
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                {topologyKey: ZONE_LABEL, labelSelector: {matchLabels: {app: 'noisy'}}},
              ],
            },
          },
        }),
      ],
      {
        kind: 'PodAffinity',
        rule: 'existingAntiAffinity',
        term: null,
        topologyKey: ZONE_LABEL,
        domain: 'a',
        selector: 'app=noisy',
        podCount: 1,
        pods: ['default/quiet'],
      },
    ],
    [
      'which affinity finds nobody',
      [inZone('n', 'a')],
      [
        pending({
          affinity: {
            podAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                {topologyKey: ZONE_LABEL, labelSelector: {matchLabels: {app: 'cache'}}},
              ],
            },
          },
        }),
      ],
      {
        kind: 'PodAffinity',
        rule: 'affinity',
        term: 0,
        topologyKey: ZONE_LABEL,
        domain: 'a',
        selector: 'app=cache',
        podCount: 0,
        pods: [],
      },
    ],
  ])('says %s', (_what, nodes, pods, expected) => {
    expect(details(explain(cluster(nodes, pods)), 'n')).toEqual([expected]);
  });

  test('says what a pod that waits for its nominated node takes from it', () => {
    const model = cluster(
      [node('n')],
      [
        {name: 'important', spec: {...requests('9', '1Gi'), priority: 10}, nominatedNodeName: 'n'},
        pending(requests('1', '1Gi')),
      ],
    );
    expect(explain(model).outcome).toBe('placed');
  });
});

describe('a pod that is placed', () => {
  const model = cluster(
    [node('busy'), node('idle'), node('tainted', TAINTED)],
    [bound('a', 'busy', requests('2', '4Gi')), pending(requests('1', '2Gi'))],
  );

  test('has raw, normalised and weighted scores that add up to the total, the best node first', () => {
    const {nodes} = explain(model);
    const scored = nodes.filter(({total}) => total !== null);
    expect(scored.map((one) => one.node)).toEqual(['idle', 'busy']);
    for (const {scores, total} of scored) {
      expect(scores.reduce((sum, {weighted}) => sum + weighted, 0)).toBe(total);
      for (const {normalized, weight, weighted} of scores) expect(weighted).toBe(normalized * weight);
    }
  });

  test('is told from the runner-up plugin by plugin', () => {
    const {choice} = explain(model);
    expect(choice).toMatchObject({node: 'idle', kind: 'Best', feasible: 2, ties: [], runnerUp: {node: 'busy'}});
    const points = choice!.runnerUp!.differences.reduce((sum, one) => sum + one.points, 0);
    expect(points).toBe(choice!.runnerUp!.behind);
    expect(choice!.left).toEqual({cpu: 3, memory: 14 * GIBIBYTE, pods: 109});
  });

  test('names the nodes that were as good', () => {
    const {choice} = explain(cluster([node('a'), node('b'), node('c')], [pending({})]));
    expect(choice).toMatchObject({node: 'a', ties: ['b', 'c'], runnerUp: null});
  });

  test('needs no remedy', () => {
    expect(explain(model).remedies).toEqual([]);
  });
});

describe('the nearest miss', () => {
  test('is the node that lacks the smallest share, before those with another obstacle', () => {
    const small = {status: {allocatable: {cpu: '2', memory: '4Gi', pods: '10'}}};
    const model = cluster(
      [node('small', small), node('tainted', TAINTED), node('big')],
      [pending(requests('5', '6Gi'))],
    );
    const {nearestMisses} = explain(model);
    expect(nearestMisses.map((one) => [one.node, one.distance])).toEqual([
      ['big', 0.2],
      ['small', 0.933333],
      ['tainted', 1.2],
    ]);
  });
});

describe('preemption', () => {
  const low = (name: string, on: string, cpu: string, priority = 0): PodInput =>
    bound(name, on, {...requests(cpu, '1Gi'), priority});

  test('is told with its candidates and what decided between them', () => {
    const model = cluster(
      [node('a'), node('b'), node('c')],
      [
        low('a1', 'a', '4', 5),
        low('b1', 'b', '2'),
        low('b2', 'b', '2'),
        low('c1', 'c', '4'),
        pending({...requests('3', '1Gi'), priority: 10}),
      ],
    );
    const {outcome, node: name, attempts, preemption} = explain(model);
    expect([outcome, name, attempts.length]).toEqual(['placed', 'c', 2]);
    expect(preemption).toMatchObject({kind: 'Nominated', nominatedNode: 'c', decidedBy: 'smallest sum of priorities'});
    expect(preemption.candidates.map((one) => [one.node, one.victims.length, one.lostBy])).toEqual([
      ['c', 1, null],
      ['b', 2, 'smallest sum of priorities'],
      ['a', 1, 'lowest priority of the most important victim'],
    ]);
  });

  test('says node by node why there is no candidate', () => {
    const model = cluster(
      [node('equal'), node('tainted', TAINTED), node('huge')],
      [
        low('e', 'equal', '4', 10),
        low('h', 'huge', '2', 0),
        low('g', 'huge', '2', 10),
        pending({...requests('3', '1Gi'), priority: 10}),
      ],
    );
    expect(explain(model).preemption).toMatchObject({
      kind: 'NoCandidate',
      excluded: [
        {reason: 'no pod of lower priority', nodes: 1, examples: ['equal']},
        {reason: 'evicting pods cannot help there', nodes: 1, examples: ['tainted']},
        {reason: 'without all pods of lower priority still: Insufficient cpu', nodes: 1, examples: ['huge']},
      ],
    });
  });

  test('is not for pods that never preempt, and letting them is a remedy', () => {
    const model = cluster(
      [node('a')],
      [low('a1', 'a', '4'), pending({...requests('3', '1Gi'), priority: 10, preemptionPolicy: 'Never'})],
    );
    const explanation = explain(model);
    expect(explanation.preemption).toMatchObject({kind: 'NotEligible'});
    expect(remedyOf(explanation, 'AllowPreemption')).toMatchObject({node: 'a', victims: ['default/a1']});
  });

  test('leaves a bare victim evicted, and says by whom', () => {
    const model = cluster([node('a')], [low('q', 'a', '4'), pending({...requests('3', '1Gi'), priority: 10})]);
    expect(explain(model, 'q')).toMatchObject({outcome: 'evicted', message: 'preempted by default/p'});
  });
});

describe('remedies', () => {
  test('the largest request that fits somewhere, as a manifest would say it', () => {
    const model = cluster(
      [node('a'), node('b')],
      [bound('x', 'a', requests('1', '3Gi')), bound('y', 'b', requests('1', '5Gi')), pending(requests('1', '14Gi'))],
    );
    expect(remedyOf(explain(model), 'LowerRequest')).toMatchObject({
      change: {resource: 'memory', from: 14 * GIBIBYTE, to: 13 * GIBIBYTE},
      node: 'a',
    });
  });

  test.each<[what: string, kind: Change['kind'], nodes: readonly Node[], pods: readonly PodInput[], change: object]>([
    ['a toleration', 'Tolerate', [node('n', TAINTED)], [pending({})], {taints: ['dedicated=gpu:NoSchedule']}],
    [
      'no taint',
      'RemoveTaints',
      [node('n', TAINTED)],
      [pending({})],
      {node: 'n', taints: ['dedicated=gpu:NoSchedule']},
    ],
    [
      'no cordon',
      'Uncordon',
      [
        node('n', {
          spec: {unschedulable: true, taints: [{key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule'}]},
        }),
      ],
      [pending({})],
      {node: 'n'},
    ],
    [
      'no nodeSelector',
      'DropNodeRequirements',
      [node('n')],
      [pending({nodeSelector: {disk: 'ssd'}})],
      {requirements: ['disk=ssd']},
    ],
    [
      'no node affinity',
      'DropNodeRequirements',
      [node('n')],
      [
        pending({
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{matchExpressions: [{key: 'disk', operator: 'Exists'}]}],
              },
            },
          },
        }),
      ],
      {source: 'nodeAffinity', requirements: ['disk Exists']},
    ],
    [
      'no host port',
      'DropHostPorts',
      [node('n')],
      [
        pending({containers: [{name: 'c', ports: [{containerPort: 80, hostPort: 80}]}]}),
        bound('h', 'n', {containers: [{name: 'c', ports: [{containerPort: 80, hostPort: 80}]}]}),
      ],
      {ports: ['TCP/80']},
    ],
    [
      'another node',
      'AddNode',
      [node('n')],
      [pending(requests('3', '1Gi')), bound('x', 'n', requests('2', '1Gi'))],
      {like: 'n'},
    ],
    [
      'a pod that goes elsewhere',
      'MovePod',
      [node('n'), node('m')],
      [pending(requests('3', '1Gi')), bound('x', 'n', requests('2', '1Gi')), bound('y', 'm', requests('2', '1Gi'))],
      {pod: 'default/x', from: 'n', to: 'm'},
    ],
    [
      'a higher priority',
      'RaisePriority',
      [node('n')],
      [pending(requests('3', '1Gi')), bound('x', 'n', {...requests('2', '1Gi'), priority: 7})],
      {above: 7, to: 8, priorityClass: null},
    ],
    [
      'no anti-affinity',
      'DropPodAffinity',
      [inZone('n', 'a')],
      [
        pending({
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                {topologyKey: ZONE_LABEL, labelSelector: {matchLabels: {app: 'db'}}},
              ],
            },
          },
        }),
        bound('db', 'n', {}, {labels: {app: 'db'}}),
      ],
      {rule: 'antiAffinity'},
    ],
    ['no gate', 'RemoveGates', [node('n')], [pending({schedulingGates: [{name: 'wait'}]})], {gates: ['wait']}],
    [
      'a scheduler that is there',
      'UseScheduler',
      [node('n')],
      [pending({schedulerName: 'volcano'})],
      {from: 'volcano', to: 'default-scheduler'},
    ],
    ['a node that is there', 'Unbind', [node('n')], [{name: 'p', nodeName: 'gone'}], {node: 'gone'}],
    [
      'no volume',
      'DropVolumes',
      [node('n')],
      [pending({volumes: [{name: 'data', persistentVolumeClaim: {claimName: 'missing'}}]})],
      {volumes: ['data'], reason: 'persistentvolumeclaim "missing" not found'},
    ],
  ])('%s', (_what, kind, nodes, pods, change) => {
    const remedy = remedyOf(explain(cluster(nodes, pods)), kind);
    expect(remedy?.change).toMatchObject(change);
  });

  test('a maximum skew that one domain meets, or spreading only as a wish', () => {
    const spread = (maxSkew: number): Partial<PodSpec> => ({
      topologySpreadConstraints: [
        {
          maxSkew,
          topologyKey: ZONE_LABEL,
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: {matchLabels: {app: 'web'}},
        },
      ],
    });
    const labels = {app: 'web'};
    const full = node('full', {labels: {[ZONE_LABEL]: 'b'}, status: {allocatable: {pods: '0'}}});
    const explanation = explain(
      cluster([inZone('n', 'a'), full], [bound('x', 'n', {}, {labels}), pending(spread(1), {labels})]),
    );
    expect(remedyOf(explanation, 'RaiseMaxSkew')?.change).toMatchObject({from: 1, to: 2, topologyKey: ZONE_LABEL});
    expect(remedyOf(explanation, 'ScheduleAnyway')?.node).toBe('n');
  });

  test('two obstacles on every node take two changes, and no more than needed', () => {
    const model = cluster([node('n', TAINTED)], [pending({...requests('1', '1Gi'), nodeSelector: {disk: 'ssd'}})]);
    const explanation = explain(model);
    expect(changeKinds(explanation)).toContain('Tolerate+DropNodeRequirements');
    const two = explain(cluster([node('n', TAINTED), node('m')], [pending({nodeSelector: {disk: 'ssd'}})]));
    expect(changeKinds(two)).toEqual(['DropNodeRequirements']);
  });

  test('a priority class that the cluster has', () => {
    const model = withObjects(
      cluster([node('n')], [pending(requests('3', '1Gi')), bound('x', 'n', requests('2', '1Gi'))]),
      {apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: {name: 'high'}, value: 1000},
    );
    expect(remedyOf(explain(model), 'RaisePriority')).toMatchObject({
      change: {above: 0, to: 1000, priorityClass: 'high'},
      victims: ['default/x'],
    });
  });

  test('what a change costs other pods is told', () => {
    const model = cluster(
      [node('n')],
      [pending({...requests('5', '1Gi'), priority: 1}), {name: 'later', spec: requests('4', '1Gi')}],
    );
    expect(remedyOf(explain(model), 'LowerRequest')).toMatchObject({
      change: {resource: 'cpu', to: 4},
      effect: {node: 'n', gained: 0, lost: 1, lostExamples: ['default/later']},
    });
  });

  test('a change of the template helps all that wait', () => {
    const podClass = cluster([], [pending(requests('5', '1Gi'))]).classes[0]!;
    const pods = [0, 1].map((index) => toPod({name: `p${index}`}, index, podClass));
    const explanation = explain(modelOf([node('n'), node('m')], pods), 'p0');
    expect(remedyOf(explanation, 'LowerRequest')?.effect).toMatchObject({gained: 1, gainedExamples: ['default/p1']});
  });

  test('every remedy puts the pod where it says when the pod alone is changed in the input', () => {
    const model = cluster(
      [node('a', TAINTED), node('b', {spec: {unschedulable: true}}), node('c', {labels: {disk: 'ssd'}}), node('d')],
      [bound('x', 'c', requests('3', '1Gi')), pending({...requests('2', '1Gi'), nodeSelector: {disk: 'ssd'}})],
    );
    const {remedies} = explain(model);
    expect(remedies.length).toBeGreaterThan(2);
    const pod = model.pods.find(({name}) => name === 'p')!;
    const situation = {nodeOfPod: simulate(model, OPTIONS).nodeOfPod, placed: [], nominated: new Map(), pods: null!};
    for (const {changes, node: name} of remedies.filter((one) => one.changes.every(({kind}) => kind !== 'MovePod'))) {
      const variant = variantOf(model, pod, changes, 'Pod', situation)!;
      const {nodeOfPod} = simulate(variant.model, OPTIONS);
      expect(variant.model.nodes[nodeOfPod[pod.index]!]?.name, JSON.stringify(changes)).toBe(name);
    }
  });

  test('siblings that keep away from each other are changed together', () => {
    const podClass = cluster(
      [],
      [
        pending(
          {
            affinity: {
              podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  {topologyKey: HOSTNAME_LABEL, labelSelector: {matchLabels: {app: 'web'}}},
                ],
              },
            },
          },
          {labels: {app: 'web'}},
        ),
      ],
    ).classes[0]!;
    const pods = [0, 1, 2].map((index) => toPod({name: `p${index}`}, index, podClass));
    const explanation = explain(modelOf([inZone('n', 'a')], pods), 'p1');
    expect(remedyOf(explanation, 'DropPodAffinity')).toMatchObject({node: 'n', effect: {node: 'n', gained: 1}});
  });

  test('nothing is proposed where nothing helps', () => {
    const model = cluster(
      [node('n')],
      [pending({containers: [{name: 'c', resources: {requests: {'example.com/gpu': '1'}}}]})],
    );
    const {remedies, remediesInVain} = explain(model);
    expect([remedies, remediesInVain]).toEqual([[], 0]);
  });
});

describe('pods that were not scheduled', () => {
  test('a bound pod is told where it would go today', () => {
    const {outcome, node: name, moment} = explain(cluster([node('n'), node('m')], [{name: 'p', nodeName: 'm'}]));
    expect([outcome, name]).toEqual(['bound', 'm']);
    expect(moment).toEqual({kind: 'AfterRun', changes: [{kind: 'Unbind', node: 'm'}], wouldGoTo: 'n'});
  });

  test('a gated pod that would not fit is told what else it needs', () => {
    const explanation = explain(
      cluster([node('n')], [pending({...requests('5', '1Gi'), schedulingGates: [{name: 'wait'}]})]),
    );
    expect(explanation.outcome).toBe('gated');
    expect(changeKinds(explanation)).toContain('RemoveGates+LowerRequest');
  });

  test('a pod that is being deleted is left alone', () => {
    const model = cluster([node('n')], [pending({}, {terminating: true})]);
    expect(explain(model)).toMatchObject({outcome: 'ignored', moment: {kind: 'None'}, remedies: []});
  });

  test('without nodes there is nothing to look at', () => {
    expect(explain(cluster([], [pending({})]))).toMatchObject({outcome: 'pending', nodes: [], remedies: []});
  });
});

test('an explanation changes nothing about the run it explains', () => {
  const pods: readonly Pod[] = cluster([], [pending(requests('1', '1Gi'))]).pods;
  const model = modelOf([node('n'), node('m')], pods);
  const {nodes, attempts} = explain(model);
  expect(attempts.map((one) => one.node)).toEqual([nodes[0]!.node]);
  expect(podKey(pods[0]!)).toBe('default/p');
});
