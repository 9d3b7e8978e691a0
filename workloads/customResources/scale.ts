import type {KubernetesObject} from '../../model/kubernetes.ts';
import {groupOf} from '../apiKinds.ts';
import {parsePath} from './path.ts';

interface DefinitionSpec {
  readonly group?: unknown;
  readonly names?: {readonly kind?: unknown};
  readonly version?: unknown;
  readonly versions?: readonly {readonly name?: unknown; readonly subresources?: Subresources}[];
  readonly subresources?: Subresources;
}

interface Subresources {
  readonly scale?: {readonly specReplicasPath?: unknown};
}

/** What ThirdPartyResources had in place of a scale: a custom. */
const CUSTOMARY_REPLICAS = '.spec.replicas';

/**
 * Where custom resources keep the number of their replicas, by `KIND.GROUP`: the `scale` subresource of their
 * CustomResourceDefinition (v1, or v1beta1 with one for all versions). A ThirdPartyResource, which Kubernetes had
 * before 1.8, names only kind and group.
 */
export function replicasPaths(objects: readonly KubernetesObject[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const object of objects) {
    const group = groupOf(object);
    if (object.kind === 'CustomResourceDefinition' && group === 'apiextensions.k8s.io') addDefinition(object, paths);
    else if (object.kind === 'ThirdPartyResource' && group === 'extensions') addThirdParty(object, paths);
  }
  return paths;
}

function addDefinition({spec}: KubernetesObject, paths: Map<string, string>): void {
  const {group, names, subresources, versions = []} = (spec ?? {}) as DefinitionSpec;
  const scales = [subresources, ...versions.map((version) => version.subresources)].map((one) => one?.scale);
  const path = scales.find((scale) => scale !== undefined)?.specReplicasPath;
  if (typeof path === 'string' && parsePath(path) !== undefined) paths.set(`${names?.kind}.${group}`, path);
}

/** The kind `CronTab` of the group `stable.example.com` is named `cron-tab.stable.example.com`. */
function addThirdParty({metadata: {name = ''}}: KubernetesObject, paths: Map<string, string>): void {
  const dot = name.indexOf('.');
  if (dot < 0) return;
  const kind = name
    .slice(0, dot)
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
  paths.set(`${kind}.${name.slice(dot + 1)}`, CUSTOMARY_REPLICAS);
}
