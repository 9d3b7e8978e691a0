import type {KubernetesObject, ObjectMeta, Volume} from '../../../model/kubernetes.ts';
import type {GeneratedNode} from './nodes.ts';
import type {Random} from './random.ts';
import {HOSTNAME, numbered, REGION, ZONE, ZONES} from './vocabulary.ts';

const CSI = 'csi.example.com';
const CAPACITY_CSI = 'capacity.example.com';
const COMPUTE_DISK = 'pd.csi.storage.gke.io';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** A pod as far as its claims depend on it. */
export interface ClaimingPod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  /** The node of a running pod. */
  readonly node: GeneratedNode | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** The storage of a cluster, which grows as pods ask for volumes. */
export class Storage {
  readonly objects: KubernetesObject[];
  readonly #random: Random;
  readonly #nodes: readonly GeneratedNode[];
  /** Claims that several pods may use, by namespace. */
  readonly #shared = new Map<string, string[]>();
  #claims = 0;

  constructor(random: Random, nodes: readonly GeneratedNode[]) {
    this.#random = random;
    this.#nodes = nodes;
    this.objects = [
      ...CLASSES,
      ...[CSI, CAPACITY_CSI].map((name) =>
        object(
          'storage.k8s.io/v1',
          'CSIDriver',
          {name},
          {
            spec: {attachRequired: true, storageCapacity: name === CAPACITY_CSI},
          },
        ),
      ),
      ...nodes.flatMap((node) => csiNode(random, node)),
      ...capacities(random),
      ...random.several(0, 6, (i) => this.#staticVolume(i)),
    ];
  }

  /** One to three volumes, with the claims and volumes behind them. */
  volumesOf(pod: ClaimingPod): readonly Volume[] {
    return this.#random.several(1, 3, (i) => {
      const name = `v${i}`;
      if (this.#random.chance(0.15)) return {name, ...this.#inTree()};
      if (this.#random.chance(0.12)) return this.#ephemeral(name, pod);
      const readOnly = this.#random.maybe(0.1, () => ({readOnly: true}));
      return {name, persistentVolumeClaim: {claimName: this.#claimFor(pod), ...readOnly}};
    });
  }

  /** Volumes that pods name themselves. */
  #inTree(): Fields {
    const readOnly = this.#random.chance(0.4);
    const disk = `disk-${this.#random.int(0, 2)}`;
    return this.#random.pick<Fields>([
      {emptyDir: {}},
      {configMap: {name: 'settings'}},
      {hostPath: {path: '/var/log'}},
      {gcePersistentDisk: {pdName: disk, readOnly}},
      {gcePersistentDisk: {pdName: disk, readOnly}},
      {awsElasticBlockStore: {volumeID: `vol-${disk}`, readOnly}},
      {
        iscsi: {
          targetPortal: '10.0.0.9:3260',
          iqn: 'iqn.2030-01.example:storage',
          lun: this.#random.int(0, 1),
          readOnly,
        },
      },
      {rbd: {monitors: ['10.0.0.8:6789'], image: disk, pool: 'rbd', readOnly}},
      {nfs: {server: '10.0.0.7', path: '/exports'}},
      {csi: {driver: CSI}},
    ]);
  }

