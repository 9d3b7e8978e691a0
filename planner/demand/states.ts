/** States of a cluster that a plan has to survive, each as the pods it has. */
import type {ClusterModel} from '../../model/clusterModel.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';
import type {Pod, Workload} from '../../model/pod.ts';
import {amountOf, CPU, MEMORY} from '../../model/resources.ts';
import {scaleBounds} from '../../workloads/expansion/autoscaler.ts';
import {isPlanned} from './daemons.ts';

/**
 * `rescale`: the largest job starts its new TaskManagers before the old ones are gone. `blue-green`: the largest job
 * runs twice. `rolling-upgrade`: the Deployment whose surge is the largest is being replaced. `peak-hour`: every
 * HorizontalPodAutoscaler stands at its maximum.
 */
export const SURGES = ['rescale', 'blue-green', 'rolling-upgrade', 'peak-hour'] as const;
export type Surge = (typeof SURGES)[number];

/** The model in a state; the pods that it adds come last. `objects` are those of the input. */
export function inState(model: ClusterModel, objects: readonly KubernetesObject[], surge: Surge): ClusterModel {
  const podsOf = new Map<Workload, Pod[]>();
  for (const pod of model.pods) {
    if (!isPlanned(pod)) continue;
    const known = podsOf.get(pod.class.workload);
    if (known === undefined) podsOf.set(pod.class.workload, [pod]);
    else known.push(pod);
  }
  const added = copies(model, objects, surge, podsOf);
  return {...model, pods: [...model.pods, ...added.map((pod, at) => ({...pod, index: model.pods.length + at}))]};
}

type PodsOf = ReadonlyMap<Workload, readonly Pod[]>;

function copies(
  model: ClusterModel,
  objects: readonly KubernetesObject[],
  surge: Surge,
  podsOf: PodsOf,
): readonly Pod[] {
  switch (surge) {
    case 'rescale':
      return largest(
        model,
        model.gangs.map(({members}) =>
          members.flatMap(({workload}) =>
            workload.component === 'taskmanager' ? doubled(podsOf.get(workload) ?? []) : [],
          ),
        ),
      );
    case 'blue-green':
      return largest(
        model,
        model.gangs.map(({members}) => members.flatMap(({workload}) => doubled(podsOf.get(workload) ?? []))),
      );
    case 'rolling-upgrade':
      return largest(
        model,
        objects.flatMap((object) => {
          const workload = workloadOf(podsOf, 'Deployment', object);
          if (object.kind !== 'Deployment' || workload === undefined) return [];
          const pods = podsOf.get(workload)!;
          return [repeated(pods, surgeOf(object, pods.length))];
        }),
      );
    case 'peak-hour':
      return [...scaleBounds(objects, 'Max')].flatMap(([key, {max}]) => {
        const workload = [...podsOf.keys()].find((one) => isKeyOf(key, one));
        const pods = workload === undefined ? [] : podsOf.get(workload)!;
        return repeated(pods, max - pods.length);
      });
  }
}

function workloadOf(podsOf: PodsOf, kind: string, {metadata}: KubernetesObject): Workload | undefined {
  const {name, namespace = 'default'} = metadata;
  return [...podsOf.keys()].find((one) => one.kind === kind && one.name === name && one.namespace === namespace);
}

/** Whether the key of an object, `KIND.GROUP/NAMESPACE/NAME`, is that of a workload. */
function isKeyOf(key: string, {kind, namespace, name}: Workload): boolean {
  const [qualified = '', ...rest] = key.split('/');
  return qualified.split('.')[0] === kind && rest.join('/') === `${namespace}/${name}`;
}

/** Pods beyond the wanted ones while a Deployment is replaced: a quarter of them, rounded up, unless it says otherwise. */
function surgeOf({spec}: KubernetesObject, replicas: number): number {
  const {strategy = {}} = (spec ?? {}) as {
    readonly strategy?: {readonly type?: string; readonly rollingUpdate?: {readonly maxSurge?: string | number}};
  };
  if (strategy.type === 'Recreate') return 0;
  const {maxSurge = '25%'} = strategy.rollingUpdate ?? {};
  if (typeof maxSurge === 'number') return maxSurge;
  return maxSurge.endsWith('%') ? Math.ceil((replicas * Number.parseFloat(maxSurge)) / 100) : Number(maxSurge);
}

function doubled(pods: readonly Pod[]): readonly Pod[] {
  return repeated(pods, pods.length);
}

/** So many more pods like these, in turn. */
function repeated(pods: readonly Pod[], count: number): readonly Pod[] {
  if (pods.length === 0) return [];
  return Array.from({length: Math.max(0, count)}, (_, at) => {
    const {uid: _uid, claimNames: _claimNames, ...pod} = pods[at % pods.length]!;
    return {...pod, name: `${pod.name}-surge-${Math.floor(at / pods.length) + 1}`, nodeName: null};
  });
}

/** Of several sets of pods the one that asks for the largest share of what the model asks for in all. */
function largest({pods}: ClusterModel, sets: readonly (readonly Pod[])[]): readonly Pod[] {
  const sum = (of: readonly Pod[], name: string): number =>
    of.reduce((total, {class: {requests}}) => total + amountOf(requests, name), 0);
  const totals = [CPU, MEMORY].map((name) => ({name, total: Math.max(1, sum(pods, name))}));
  const share = (of: readonly Pod[]): number =>
    totals.reduce((shares, {name, total}) => shares + sum(of, name) / total, 0);
  return sets.reduce((most, set) => (share(set) > share(most) ? set : most), []);
}
