import type {PodGroup, PodGroupQueue} from '../../model/gang.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {GROUP_ANNOTATION, type Pod} from '../../model/pod.ts';
import {parseQuantity, type Quantity} from '../../model/quantity.ts';
import {CPU, isScalarResource, MEMORY, type Resources, toResources} from '../../model/resources.ts';
import {qualifiedKind} from '../apiKinds.ts';

/** The queue of groups that name none. */
const DEFAULT_QUEUE = 'default';

interface PodGroupSpec {
  readonly minMember?: number;
  readonly minResources?: Readonly<Record<string, string | number>>;
  readonly queue?: string;
}

/** The groups of Volcano with their pods, which name their group in an annotation; in the order of their first pods. */
export function toPodGroups(objects: readonly KubernetesObject[], pods: readonly Pod[]): readonly PodGroup[] {
  const members = new Map<string, Pod[]>();
  for (const pod of pods) {
    const {annotations, namespace} = pod.class;
    const name = annotations?.[GROUP_ANNOTATION];
    if (name === undefined) continue;
    const key = `${namespace}/${name}`;
    const known = members.get(key);
    if (known === undefined) members.set(key, [pod]);
    else known.push(pod);
  }
  const specs = new Map(
    objects
      .filter((object) => qualifiedKind(object) === 'PodGroup.scheduling.volcano.sh')
      .map(({metadata, spec}) => [`${metadata.namespace ?? ''}/${metadata.name ?? ''}`, (spec ?? {}) as PodGroupSpec]),
  );
  return [...members].flatMap(([key, own]) => {
    const spec = specs.get(key);
    if (spec === undefined) return [];
    const [namespace = '', name = ''] = key.split('/');
    const {minMember = 1, minResources = {}, queue = DEFAULT_QUEUE} = spec;
    return [{namespace, name, minMember, minResources: toAmounts(minResources), queue, pods: own}];
  });
}

export function toPodGroupQueues(objects: readonly KubernetesObject[]): readonly PodGroupQueue[] {
  return objects
    .filter((object) => qualifiedKind(object) === 'Queue.scheduling.volcano.sh')
    .map(({metadata, spec}) => {
      const {capability} = (spec ?? {}) as {readonly capability?: Readonly<Record<string, string | number>>};
      return {name: metadata.name ?? '', capability: capability === undefined ? null : toAmounts(capability)};
    });
}

/** CPU, memory and scalar resources; Volcano passes over other names, such as `requests.cpu` and `storage`. */
function toAmounts(list: Readonly<Record<string, string | number>>): Resources {
  const quantities = new Map<string, Quantity>();
  for (const [name, text] of Object.entries(list)) {
    const quantity = parseQuantity(text);
    const isCounted = name === CPU || name === MEMORY || isScalarResource(name);
    if (isCounted && quantity !== undefined) quantities.set(name, quantity);
  }
  return toResources(quantities);
}
