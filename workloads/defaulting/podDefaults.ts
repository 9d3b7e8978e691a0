import type {PodSpec, PodTemplateSpec} from '../../model/kubernetes.ts';
import {defaultContainer} from './containerDefaults.ts';
import {mergeMatchLabelKeys} from './matchLabelKeys.ts';
import {defaultPodLevelRequests} from './podLevelRequests.ts';
import {canonicalResources} from './quantities.ts';
import {defaultVolume} from './volumeDefaults.ts';

/** The grace period of a pod that names none, in seconds. */
export const DEFAULT_TERMINATION_GRACE_PERIOD = 30;

/** A pod, or the template of one, with the defaults that the API server writes into it before admission. */
export function defaultPod(pod: PodTemplateSpec): PodTemplateSpec {
  return {...pod, spec: mergeMatchLabelKeys(defaultPodSpec(pod.spec), pod.metadata?.labels)};
}

/** The spec of a pod template with its defaults; `matchLabelKeys` are merged only once the pod's labels are known. */
export function defaultPodSpec(spec: PodSpec): PodSpec {
  const {hostNetwork = false, imagePullSecrets, initContainers, overhead, volumes} = spec;
  return defaultPodLevelRequests({
    dnsPolicy: 'ClusterFirst',
    enableServiceLinks: true,
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: DEFAULT_TERMINATION_GRACE_PERIOD,
    ...spec,
    // The API server takes a negative grace period as one second.
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0 ? {terminationGracePeriodSeconds: 1} : {}),
    containers: (spec.containers ?? []).map((container) => defaultContainer(container, hostNetwork)),
    ...(initContainers === undefined
      ? {}
      : {initContainers: initContainers.map((container) => defaultContainer(container, hostNetwork))}),
    ...(volumes === undefined ? {} : {volumes: volumes.map(defaultVolume)}),
    ...(Array.isArray(imagePullSecrets) ? {imagePullSecrets: imagePullSecrets.map(withoutEmptyName)} : {}),
    ...(overhead === undefined ? {} : {overhead: canonicalResources(overhead)}),
  });
}

/** A reference to nothing is stored without its name. */
function withoutEmptyName(reference: {readonly name?: string}): {readonly name?: string} {
  return reference.name === '' ? {} : reference;
}
