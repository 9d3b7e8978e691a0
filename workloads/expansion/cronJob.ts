import type {KubernetesObject, ObjectMeta} from '../../model/kubernetes.ts';
import {cronJobRunName} from '../names.ts';

/** The Job that a CronJob makes when its time comes. */
export function cronJobRun({apiVersion, kind, metadata, spec}: KubernetesObject): KubernetesObject {
  const {name = '', namespace} = metadata;
  const {jobTemplate} = spec as {jobTemplate?: {metadata?: ObjectMeta; spec?: unknown}};
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...jobTemplate?.metadata,
      name: cronJobRunName(namespace ?? '', name),
      ...(namespace === undefined ? {} : {namespace}),
      ownerReferences: [{apiVersion, kind, name, controller: true}],
    },
    spec: jobTemplate?.spec ?? {},
  };
}