  #ephemeral(name: string, {name: pod, namespace, uid, node}: ClaimingPod): Volume {
    const template = {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      resources: {requests: {storage: '1Gi'}},
    };
    // A pod that runs has its claim.
    const ownerUid = node !== null || this.#random.chance(0.85) ? uid : 'uid-of-another';
    if (node !== null || this.#random.chance(0.85)) {
      this.#addClaim(
        {
          name: `${pod}-${name}`,
          namespace,
          ownerReferences: [{apiVersion: 'v1', kind: 'Pod', name: pod, uid: ownerUid, controller: true}],
        },
        template,
      );
    }
    return {name, ephemeral: {volumeClaimTemplate: {spec: template}}};
  }

  /** The name of a claim in the pod's namespace. */
  #claimFor({namespace, node}: ClaimingPod): string {
    const shared = this.#shared.get(namespace) ?? [];
    if (shared.length > 0 && this.#random.chance(0.2)) return this.#random.pick(shared);
    const name = numbered('claim', this.#claims++, 4);
    if (this.#random.chance(0.3)) this.#shared.set(namespace, [...shared, name]);
    this.#makeClaim({name, namespace}, node);
    return name;
  }

  #makeClaim(
    metadata: ObjectMeta & {readonly name: string; readonly namespace: string},
    node: GeneratedNode | null,
  ): void {
    const random = this.#random;
    // The claims of running pods are bound.
    const kind =
      node !== null || random.chance(0.5)
        ? random.weighted([
            ['csi', 5],
            ['local', 2],
            ['zonal', 3],
            ['disk', 2],
            ['single', 1],
          ])
        : random.weighted([
            ['dynamic', 8],
            ['static', 5],
            ['immediate', 1],
            ['missing', 1],
            ['lost', 1],
            ['leaving', 1],
            ['volumeGone', 1],
            ['classGone', 1],
            ['prebound', 1],
          ]);
    const storage = random.pick(['1Gi', '5Gi', '20Gi']);
    const accessModes = random.pick([['ReadWriteOnce'], ['ReadWriteMany'], ['ReadWriteOnce', 'ReadOnlyMany']]);
    const spec = (storageClassName: string, more: Fields = {}): Fields => ({
      accessModes,
      storageClassName,
      volumeMode: 'Filesystem',
      resources: {requests: {storage}},
      ...more,
    });
    switch (kind) {
      case 'missing':
        break;
      case 'dynamic':
        this.#addClaim(metadata, spec(random.pick(['fast', 'zonal', 'capacity', 'capacity', 'topology'])));
        break;
      case 'static':
        this.#addClaim(metadata, {
          ...spec(random.chance(0.8) ? 'local' : ''),
          accessModes: ['ReadWriteOnce'],
          ...random.maybe(0.2, () => ({selector: {matchLabels: {kind: 'good'}}})),
        });
        break;
      case 'immediate':
        this.#addClaim(metadata, spec('now'));
        break;
      case 'classGone':
        this.#addClaim(metadata, spec('no-such-class'));
        break;
      case 'lost':
        this.#addClaim(metadata, spec('fast', {volumeName: 'gone'}), {phase: 'Lost'}, BOUND);
        break;
      case 'volumeGone':
        this.#addClaim(metadata, spec('fast', {volumeName: 'gone'}), {phase: 'Bound'}, BOUND);
        break;
      case 'prebound':
        this.#addClaim(metadata, spec('fast', {volumeName: 'some-volume'}));
        break;
      case 'leaving': {
        const leaving = {
          ...metadata,
          deletionTimestamp: '2029-12-31T00:00:00Z',
          finalizers: ['kubernetes.io/pvc-protection'],
        };
        this.#addClaim(leaving, spec('fast'));
        break;
      }
      case 'single':
        this.#addBound(metadata, {...spec('fast'), accessModes: ['ReadWriteOncePod']}, this.#csiVolume(node));
        break;
      case 'csi':
        this.#addBound(metadata, spec('fast'), this.#csiVolume(node));
        break;
      case 'local':
        this.#addBound(metadata, spec('local'), this.#localVolume(node));
        break;
      case 'zonal':
        this.#addBound(metadata, spec('now'), this.#zonalVolume(node));
        break;
      case 'disk':
        this.#addBound(metadata, spec('fast'), {
          metadata: {},
          spec: {gcePersistentDisk: {pdName: `pv-disk-${metadata.name}`}},
        });
        break;
    }
  }

  #csiVolume(node: GeneratedNode | null): VolumeParts {
    const driver = this.#random.pick([CSI, CSI, CAPACITY_CSI]);
    const zone = node === null ? this.#random.pick(ZONES) : node.labels[ZONE];
    const isZonal = zone !== undefined && this.#random.chance(0.6);
    return {
      metadata: {},
      spec: {csi: {driver, volumeHandle: ''}, ...(isZonal ? affinityTo(ZONE, [zone]) : {})},
    };
  }

  #localVolume(node: GeneratedNode | null): VolumeParts {
    const name = (node ?? this.#random.pick(this.#nodes)).name;
    return {metadata: {}, spec: {local: {path: '/mnt/disk'}, ...affinityTo(HOSTNAME, [name])}};
  }

  /** A volume that says where it is by label, as provisioners used to do. */
  #zonalVolume(node: GeneratedNode | null): VolumeParts {
    const zone = node?.labels[ZONE] ?? this.#random.pick(ZONES);
    const other = this.#random.pick(ZONES);
    const labels = this.#random.pick([
      {[ZONE]: zone},
      {[ZONE]: zone === other ? zone : `${zone}__${other}`},
      {'failure-domain.beta.kubernetes.io/zone': zone},
      {[REGION]: this.#random.pick(['r-1', 'r-2'])},
    ]);
    return {metadata: {labels}, spec: {nfs: {server: '10.0.0.7', path: '/exports'}}};
  }

  /** A volume that waits for a claim. */
  #staticVolume(index: number): KubernetesObject {
    const name = `static-${index}`;
    const {spec} = this.#localVolume(null);
    return object(
      'v1',
      'PersistentVolume',
      {name, uid: `uid-${name}`, ...this.#random.maybe(0.4, () => ({labels: {kind: 'good'}}))},
      {
        spec: {
          accessModes: ['ReadWriteOnce'],
          capacity: {storage: this.#random.pick(['2Gi', '5Gi', '10Gi', '50Gi'])},
          persistentVolumeReclaimPolicy: 'Retain',
          storageClassName: this.#random.chance(0.85) ? 'local' : '',
          volumeMode: this.#random.chance(0.9) ? 'Filesystem' : 'Block',
          ...spec,
        },
        status: {phase: 'Available'},
      },
    );
  }

  #addClaim(
    metadata: ObjectMeta & {readonly name: string; readonly namespace: string},
    spec: Fields,
    status: Fields = {phase: 'Pending'},
    annotations?: Readonly<Record<string, string>>,
  ): void {
    const {name, namespace} = metadata;
    const full = {...metadata, uid: `uid-${namespace}-${name}`, ...(annotations === undefined ? {} : {annotations})};
    this.objects.push(object('v1', 'PersistentVolumeClaim', full, {spec, status}));
  }

  #addBound(
    metadata: ObjectMeta & {readonly name: string; readonly namespace: string},
    spec: Fields,
    volume: VolumeParts,
  ): void {
    const {name, namespace} = metadata;
    const volumeName = `pv-${namespace}-${name}`;
    this.#addClaim(metadata, {...spec, volumeName}, {phase: 'Bound'}, BOUND);
    const {csi, ...others} = volume.spec;
    this.objects.push(
      object(
        'v1',
        'PersistentVolume',
        {name: volumeName, uid: `uid-${volumeName}`, ...volume.metadata},
        {
          spec: {
            accessModes: spec.accessModes,
            capacity: {storage: '20Gi'},
            persistentVolumeReclaimPolicy: 'Delete',
            storageClassName: spec.storageClassName,
            volumeMode: 'Filesystem',
            claimRef: {
              apiVersion: 'v1',
              kind: 'PersistentVolumeClaim',
              namespace,
              name,
              uid: `uid-${namespace}-${name}`,
            },
            ...(csi === undefined ? {} : {csi: {...(csi as Fields), volumeHandle: volumeName}}),
            ...others,
          },
          status: {phase: 'Bound'},
        },
      ),
    );
  }
}

