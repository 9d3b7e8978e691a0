import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Taint} from '../../model/kubernetes.ts';
import type {PodClass} from '../../model/pod.ts';
import {type Pin, withClasses} from '../verified/pins.ts';

/** What keeps a node for Flink alone, as a label and as a taint. */
export const FLINK_TAINT = {key: 'dedicated', value: 'flink', effect: 'NoSchedule'} as const satisfies Taint;

/**
 * The model with Flink's pods held to nodes of their own: each selects a label of them and tolerates their taint. Pods
 * that select a value of that label already stay as they are.
 */
export function isolateFlink(model: ClusterModel): {readonly model: ClusterModel; readonly pins: readonly Pin[]} {
  const {key, value, effect} = FLINK_TAINT;
  const isolated = model.classes.filter(
    (podClass) => isFlink(podClass) && podClass.spec.nodeSelector?.[key] === undefined,
  );
  const replaced = new Map(
    isolated.map((podClass) => {
      const {spec} = podClass;
      const nodeSelector = {...spec.nodeSelector, [key]: value};
      const tolerations = [...(spec.tolerations ?? []), {key, operator: 'Equal', value, effect}];
      return [podClass, {...podClass, spec: {...spec, nodeSelector, tolerations}}] as const;
    }),
  );
  return {
    model: withClasses(model, (podClass) => replaced.get(podClass) ?? podClass),
    pins: isolated.map((podClass) => ({podClass, key, values: [value], tolerates: FLINK_TAINT})),
  };
}

function isFlink({workload: {component}}: PodClass): boolean {
  return component === 'jobmanager' || component === 'taskmanager' || component === 'submitter';
}
