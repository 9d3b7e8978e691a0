/**
 * Volumes of the plugins that once were part of Kubernetes. CSI drivers have taken them over, so that they count
 * against the limits of these drivers and can be reached where these drivers are (k8s.io/csi-translation-lib).
 */
import type {NodeSelector, NodeSelectorRequirement} from '../../model/kubernetes.ts';
import {type Labels, labelValue, REGION_LABEL, ZONE_LABEL} from '../../model/labels.ts';

const BETA_ZONE_LABEL = 'failure-domain.beta.kubernetes.io/zone';
const BETA_REGION_LABEL = 'failure-domain.beta.kubernetes.io/region';
const ZONE_SEPARATOR = '__';

/** A volume as a CSI driver knows it. */
export interface CsiSource {
  readonly driver: string;
  readonly volumeHandle: string;
}

/** A volume of one of these plugins, in a pod or in a PersistentVolume. */
export interface InTreeSource {
  readonly plugin: InTreePlugin;
  readonly source: SourceFields;
}

interface SourceFields {
  readonly volumeID?: string;
  readonly pdName?: string;
  readonly diskURI?: string;
  readonly kind?: string;
}

export interface InTreePlugin {
  /** As provisioners and the annotation of CSINodes name it. */
  readonly name: string;
  readonly driver: string;
  /** The field that holds its volumes. */
  readonly field: string;
  /** The label by which the driver's nodes say their zone; null where zones are left as they are. */
  readonly topologyKey: string | null;
  /** The name of the volume for the driver; null where the scheduler leaves volumes of the plugin alone. */
  readonly volumeHandle: ((source: SourceFields, labels: Labels) => Translation<string>) | null;
}

export type Translation<Value> =
  | {readonly kind: 'Translated'; readonly value: Value}
  | {readonly kind: 'Failed'; readonly message: string};

export const PORTWORX = 'kubernetes.io/portworx-volume';

const PLUGINS: readonly InTreePlugin[] = [
  {
    name: 'kubernetes.io/aws-ebs',
    driver: 'ebs.csi.aws.com',
    field: 'awsElasticBlockStore',
    topologyKey: 'topology.ebs.csi.aws.com/zone',
    volumeHandle: ({volumeID = ''}) => ebsVolume(volumeID),
  },
  {
    name: 'kubernetes.io/gce-pd',
    driver: 'pd.csi.storage.gke.io',
    field: 'gcePersistentDisk',
    topologyKey: 'topology.gke.io/zone',
    volumeHandle: ({pdName = ''}, labels) => gceDisk(pdName, labels),
  },
  {
    name: 'kubernetes.io/azure-disk',
    driver: 'disk.csi.azure.com',
    field: 'azureDisk',
    topologyKey: null,
    volumeHandle: ({diskURI = '', kind}) =>
      kind === undefined || kind.toLowerCase() === 'managed'
        ? translated(diskURI)
        : failed(`kind(${kind}) is not supported in csi migration`),
  },
  {
    name: 'kubernetes.io/cinder',
    driver: 'cinder.csi.openstack.org',
    field: 'cinder',
    topologyKey: 'topology.cinder.csi.openstack.org/zone',
    volumeHandle: ({volumeID = ''}) => translated(volumeID),
  },
  {
    name: PORTWORX,
    driver: 'pxd.portworx.com',
    field: 'portworxVolume',
    topologyKey: null,
    volumeHandle: ({volumeID = ''}) => translated(volumeID),
  },
  {
    name: 'kubernetes.io/azure-file',
    driver: 'file.csi.azure.com',
    field: 'azureFile',
    topologyKey: null,
    volumeHandle: null,
  },
  {
    name: 'kubernetes.io/vsphere-volume',
    driver: 'csi.vsphere.vmware.com',
    field: 'vsphereVolume',
    topologyKey: null,
    volumeHandle: null,
  },
];

const BY_NAME = new Map(PLUGINS.map((plugin) => [plugin.name, plugin]));

/** The volume of such a plugin that a volume of a pod, or the spec of a PersistentVolume, describes. */
export function inTreeSourceOf(fields: Readonly<Record<string, unknown>>): InTreeSource | null {
  for (const plugin of PLUGINS) {
    const source = fields[plugin.field];
    if (source !== undefined && source !== null) return {plugin, source: source as SourceFields};
  }
  return null;
}

/** The plugin of a provisioner's name. */
export function inTreePlugin(provisioner: string): InTreePlugin | undefined {
  return BY_NAME.get(provisioner);
}

/** The volume as its CSI driver knows it, whatever the labels of a PersistentVolume add; null where none is in charge. */
export function toCsiSource({plugin, source}: InTreeSource, labels: Labels = {}): Translation<CsiSource> | null {
  if (plugin.volumeHandle === null) return null;
  const handle = plugin.volumeHandle(source, labels);
  return handle.kind === 'Failed' ? handle : translated({driver: plugin.driver, volumeHandle: handle.value});
}

/**
 * From which nodes a PersistentVolume can be reached once its driver has taken over: the driver's own label stands for
 * that of the zone, and a zone that only the volume's labels tell counts, too.
 */
