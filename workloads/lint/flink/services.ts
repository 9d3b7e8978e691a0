import type {ClusterModel} from '../../../model/clusterModel.ts';
import type {PodClass} from '../../../model/pod.ts';
import {amountOf, CPU, MEMORY} from '../../../model/resources.ts';

/** What the pods beside Flink ask for together: millicores and bytes. */
export interface Services {
  readonly cpu: number;
  readonly memory: number;
}

/** Without DaemonSets, which are on every machine; undefined where nothing asks for CPU. */
export function servicesOf({pods}: ClusterModel): Services | undefined {
  let cpu = 0;
  let memory = 0;
  for (const {class: podClass} of pods) {
    if (isFlinkPod(podClass) || podClass.owner?.kind === 'DaemonSet') continue;
    cpu += amountOf(podClass.requests, CPU);
    memory += amountOf(podClass.requests, MEMORY);
  }
  return cpu === 0 ? undefined : {cpu, memory};
}

function isFlinkPod({workload: {kind, component}}: PodClass): boolean {
  return component !== null && kind.startsWith('Flink');
}
