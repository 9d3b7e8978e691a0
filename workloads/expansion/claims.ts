import type {LabelSelector, ObjectMeta, PodTemplateSpec, ResourceList} from '../../model/kubernetes.ts';

/** A claim that a StatefulSet makes for each of its pods. */
export interface ClaimTemplate {
  readonly metadata?: ObjectMeta;
  readonly spec?: {readonly resources?: {readonly requests?: ResourceList}; readonly [field: string]: unknown};
}

/** The parts of a controller's spec that several kinds share. */
export interface ReplicatedSpec {
  readonly replicas?: number;
  readonly selector?: LabelSelector;
  readonly template?: PodTemplateSpec;
}

export interface StatefulSetSpec extends ReplicatedSpec {
  readonly serviceName?: string;
  readonly podManagementPolicy?: string;
  readonly ordinals?: {readonly start?: number};
  readonly persistentVolumeClaimRetentionPolicy?: {readonly whenDeleted?: string; readonly whenScaled?: string};
  readonly volumeClaimTemplates?: readonly ClaimTemplate[];
}

/** The name of the claim that one pod of a StatefulSet gets from a template. */
export function claimName(template: ClaimTemplate, podName: string): string {
  return `${template.metadata?.name ?? ''}-${podName}`;
}

/** The template with its claims as volumes: they come first and replace volumes of the same name. */
export function claimVolumes({template, volumeClaimTemplates = []}: StatefulSetSpec, podName: string): PodTemplateSpec {
  const {spec = {containers: []}, ...rest} = template ?? {};
  if (volumeClaimTemplates.length === 0) return {...rest, spec};
  const claimed = new Set(volumeClaimTemplates.map(({metadata}) => metadata?.name));
  const volumes = [
    ...volumeClaimTemplates.map((claim) => ({
      name: claim.metadata?.name ?? '',
      persistentVolumeClaim: {claimName: claimName(claim, podName)},
    })),
    ...(spec.volumes ?? []).filter(({name}) => !claimed.has(name)),
  ];
  return {...rest, spec: {...spec, volumes}};
}
