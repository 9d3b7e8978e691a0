import type {KubernetesObject, ObjectMeta, PodSpec} from '../../model/kubernetes.ts';
import type {Pod, PodClass} from '../../model/pod.ts';

/** What the controller of ephemeral volumes makes a claim of: everything but the pod. */
interface EphemeralVolume {
  readonly name: string;
  readonly metadata: ObjectMeta;
  readonly spec: unknown;
}

export function hasEphemeralVolumes(spec: PodSpec | undefined): boolean {
  return (spec?.volumes ?? []).some(({ephemeral}) => ephemeral !== undefined);
}

/** The claims that the controller of ephemeral volumes makes for pods, named after pod and volume and owned by the pod. */
export function ephemeralClaims(
  pods: readonly Pod[],
): readonly {readonly pod: Pod; readonly claim: KubernetesObject}[] {
  const volumesOf = new Map<PodClass, readonly EphemeralVolume[]>();
  return pods.flatMap((pod) => {
    let volumes = volumesOf.get(pod.class);
    if (volumes === undefined) {
      volumes = ephemeralVolumes(pod.class.spec);
      volumesOf.set(pod.class, volumes);
    }
    return volumes.map((volume) => ({pod, claim: toClaim(volume, pod)}));
  });
}

function ephemeralVolumes({volumes = []}: PodSpec): readonly EphemeralVolume[] {
  return volumes.flatMap(({name, ephemeral}) => {
    const template = ephemeral?.volumeClaimTemplate;
    return template === undefined ? [] : [{name, metadata: template.metadata ?? {}, spec: template.spec}];
  });
}

function toClaim({name, metadata, spec}: EphemeralVolume, pod: Pod): KubernetesObject {
  const {labels, annotations} = metadata;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      namespace: pod.class.namespace,
      name: `${pod.name}-${name}`,
      ...(labels === undefined ? {} : {labels}),
      ...(annotations === undefined ? {} : {annotations}),
      ownerReferences: [{apiVersion: 'v1', kind: 'Pod', name: pod.name, controller: true, blockOwnerDeletion: true}],
    },
    spec,
  };
}
