import type {PodGroup, PodGroupQueue} from '../../model/gang.ts';
import type {KubernetesObject, PodObject} from '../../model/kubernetes.ts';
import {GROUP_ANNOTATION, type Pod} from '../../model/pod.ts';
import {parseQuantity, type Quantity} from '../../model/quantity.ts';
import {CPU, isScalarResource, MEMORY, type Resources, toResources} from '../../model/resources.ts';
import {qualifiedKind} from '../apiKinds.ts';

/** The queue of groups that name none. */
const DEFAULT_QUEUE = 'default';

/** As the input has it: what an API server has stored is not checked again, and any field may be null. */
interface PodGroupSpec {
  readonly minMember?: unknown;
  readonly minResources?: unknown;
  readonly queue?: unknown;
}

/** The pods that name each group of Volcano in an annotation. */
interface Members {
  readonly namespace: string;
  readonly name: string;
  readonly pods: Pod[];
}

/**
 * The groups of Volcano with their pods, in the order of their first pods. `finished` are pods of the input that have
 * succeeded, which Volcano counts among those that are there.
 */
export function toPodGroups(
  objects: readonly KubernetesObject[],
  pods: readonly Pod[],
  finished: readonly PodObject[],
): {
  readonly groups: readonly PodGroup[];
  /** Groups that pods name and no object is. */
  readonly missing: readonly Pick<PodGroup, 'namespace' | 'name' | 'pods'>[];
} {
  const specs = new Map(
    objects
      .filter((object) => qualifiedKind(object) === 'PodGroup.scheduling.volcano.sh')
      .map(({metadata: {namespace = '', name = ''}, spec}) => [groupKey(namespace, name), spec]),
  );
  const succeeded = new Map<string, number>();
  for (const {metadata} of finished) {
    const name = metadata.annotations?.[GROUP_ANNOTATION];
    if (name === undefined) continue;
    const key = groupKey(metadata.namespace ?? '', name);
    succeeded.set(key, (succeeded.get(key) ?? 0) + 1);
  }
  const all = membersOf(pods);
  return {
    groups: [...all].flatMap(([key, members]) =>
      specs.has(key) ? [{...members, ...toSettings(specs.get(key)), succeeded: succeeded.get(key) ?? 0}] : [],
    ),
    missing: [...all].flatMap(([key, members]) => (specs.has(key) ? [] : [members])),
  };
}

function membersOf(pods: readonly Pod[]): ReadonlyMap<string, Members> {
  const groups = new Map<string, Members>();
  for (const pod of pods) {
    const {annotations, namespace} = pod.class;
    const name = annotations?.[GROUP_ANNOTATION];
    if (name === undefined) continue;
    const key = groupKey(namespace, name);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, {namespace, name, pods: [pod]});
    else known.pods.push(pod);
  }
  return groups;
}

function groupKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function toSettings(spec: unknown): Pick<PodGroup, 'minMember' | 'minResources' | 'queue'> {
  const {minMember, minResources, queue} = (spec ?? {}) as PodGroupSpec;
  return {
    minMember: typeof minMember === 'number' ? minMember : 1,
    minResources: toAmounts(minResources),
    queue: typeof queue === 'string' && queue !== '' ? queue : DEFAULT_QUEUE,
  };
}

export function toPodGroupQueues(objects: readonly KubernetesObject[]): readonly PodGroupQueue[] {
  return objects
    .filter((object) => qualifiedKind(object) === 'Queue.scheduling.volcano.sh')
    .map(({metadata, spec}) => {
      const {capability} = (spec ?? {}) as {readonly capability?: unknown};
      return {name: metadata.name ?? '', capability: (capability ?? null) === null ? null : toAmounts(capability)};
    });
}

/** CPU, memory and scalar resources; Volcano passes over other names, such as `requests.cpu` and `storage`. */
function toAmounts(list: unknown): Resources {
  const quantities = new Map<string, Quantity>();
  for (const [name, text] of Object.entries(list ?? {})) {
    const quantity = typeof text === 'string' || typeof text === 'number' ? parseQuantity(text) : undefined;
    const isCounted = name === CPU || name === MEMORY || isScalarResource(name);
    if (isCounted && quantity !== undefined) quantities.set(name, quantity);
  }
  return toResources(quantities);
}
