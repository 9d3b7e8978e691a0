/** The words that scenarios are made of: few of each, so that pods, nodes and selectors meet. */
export const NAMESPACES = ['default', 'shop', 'pay', 'ml'] as const;
export const APPS = ['web', 'api', 'cache', 'db', 'queue', 'cron'] as const;
export const TIERS = ['front', 'back', 'data'] as const;
export const VERSIONS = ['v1', 'v2', 'v3'] as const;
export const ENVS = ['prod', 'test'] as const;

/** Values of each label that pods may have. */
export const POD_LABELS = {app: APPS, tier: TIERS, version: VERSIONS, env: ENVS} as const;
export type PodLabelKey = keyof typeof POD_LABELS;

export const HOSTNAME = 'kubernetes.io/hostname';
export const ZONE = 'topology.kubernetes.io/zone';
export const REGION = 'topology.kubernetes.io/region';
export const ZONES = ['z-a', 'z-b', 'z-c', 'z-d'] as const;
export const POOLS = ['compute', 'memory', 'spot', 'gpu'] as const;
export const RACKS = ['r0', 'r1', 'r2', 'r3', 'r4'] as const;
export const DISKS = ['ssd', 'hdd', ''] as const;

/** Keys that domains are made of; the last is on no node. */
export const TOPOLOGY_KEYS = [
  [HOSTNAME, 5],
  [ZONE, 6],
  [REGION, 2],
  ['rack', 3],
  ['pool', 1],
  ['example.com/nowhere', 1],
] as const;

export const GPU = 'example.com/gpu';
export const NIC = 'vendor.io/nic';
export const HUGE_PAGES = 'hugepages-2Mi';

export const IMAGES = [
  'registry.example/web:1.4',
  'registry.example/api:2',
  'registry.example/cache:7.2',
  'registry.example/db:16',
  'registry.example/base:latest',
  'registry.example:5000/tools/run:3',
] as const;

export interface PriorityClassEntry {
  readonly name: string;
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: 'Never';
}

export const PRIORITY_CLASSES: readonly PriorityClassEntry[] = [
  {name: 'lowest', value: -1000},
  {name: 'low', value: 100},
  {name: 'mid', value: 1000},
  {name: 'high', value: 100_000},
  {name: 'high-polite', value: 90_000, preemptionPolicy: 'Never'},
  {name: 'top', value: 1_000_000_000},
];
export const SYSTEM_CLASSES = ['system-cluster-critical', 'system-node-critical'] as const;

/** `n007`. */
export function numbered(prefix: string, index: number, digits = 3): string {
  return prefix + String(index).padStart(digits, '0');
}
