import {expect, test} from 'vitest';
import type {ClusterModel} from '../../../model/clusterModel.ts';
import type {KubernetesObject} from '../../../model/kubernetes.ts';
import type {Pod, PodClass, Workload} from '../../../model/pod.ts';
import {inState} from '../../../planner/demand/states.ts';
import {replicated} from '../../simulator/builders.ts';
import {pod} from '../builders/catalogs.ts';

/** A model whose classes belong to the given workloads, in order. */
function owned(
  groups: Parameters<typeof replicated>[1],
  workloads: readonly Pick<Workload, 'kind' | 'name' | 'component'>[],
): ClusterModel {
  const model = replicated([], groups);
  const classes = model.classes.map(
    (podClass, at): PodClass => ({
      ...podClass,
      workload: {...podClass.workload, ...workloads[at]!},
    }),
  );
  const pods = model.pods.map((one): Pod => ({...one, class: classes[one.class.index]!}));
  return {...model, classes, pods, workloads: classes.map(({workload}) => workload)};
}

function deployment(name: string, spec: object = {}): KubernetesObject {
  return {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name, namespace: 'default'}, spec};
}

/** What a state adds, by name. */
function added(
  model: ClusterModel,
  objects: readonly KubernetesObject[],
  state: Parameters<typeof inState>[2],
): readonly string[] {
  return inState(model, objects, state)
    .pods.slice(model.pods.length)
    .map(({name}) => name);
}

const ONLINE = owned(
  [
    [pod('web', {}, ['1', '1Gi']), 5],
    [pod('api', {}, ['4', '1Gi']), 2],
  ],
  [
    {kind: 'Deployment', name: 'web', component: null},
    {kind: 'Deployment', name: 'api', component: null},
  ],
);

test.each<[string, readonly KubernetesObject[], readonly string[]]>([
  [
    'a quarter more, rounded up, of the Deployment for which that is most',
    [deployment('web'), deployment('api')],
    ['api-0-surge-1'],
  ],
  [
    'as many more as it says',
    [deployment('web', {strategy: {rollingUpdate: {maxSurge: 2}}})],
    ['web-0-surge-1', 'web-1-surge-1'],
  ],
  [
    'a share, rounded up',
    [deployment('web', {strategy: {rollingUpdate: {maxSurge: '50%'}}})],
    ['web-0-surge-1', 'web-1-surge-1', 'web-2-surge-1'],
  ],
  ['nothing where the old pods go first', [deployment('web', {strategy: {type: 'Recreate'}})], []],
])('a rolling upgrade needs %s', (_rule, objects, names) => {
  expect(added(ONLINE, objects, 'rolling-upgrade')).toEqual(names);
});

test('at the peak hour every autoscaled workload stands at its maximum', () => {
  const autoscaler: KubernetesObject = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {name: 'web', namespace: 'default'},
    spec: {scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}, minReplicas: 1, maxReplicas: 7},
  };
  expect(added(ONLINE, [autoscaler], 'peak-hour')).toEqual(['web-0-surge-1', 'web-1-surge-1']);
});

const FLINK = ((): ClusterModel => {
  const model = owned(
    [
      [pod('jm'), 1],
      [pod('tm', {}, ['2', '8Gi']), 3],
      [pod('other', {}, ['2', '8Gi']), 1],
    ],
    [
      {kind: 'FlinkDeployment', name: 'job', component: 'jobmanager'},
      {kind: 'FlinkDeployment', name: 'job', component: 'taskmanager'},
      {kind: 'FlinkDeployment', name: 'small', component: 'taskmanager'},
    ],
  );
  const gang = (name: string, workloads: readonly Workload[]): ClusterModel['gangs'][number] => ({
    kind: 'FlinkDeployment',
    namespace: 'default',
    name,
    members: workloads.map((workload) => ({workload, minAvailable: 1})),
    slots: null,
    tenants: [],
    refusal: null,
  });
  const [jm, tm, other] = model.workloads;
  return {...model, gangs: [gang('small', [other!]), gang('job', [jm!, tm!])]};
})();

test('while the largest job is rescaled its TaskManagers are there twice', () => {
  expect(added(FLINK, [], 'rescale')).toEqual(['tm-0-surge-1', 'tm-1-surge-1', 'tm-2-surge-1']);
});

test('a blue-green deployment of the largest job is all of it twice', () => {
  expect(added(FLINK, [], 'blue-green')).toEqual(['jm-0-surge-1', 'tm-0-surge-1', 'tm-1-surge-1', 'tm-2-surge-1']);
});

test('what is added comes last, with indices of its own', () => {
  const {pods} = inState(FLINK, [], 'blue-green');
  expect(pods.map(({index}) => index)).toEqual([...pods.keys()]);
});
