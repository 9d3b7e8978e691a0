import type {KubernetesObject} from '../../model/kubernetes.ts';
import {labelValue} from '../../model/labels.ts';

const MIGRATED_PLUGINS_ANNOTATION = 'storage.alpha.kubernetes.io/migrated-plugins';

/** What the CSI drivers of a node say about themselves. */
export interface CsiNode {
  /** How many volumes can be attached, by driver; drivers without a limit are absent. */
  readonly limits: ReadonlyMap<string, number>;
  /** In-tree plugins whose volumes the drivers of this node have taken over. */
  readonly migratedPlugins: ReadonlySet<string>;
}

interface CsiNodeSpec {
  readonly drivers?: readonly {readonly name: string; readonly allocatable?: {readonly count?: number}}[];
}

export function toCsiNode({metadata, spec}: KubernetesObject): CsiNode {
  const {drivers = []} = (spec ?? {}) as CsiNodeSpec;
  const limits = new Map<string, number>();
  for (const {name, allocatable} of drivers) {
    if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
  }
  const migrated = labelValue(metadata.annotations, MIGRATED_PLUGINS_ANNOTATION) ?? '';
  return {limits, migratedPlugins: new Set(migrated === '' ? [] : migrated.split(','))};
}
