import type {KubernetesObject, PodSpec, PodStatus} from '../../../model/kubernetes.ts';
import type {GeneratedNode} from './nodes.ts';
import type {Random} from './random.ts';
import {numbered, POOLS, ZONES} from './vocabulary.ts';

const API = 'resource.k8s.io/v1';
const GPU = 'gpu.example.com';
const NIC = 'nic.example.com';

type Fields = Readonly<Record<string, unknown>>;

/** What a pod with claims has beside the rest. */
export interface ClaimedDevices {
  readonly resourceClaims: NonNullable<PodSpec['resourceClaims']>;
  /** Names for the containers to use. */
  readonly names: readonly string[];
  readonly status: PodStatus;
}

interface Device {
  readonly pool: string;
  readonly device: string;
  readonly node: string;
}

/** The devices of a cluster and the claims to them, which grow as pods ask. */
export class Devices {
  readonly objects: KubernetesObject[] = [];
  readonly #random: Random;
  /** Devices of nodes that no claim has yet. */
  readonly #free: Device[] = [];
  readonly #shared = new Map<string, string[]>();
  #claims = 0;

  constructor(random: Random, nodes: readonly GeneratedNode[]) {
    this.#random = random;
    this.objects.push(...CLASSES);
    for (const node of nodes) if (random.chance(0.7)) this.#addGpus(node.name);
    for (const node of nodes) if (random.chance(0.3)) this.#addNic(node.name);
    if (random.chance(0.5)) this.#addNetworkDevices();
  }

  /** Claims of a pending pod, or one that a running pod holds a device by; null where there is no device left. */
  claimsOf(pod: {name: string; namespace: string; uid: string; node: GeneratedNode | null}): ClaimedDevices | null {
    if (pod.node !== null) return this.#held(pod, pod.node);
    const claims = this.#random.several(1, 2, (i) => this.#reference(`d${i}`, pod));
    return {
      resourceClaims: claims.map(({claim}) => claim),
      names: claims.map(({claim}) => claim.name),
      status: {resourceClaimStatuses: claims.flatMap(({status}) => (status === null ? [] : [status]))},
    };
  }

