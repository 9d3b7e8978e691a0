import type {KubernetesObject, ObjectMeta} from '../../model/kubernetes.ts';

/** The Job that a CronJob makes when its time comes or somebody triggers it. */
export function cronJobRun({apiVersion, kind, metadata, spec}: KubernetesObject, jobName: string): KubernetesObject {
  const {name = '', namespace} = metadata;
  const {jobTemplate} = spec as {jobTemplate?: {metadata?: ObjectMeta; spec?: unknown}};
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...jobTemplate?.metadata,
      name: jobName,
      ...(namespace === undefined ? {} : {namespace}),
      ownerReferences: [{apiVersion, kind, name, controller: true}],
    },
    spec: jobTemplate?.spec ?? {},
  };
}
