import type {KubernetesObject, OwnerReference} from '../model/kubernetes.ts';

export type Component = 'jobmanager' | 'taskmanager' | 'submitter';

export interface ComponentObject {
  readonly component: Component;
  readonly object: KubernetesObject;
}

/** Task slots over all TaskManagers, and how many of them the job uses; null where no job is known. */
export interface Slots {
  readonly total: number;
  readonly used: number | null;
}

/** What becomes of a Flink resource: the objects its operator makes, a refusal, or nothing that runs pods. */
export type FlinkOutcome =
  | {
      readonly kind: 'objects';
      readonly objects: readonly ComponentObject[];
      readonly slots: Slots | null;
      readonly notes: readonly string[];
    }
  | {readonly kind: 'refused'; readonly message: string; readonly pointer: string}
  | {readonly kind: 'none'; readonly notes: readonly string[]};

/** Names a Flink resource as the controller of the objects made for it. */
export function ownedBy({apiVersion, kind, metadata}: KubernetesObject): OwnerReference {
  const {name = '', uid} = metadata;
  return {
    apiVersion,
    kind,
    name,
    ...(uid === undefined ? {} : {uid}),
    controller: true,
    blockOwnerDeletion: false,
  };
}

/** The fields of a record that have a value. */
export function present<T extends Record<string, unknown>>(record: T): {[K in keyof T]?: Exclude<T[K], undefined>} {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as never;
}