  #held(pod: {name: string; namespace: string; uid: string}, node: GeneratedNode): ClaimedDevices | null {
    const at = this.#free.findIndex((device) => device.node === node.name);
    if (at < 0) return null;
    const [{pool, device}] = this.#free.splice(at, 1) as [Device];
    const name = this.#nextName();
    const allocation = {
      devices: {results: [{request: 'r', driver: GPU, pool, device}]},
      nodeSelector: {
        nodeSelectorTerms: [{matchFields: [{key: 'metadata.name', operator: 'In', values: [node.name]}]}],
      },
    };
    const requests = [{name: 'r', exactly: {deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 1}}];
    this.#addClaim(
      pod.namespace,
      name,
      {requests},
      {
        allocation,
        reservedFor: [{resource: 'pods', name: pod.name, uid: pod.uid}],
      },
    );
    return {resourceClaims: [{name: 'd0', resourceClaimName: name}], names: ['d0'], status: {}};
  }

  #reference(name: string, {name: pod, namespace, uid}: {name: string; namespace: string; uid: string}) {
    const shared = this.#shared.get(namespace) ?? [];
    if (shared.length > 0 && this.#random.chance(0.15)) {
      return {claim: {name, resourceClaimName: this.#random.pick(shared)}, status: null};
    }
    const claimName = this.#nextName();
    if (this.#random.chance(0.25)) {
      const isMade = this.#random.chance(0.9);
      if (isMade) this.#addClaim(namespace, claimName, this.#request(), {}, {pod, uid});
      return {
        claim: {name, resourceClaimTemplateName: 'template'},
        status: isMade ? {name, resourceClaimName: claimName} : null,
      };
    }
    if (this.#random.chance(0.95)) this.#addClaim(namespace, claimName, this.#request(), {});
    if (this.#random.chance(0.3)) this.#shared.set(namespace, [...shared, claimName]);
    return {claim: {name, resourceClaimName: claimName}, status: null};
  }

  #nextName(): string {
    return numbered('devices', this.#claims++, 4);
  }

  /** The devices part of a claim's spec. */
  #request(): Fields {
    const random = this.#random;
    const kind = random.weighted([
      ['one', 6],
      ['two', 2],
      ['first', 2],
      ['all', 1],
      ['pair', 2],
      ['network', 1],
    ]);
    switch (kind) {
      case 'one':
        return {requests: [{name: 'r', exactly: this.#exactly()}]};
      case 'two':
        return {
          requests: [
            {name: 'r', exactly: this.#exactly()},
            {name: 'n', exactly: exact('nic', 1)},
          ],
        };
      case 'first':
        return {
          requests: [
            {
              name: 'r',
              firstAvailable: [
                {name: 'big', deviceClassName: 'big-gpu', allocationMode: 'ExactCount', count: random.int(1, 2)},
                {name: 'any', deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 1},
              ],
            },
          ],
        };
      case 'all':
        return {requests: [{name: 'r', exactly: {deviceClassName: 'gpu', allocationMode: 'All'}}]};
      case 'pair':
        return {
          requests: [
            {name: 'a', exactly: this.#exactly()},
            {name: 'b', exactly: exact('gpu', 1)},
          ],
          constraints: [
            {
              ...random.maybe(0.5, () => ({requests: ['a', 'b']})),
              matchAttribute: `${GPU}/${random.pick(['model', 'mem', 'numa'])}`,
            },
          ],
        };
      case 'network':
        return {requests: [{name: 'r', exactly: exact('network', 1)}]};
    }
  }

  #exactly(): Fields {
    const random = this.#random;
    return {
      ...exact(
        random.weighted([
          ['gpu', 6],
          ['big-gpu', 2],
          ['no-such-class', random.chance(0.2) ? 1 : 0],
        ]),
        random.weighted([
          [1, 6],
          [2, 2],
          [4, 1],
        ]),
      ),
      ...random.maybe(0.4, () => ({
        selectors: random.several(1, 2, () => ({cel: {expression: random.pick(EXPRESSIONS)}})),
      })),
      ...random.maybe(0.2, () => ({tolerations: [{key: 'example.com/unhealthy', operator: 'Exists'}]})),
    };
  }

  #addClaim(
    namespace: string,
    name: string,
    devices: Fields,
    status: Fields,
    owner: {pod: string; uid: string} | null = null,
  ): void {
    const ownerReferences =
      owner === null
        ? {}
        : {ownerReferences: [{apiVersion: 'v1', kind: 'Pod', name: owner.pod, uid: owner.uid, controller: true}]};
    const metadata = {name, namespace, uid: `uid-${namespace}-${name}`, ...ownerReferences};
    this.objects.push({apiVersion: API, kind: 'ResourceClaim', metadata, spec: {devices}, status});
  }

  /** Now and then in two slices. */
  #addGpus(node: string): void {
    const random = this.#random;
    const mem = random.pick([16, 40, 80]);
    const count = random.int(1, 4);
    const devices = Array.from({length: count}, (_none, i) => ({
      name: `gpu-${i}`,
      attributes: {
        model: {string: `m${mem}`},
        mem: {int: mem},
        numa: {int: i % 2},
        ready: {bool: random.chance(0.9)},
        driverVersion: {version: random.pick(['1.2.0', '1.10.3', '2.0.0'])},
      },
      capacity: {memory: {value: `${mem}Gi`}},
      ...random.maybe(0.1, () => ({
        taints: [{key: 'example.com/unhealthy', effect: 'NoSchedule', timeAdded: '2029-01-01T00:00:00Z'}],
      })),
    }));
    const split = count > 1 && random.chance(0.2) ? 1 : count;
    const parts = [devices.slice(0, split), devices.slice(split)].filter(({length}) => length > 0);
    for (const [i, part] of parts.entries()) {
      this.#addSlice(`${node}-gpu-${i}`, GPU, {nodeName: node}, {name: node, resourceSliceCount: parts.length}, part);
    }
    for (const {name, taints} of devices) if (taints === undefined) this.#free.push({pool: node, device: name, node});
  }

  #addNic(node: string): void {
    const devices = this.#random.several(1, 2, (i) => ({name: `nic-${i}`, attributes: {speed: {int: 100}}}));
    this.#addSlice(`${node}-nic`, NIC, {nodeName: node}, {name: node, resourceSliceCount: 1}, devices);
  }

  /** Devices that several nodes can reach. */
  #addNetworkDevices(): void {
    const random = this.#random;
    const where = random.pick<Fields>([
      {allNodes: true},
      {nodeSelector: oneTerm('pool', [random.pick(POOLS)])},
      {nodeSelector: oneTerm('topology.kubernetes.io/zone', random.sample(ZONES, 2))},
    ]);
    const devices = random.several(1, 4, (i) => ({name: `net-${i}`, attributes: {speed: {int: 400}}}));
    this.#addSlice('network', 'network.example.com', where, {name: 'network', resourceSliceCount: 1}, devices);
  }

  #addSlice(name: string, driver: string, where: Fields, pool: Fields, devices: readonly Fields[]): void {
    const spec = {driver, ...where, pool: {generation: 1, ...pool}, devices};
    this.objects.push({apiVersion: API, kind: 'ResourceSlice', metadata: {name}, spec});
  }
}

function exact(deviceClassName: string, count: number): Fields {
  return {deviceClassName, allocationMode: 'ExactCount', count};
}

function oneTerm(key: string, values: readonly string[]): Fields {
  return {nodeSelectorTerms: [{matchExpressions: [{key, operator: 'In', values}]}]};
}

function deviceClass(name: string, expression: string): KubernetesObject {
  return {apiVersion: API, kind: 'DeviceClass', metadata: {name}, spec: {selectors: [{cel: {expression}}]}};
}

const CLASSES: readonly KubernetesObject[] = [
  deviceClass('gpu', `device.driver == '${GPU}'`),
  deviceClass('big-gpu', `device.driver == '${GPU}' && device.attributes['${GPU}'].mem >= 40`),
  deviceClass('nic', `device.driver == '${NIC}'`),
  deviceClass('network', "device.driver == 'network.example.com'"),
];

/** About attributes that every device of the class has. */
const EXPRESSIONS = [
  `device.attributes['${GPU}'].model == 'm80'`,
  `device.attributes["${GPU}"].model in ['m16', 'm40']`,
  `device.attributes['${GPU}'].mem > 16 || device.attributes['${GPU}'].numa == 1`,
  `!device.attributes['${GPU}'].ready`,
  `device.attributes['${GPU}'].ready && device.attributes['${GPU}'].numa == 0`,
  `device.capacity['${GPU}'].memory.compareTo(quantity('40Gi')) >= 0`,
  `device.capacity['${GPU}'].memory.isGreaterThan(quantity('17179869184'))`,
  `device.attributes['${GPU}'].driverVersion.isGreaterThan(semver('1.9.0'))`,
  `device.attributes['${GPU}'].model.startsWith('m') && device.attributes['${GPU}'].model.size() == 3`,
] as const;