export function toCsiNodeAffinity(
  {topologyKey}: InTreePlugin,
  nodeAffinity: NodeSelector | null,
  labels: Labels,
): NodeSelector | null {
  if (topologyKey === null) return nodeAffinity;
  const [zoneLabel, regionLabel] = topologyLabels(nodeAffinity, labels);
  const known = withZone(nodeAffinity, zoneLabel, topologyKey, labels);
  return regionLabel === BETA_REGION_LABEL && hasValues(known, regionLabel)
    ? withKeyReplaced(known, regionLabel, REGION_LABEL)
    : known;
}

function withZone(
  nodeAffinity: NodeSelector | null,
  zoneLabel: string,
  topologyKey: string,
  labels: Labels,
): NodeSelector | null {
  if (hasValues(nodeAffinity, zoneLabel)) return withKeyReplaced(nodeAffinity, zoneLabel, topologyKey);
  const zones = (labelValue(labels, zoneLabel) ?? '')
    .split(ZONE_SEPARATOR)
    .map((zone) => zone.trim())
    .filter((zone) => zone !== '');
  if (zones.length === 0) return nodeAffinity;
  const requirement: NodeSelectorRequirement = {key: topologyKey, operator: 'In', values: zones};
  const terms = nodeAffinity?.nodeSelectorTerms ?? [];
  return {
    nodeSelectorTerms: (terms.length === 0 ? [{}] : terms).map((term) => ({
      ...term,
      matchExpressions: [...(term.matchExpressions ?? []), requirement],
    })),
  };
}

/** The labels for zone and region that a volume uses: those of today come before those of old. */
function topologyLabels(nodeAffinity: NodeSelector | null, labels: Labels): readonly [zone: string, region: string] {
  const current = [ZONE_LABEL, REGION_LABEL] as const;
  const beta = [BETA_ZONE_LABEL, BETA_REGION_LABEL] as const;
  if (requirementsOf(nodeAffinity, ZONE_LABEL).length > 0) return current;
  if (requirementsOf(nodeAffinity, BETA_ZONE_LABEL).length > 0) return beta;
  if (labelValue(labels, ZONE_LABEL) !== undefined) return current;
  return labelValue(labels, BETA_ZONE_LABEL) === undefined ? current : beta;
}

function requirementsOf(nodeAffinity: NodeSelector | null, key: string): readonly NodeSelectorRequirement[] {
  return (nodeAffinity?.nodeSelectorTerms ?? []).flatMap(({matchExpressions = []}) =>
    matchExpressions.filter((requirement) => requirement.key === key),
  );
}

function hasValues(nodeAffinity: NodeSelector | null, key: string): boolean {
  return requirementsOf(nodeAffinity, key).some(({values = []}) => values.length > 0);
}

function withKeyReplaced(nodeAffinity: NodeSelector | null, from: string, to: string): NodeSelector | null {
  if (nodeAffinity === null) return null;
  return {
    nodeSelectorTerms: nodeAffinity.nodeSelectorTerms.map((term) => ({
      ...term,
      matchExpressions: (term.matchExpressions ?? []).map((requirement) =>
        requirement.key === from ? {...requirement, key: to} : requirement,
      ),
    })),
  };
}

/** `aws://ZONE/vol-1` or the volume's own ID. */
function ebsVolume(volumeID: string): Translation<string> {
  if (!volumeID.startsWith('aws://')) return translated(volumeID);
  const path = volumeID.slice('aws://'.length).replace(/^[^/]*/, '');
  const id = path.replace(/^\/+|\/+$/g, '');
  return /^vol-[^/]*$/.test(id)
    ? translated(id)
    : failed(`failed to translate Kubernetes ID to EBS Volume ID Invalid format for AWS volume (${volumeID})`);
}

/** A disk of a zone, or of a region where the volume's labels tell several zones. */
function gceDisk(pdName: string, labels: Labels): Translation<string> {
  const zones = (labelValue(labels, BETA_ZONE_LABEL) || labelValue(labels, ZONE_LABEL) || '').split(ZONE_SEPARATOR);
  if (zones.length === 1) {
    return translated(`projects/UNSPECIFIED/zones/${zones[0] === '' ? 'UNSPECIFIED' : zones[0]}/disks/${pdName}`);
  }
  const odd = zones.find((zone) => zone.split('-').length !== 3);
  if (odd !== undefined) {
    return failed(
      `failed to get region from zones: zone in unexpected format, expected: {locale}-{region}-{zone}, got: ${odd}`,
    );
  }
  const regions = [...new Set(zones.map((zone) => zone.slice(0, zone.lastIndexOf('-'))))].sort();
  return regions.length === 1
    ? translated(`projects/UNSPECIFIED/regions/${regions[0]}/disks/${pdName}`)
    : failed(
        `failed to get region from zones: multiple or no regions gotten from zones, got: map[${regions.map((region) => `${region}:{}`).join(' ')}]`,
      );
}

function translated<Value>(value: Value): Translation<Value> {
  return {kind: 'Translated', value};
}

function failed(message: string): Translation<never> {
  return {kind: 'Failed', message};
}
