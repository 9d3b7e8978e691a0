import {
  ARCH_LABEL,
  HOSTNAME_LABEL,
  INSTANCE_TYPE_LABEL,
  type Labels,
  OS_LABEL,
  REGION_LABEL,
  ZONE_LABEL,
} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';
import type {Machine} from './machines.ts';
import type {PoolTemplate} from './poolTemplates.ts';

/** What can be bought: a machine in a pool, in one zone or in whichever the plan chooses. */
export interface Offering {
  readonly machine: Machine;
  readonly pool: PoolTemplate;
  /** null where no pod asks for a zone, so that machines are spread over all zones. */
  readonly zone: string | null;
  readonly region: string;
}

/** `m6i.2xlarge`, `m6i.2xlarge/POOL`, `m6i.2xlarge@ZONE`. */
export function offeringName({machine, pool, zone}: Offering): string {
  const {name} = machine.instanceType;
  return `${name}${pool.isGeneral ? '' : `/${pool.name}`}${zone === null ? '' : `@${zone}`}`;
}

/** One machine of an offering as the scheduler sees it. */
export function toNode({machine, pool, region}: Offering, name: string, zone: string | null): Node {
  const {instanceType, allocatable, capacity, pricePerHour} = machine;
  return {
    name,
    labels: nodeLabels(machine, pool, region, name, zone),
    taints: pool.taints,
    unschedulable: false,
    allocatable,
    capacity,
    images: [],
    declaredFeatures: [],
    instanceType: instanceType.name,
    zone,
    nodePool: pool.name,
    pricePerHour,
  };
}

function nodeLabels(
  {instanceType: {name: type, arch}}: Machine,
  {labels}: PoolTemplate,
  region: string,
  name: string,
  zone: string | null,
): Labels {
  return {
    [HOSTNAME_LABEL]: name,
    [OS_LABEL]: 'linux',
    [INSTANCE_TYPE_LABEL]: type,
    [ARCH_LABEL]: arch,
    [REGION_LABEL]: region,
    ...(zone === null ? {} : {[ZONE_LABEL]: zone}),
    ...labels,
  };
}
