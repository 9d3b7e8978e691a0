import type {KubernetesObject, ResourceList} from '../../model/kubernetes.ts';
import {parseQuantity, type Quantity} from '../../model/quantity.ts';
import {type Quantities, toQuantities} from '../../model/resources.ts';
import {groupOf} from '../apiKinds.ts';

const ONE = parseQuantity(1)!;

/** Core kinds that quotas count by their plain name, too. */
const PLAIN_KEYS: ReadonlySet<string> = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
]);

/** `deployments.apps`: the resource of a built-in kind, as the API's paths and messages call it. */
export function resourceName(object: KubernetesObject): string {
  const lower = object.kind.toLowerCase();
  const plural = lower.endsWith('s') ? `${lower}es` : lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`;
  const group = groupOf(object);
  return group === '' ? plural : `${plural}.${group}`;
}

/** What one object counts for, whatever is in it. */
export function objectUsage(object: KubernetesObject): Quantities {
  const name = resourceName(object);
  const usage = new Map<string, Quantity>([[`count/${name}`, ONE]]);
  if (PLAIN_KEYS.has(name)) usage.set(name, ONE);
  if (name === 'services') addServiceUsage(usage, object);
  return usage;
}

/** Services count for the ports they open on nodes and for the load balancers they ask for. */
function addServiceUsage(usage: Map<string, Quantity>, {spec}: KubernetesObject): void {
  const {
    type,
    ports = [],
    allocateLoadBalancerNodePorts = true,
  } = (spec ?? {}) as {
    type?: string;
    ports?: readonly {readonly nodePort?: number}[];
    allocateLoadBalancerNodePorts?: boolean;
  };
  if (type !== 'NodePort' && type !== 'LoadBalancer') return;
  const isOpen = type === 'NodePort' || allocateLoadBalancerNodePorts;
  const opened = ports.filter(({nodePort = 0}) => isOpen || nodePort !== 0).length;
  usage.set('services.nodeports', parseQuantity(opened)!);
  if (type === 'LoadBalancer') usage.set('services.loadbalancers', ONE);
}

/** What a claim counts for: itself and its storage, in all and by class. */
export function claimUsage(claim: KubernetesObject): Quantities {
  const {resources, storageClassName} = (claim.spec ?? {}) as {
    resources?: {requests?: ResourceList};
    storageClassName?: string;
  };
  const usage = new Map(objectUsage(claim));
  const storage = toQuantities(resources?.requests).get('storage');
  if (storage !== undefined) usage.set('requests.storage', storage);
  if (storageClassName !== undefined && storageClassName !== '') {
    const prefix = `${storageClassName}.storageclass.storage.k8s.io`;
    usage.set(`${prefix}/persistentvolumeclaims`, ONE);
    if (storage !== undefined) usage.set(`${prefix}/requests.storage`, storage);
  }
  return usage;
}
