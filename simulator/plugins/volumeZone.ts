import {type Labels, labelValue, REGION_LABEL, ZONE_LABEL} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';
import type {Pod} from '../../model/pod.ts';
import {perClass} from '../framework/perClass.ts';
import {type FilterPlugin, type Handle, type PreFilterResult, SKIP, success} from '../framework/plugin.ts';
import {type Status, unresolvable} from '../framework/status.ts';
import {notFound} from '../volumes/podVolumes.ts';
import type {VolumeState} from '../volumes/volumeState.ts';

const BETA_ZONE_LABEL = 'failure-domain.beta.kubernetes.io/zone';
const BETA_REGION_LABEL = 'failure-domain.beta.kubernetes.io/region';

const TOPOLOGY_LABELS = [BETA_ZONE_LABEL, BETA_REGION_LABEL, ZONE_LABEL, REGION_LABEL];
/** The label that a node may have in place of one of old. */
const SUCCESSORS: ReadonlyMap<string, string> = new Map([
  [BETA_ZONE_LABEL, ZONE_LABEL],
  [BETA_REGION_LABEL, REGION_LABEL],
]);

/** Where one label of a volume says that the volume lies. */
interface VolumeTopology {
  readonly key: string;
  readonly values: ReadonlySet<string>;
}

/** Keeps pods in the zones and regions that the labels of their volumes name. */
export class VolumeZone implements FilterPlugin<readonly VolumeTopology[]> {
  readonly name = 'VolumeZone';
  readonly filterScope = 'cluster';
  readonly #volumes: VolumeState;
  readonly #nodes: readonly Node[];
  readonly #claimNamesOf = perClass(({spec}) =>
    (spec.volumes ?? []).flatMap(({persistentVolumeClaim}) => persistentVolumeClaim?.claimName ?? []),
  );
  readonly #status = unresolvable(this.name, 'node(s) had no available volume zone');

  constructor({volumes, nodes}: Handle) {
    this.#volumes = volumes;
    this.#nodes = nodes;
  }

  preFilter({class: podClass}: Pod): PreFilterResult<readonly VolumeTopology[]> {
    const topologies: VolumeTopology[] = [];
    for (const claimName of this.#claimNamesOf(podClass)) {
      const found = this.#topologiesOf(podClass.namespace, claimName);
      if (typeof found === 'string') return {kind: 'Rejected', status: unresolvable(this.name, found)};
      topologies.push(...found);
    }
    return topologies.length === 0 ? SKIP : success(topologies);
  }

  filter(topologies: readonly VolumeTopology[], node: number): Status | null {
    const {labels} = this.#nodes[node]!;
    // A node without any such label is taken to be in a cluster of one zone.
    if (TOPOLOGY_LABELS.every((key) => labelValue(labels, key) === undefined)) return null;
    return topologies.every((topology) => isWithin(topology, labels)) ? null : this.#status;
  }

  /** Or why the pod cannot run at all. */
  #topologiesOf(namespace: string, claimName: string): readonly VolumeTopology[] | string {
    if (claimName === '') return 'PersistentVolumeClaim had no name';
    const claim = this.#volumes.claim(namespace, claimName);
    if (claim === undefined) return notFound('persistentvolumeclaim', claimName);
    const {volumeName, storageClassName} = claim;
    if (volumeName !== '') {
      const volume = this.#volumes.volume(volumeName);
      return volume === undefined ? notFound('persistentvolume', volumeName) : topologiesIn(volume.labels);
    }
    if (storageClassName === '') return 'PersistentVolumeClaim had no pv name and storageClass name';
    const storageClass = this.#volumes.storageClass(storageClassName);
    if (storageClass === undefined) return notFound('storageclass.storage.k8s.io', storageClassName);
    return storageClass.waitsForFirstConsumer ? [] : 'PersistentVolume had no name';
  }
}

/** Values are joined with two underscores; one that is empty makes the label useless. */
function topologiesIn(labels: Labels): readonly VolumeTopology[] {
  return TOPOLOGY_LABELS.flatMap((key) => {
    const values = labelValue(labels, key)
      ?.split('__')
      .map((value) => value.trim());
    return values === undefined || values.includes('') ? [] : [{key, values: new Set(values)}];
  });
}

function isWithin({key, values}: VolumeTopology, labels: Labels): boolean {
  const value = labelValue(labels, key) ?? labelValue(labels, SUCCESSORS.get(key) ?? key);
  return value !== undefined && values.has(value);
}
