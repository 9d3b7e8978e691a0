import type {Container} from '../model/kubernetes.ts';
import {isRecord} from './field.ts';
import type {Component, ComponentObject} from './flinkOutcome.ts';

/** The pods of one object, or of equal pods that Flink asks for one by one. */
export interface ComponentPods {
  readonly component: Component;
  readonly kind: string;
  /** Of the object, or of the first and the last pod. */
  readonly names: readonly [string] | readonly [first: string, last: string];
  readonly pods: number;
  /** Unchecked, as the resource's own template may hold anything. */
  readonly spec: Readonly<Record<string, unknown>>;
}

/** In the order of the objects; the pods of one component come together. */
export function componentPods(objects: readonly ComponentObject[]): readonly ComponentPods[] {
  return [...Map.groupBy(objects, groupOf).values()].map((group) => {
    const {component, object} = group[0]!;
    const spec = recordOf(object.spec);
    const first = object.metadata.name ?? '';
    const last = group.at(-1)!.object.metadata.name ?? '';
    return {
      component,
      kind: object.kind,
      names: group.length === 1 ? [first] : [first, last],
      pods: group.length === 1 ? replicasOf(spec) : group.length,
      spec: object.kind === 'Pod' ? spec : recordOf(recordOf(spec.template).spec),
    };
  });
}

/** The containers of a list in a pod's spec that look like containers. */
export function containersOf(spec: ComponentPods['spec'], list: 'containers' | 'initContainers'): readonly Container[] {
  const containers = spec[list];
  return Array.isArray(containers) ? containers.filter((one) => isRecord(one) && typeof one.name === 'string') : [];
}

/** Pods of one component and owner are equal but for their names. */
function groupOf({component, object}: ComponentObject): string {
  const {kind, metadata} = object;
  const name = metadata.name ?? '';
  return [component, kind, kind === 'Pod' ? name.replace(/\d+$/, '') : name].join('/');
}

function replicasOf({replicas}: Readonly<Record<string, unknown>>): number {
  return typeof replicas === 'number' ? replicas : 1;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
