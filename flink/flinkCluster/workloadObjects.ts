import type {Claim, Cluster, Fields, Texts} from './clusterSpec.ts';
import {metadata, type PodTemplate, type Revision, revisionLabel, type WorkloadObject} from './objects.ts';
import {listed} from './podParts.ts';

export function statefulSet(
  cluster: Cluster,
  component: 'jobmanager' | 'taskmanager',
  replicas: number,
  template: PodTemplate,
  claims: readonly Claim[],
  revision: Revision,
): WorkloadObject {
  const name = `${cluster.name}-${component}`;
  const {labels} = template.metadata;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata(cluster, name, {...labels, ...revisionLabel(revision)}),
    spec: {
      replicas,
      serviceName: name,
      ...(component === 'taskmanager' ? {podManagementPolicy: 'Parallel'} : {}),
      selector: {matchLabels: labels},
      template,
      ...listed('volumeClaimTemplates', claims),
    },
  };
}

/** Tries once: whether a program starts again is for the operator to say. */
export function singleJob(
  cluster: Cluster,
  name: string,
  labels: Texts,
  {metadata: podMetadata, spec}: PodTemplate,
): WorkloadObject {
  const template: PodTemplate = {metadata: podMetadata, spec: {...spec, restartPolicy: 'Never'}};
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(cluster, name, labels),
    spec: {backoffLimit: 0, template} satisfies Fields & {template: PodTemplate},
  };
}