interface VolumeParts {
  readonly metadata: Pick<ObjectMeta, 'labels'>;
  readonly spec: Fields;
}

const BOUND = {'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes'};

function object(apiVersion: string, kind: string, metadata: ObjectMeta, fields: Fields): KubernetesObject {
  return {apiVersion, kind, metadata, ...fields};
}

function affinityTo(key: string, values: readonly string[]): Fields {
  const term = {matchExpressions: [{key, operator: 'In', values}]};
  return {nodeAffinity: {required: {nodeSelectorTerms: [term]}}};
}

function storageClass(name: string, provisioner: string, isWaiting: boolean, fields: Fields = {}): KubernetesObject {
  const volumeBindingMode = isWaiting ? 'WaitForFirstConsumer' : 'Immediate';
  return object('storage.k8s.io/v1', 'StorageClass', {name}, {provisioner, volumeBindingMode, ...fields});
}

const CLASSES: readonly KubernetesObject[] = [
  storageClass('fast', CSI, true),
  storageClass('now', CSI, false),
  storageClass('local', NO_PROVISIONER, true),
  storageClass('capacity', CAPACITY_CSI, true),
  storageClass('zonal', CSI, true, {
    allowedTopologies: [{matchLabelExpressions: [{key: ZONE, values: ['z-a', 'z-b']}]}],
  }),
  storageClass('topology', CSI, true, {
    allowedTopologies: [
      {
        matchLabelExpressions: [
          {key: ZONE, values: ['z-c']},
          {key: 'rack', values: ['r0', 'r1', 'r2']},
        ],
      },
      {matchLabelExpressions: [{key: REGION, values: ['r-2']}]},
    ],
  }),
];

/** The drivers of a node and how many volumes each can attach there. */
function csiNode(random: Random, {name}: GeneratedNode): readonly KubernetesObject[] {
  if (random.chance(0.08)) return [];
  const drivers = [CSI, CAPACITY_CSI, COMPUTE_DISK]
    .filter(() => random.chance(0.9))
    .map((driver) => ({
      name: driver,
      nodeID: name,
      topologyKeys: [ZONE],
      ...random.maybe(0.8, () => ({allocatable: {count: random.int(1, 5)}})),
    }));
  return [object('storage.k8s.io/v1', 'CSINode', {name, uid: `uid-csinode-${name}`}, {spec: {drivers}})];
}

function capacities(random: Random): readonly KubernetesObject[] {
  return ZONES.flatMap((zone) => {
    if (random.chance(0.2)) return [];
    return [
      object(
        'storage.k8s.io/v1',
        'CSIStorageCapacity',
        {name: `capacity-${zone}`, namespace: 'default'},
        {
          storageClassName: 'capacity',
          capacity: random.pick(['0', '2Gi', '10Gi', '100Gi']),
          ...random.maybe(0.3, () => ({maximumVolumeSize: '5Gi'})),
          ...random.maybe(0.95, () => ({
            nodeTopology: random.pick<Fields>([
              {matchLabels: {[ZONE]: zone}},
              {matchExpressions: [{key: ZONE, operator: 'In', values: [zone]}]},
            ]),
          })),
        },
      ),
    ];
  });
}
