import {z} from 'zod';
import {parseQuantity} from '../model/quantity.ts';

/**
 * The scenario file: which machines, which manifests, what to change in them, under which scheduler. Unknown fields are
 * errors; schemas/scenario.v1alpha1.json is generated from here.
 */
export const SCENARIO_API_VERSION = 'stowage.dev/v1alpha1';

export const quantity = z
  .union([z.string(), z.number()])
  .refine((value) => parseQuantity(value) !== undefined, {params: {code: 'STW-1004'}, message: 'a Kubernetes quantity'})
  .refine((value) => (parseQuantity(value)?.unscaled ?? 0n) >= 0n, {
    params: {code: 'STW-1006'},
    message: 'a quantity of 0 or more',
  });
export const resourceList = z
  .record(z.string(), quantity)
  .meta({description: 'quantities by resource name, such as cpu: 3920m, memory: 29317Mi, pods: 58'});
const labels = z.record(z.string(), z.string());
const taint = z.strictObject({
  key: z.string().min(1),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
});
const name = z.string().min(1);
const regularExpression = z.string().refine(isRegularExpression, {message: 'a regular expression with one group'});
const price = z.number().nonnegative().nullable().meta({description: 'per node and hour, in the catalogue’s currency'});
const memoryOverheadPercent = z.number().min(0).max(100).meta({
  description:
    'the gap between advertised and real memory, in percent; the default is 7.5, which Karpenter assumes (about 3.2 was measured), and for GKE its own model',
});

const include = z
  .strictObject({
    path: name.meta({description: 'a file or a directory, relative to the scenario file and below its directory'}),
    recursive: z.boolean().default(false),
    namespace: name.optional().meta({description: 'for objects that name none'}),
    namespaceFromFile: regularExpression
      .optional()
      .meta({description: 'for objects that name none: the group matched in the file’s name, such as ^(.+?)--'}),
  })
  .meta({description: 'manifests to load'});

const nodePool = z
  .strictObject({
    name: name.meta({description: 'the nodes are called NAME-1, NAME-2 …'}),
    instanceType: name.optional().meta({description: 'a type of the catalogue; may be left out with allocatable'}),
    count: z.int().min(0).max(1_000_000),
    zones: z.array(name).min(1).optional().meta({description: 'the nodes are dealt to the zones in turn'}),
    labels: labels.optional(),
    taints: z.array(taint).optional(),
    maxPods: z.int().min(0).max(10_000).optional(),
    allocatable: resourceList
      .optional()
      .meta({description: 'as kubectl get nodes shows it; outranks the rule of the cloud'}),
    memoryOverheadPercent: memoryOverheadPercent.optional(),
    pricePerHour: price.optional(),
  })
  .refine((pool) => pool.instanceType !== undefined || pool.allocatable !== undefined, {
    message: 'instanceType or allocatable',
    params: {code: 'STW-1008'},
  });

const node = z
  .strictObject({
    name,
    instanceType: name.optional(),
    zone: name.optional(),
    labels: labels.optional(),
    taints: z.array(taint).optional(),
    maxPods: z.int().min(0).max(10_000).optional(),
    allocatable: resourceList.optional(),
    memoryOverheadPercent: memoryOverheadPercent.optional(),
    pricePerHour: price.optional(),
  })
  .refine((one) => one.instanceType !== undefined || one.allocatable !== undefined, {
    message: 'instanceType or allocatable',
    params: {code: 'STW-1008'},
  });

const target = {
  kind: name,
  namespace: name.optional().meta({description: 'any namespace when left out'}),
  name: name.meta({description: 'exact, or with * for any part'}),
};

const overlay = z.union([
  z.strictObject({
    scale: z
      .strictObject({
        ...target,
        replicas: z.int().min(0).max(10_000_000).optional(),
        factor: z.number().min(0).max(10_000).optional().meta({description: 'rounded up'}),
      })
      .refine(({replicas, factor}) => (replicas === undefined) !== (factor === undefined), {
        message: 'either replicas or factor',
        params: {code: 'STW-1008'},
      }),
  }),
  z.strictObject({
    setResources: z.strictObject({
      ...target,
      container: name.optional().meta({description: 'the first container when left out'}),
      requests: resourceList.optional(),
      limits: resourceList.optional(),
    }),
  }),
  z.strictObject({removeZone: name}),
  z.strictObject({removeNode: name.meta({description: 'exact, or with * for any part'})}),
]);

export const scenarioSpecSchema = z.strictObject({
  base: name.optional().meta({
    description:
      'a scenario to start from, such as ../online-and-flink: what it includes, its machines and overlays come first; a node pool of the same name replaces its',
  }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  kubernetesVersion: z.enum(['1.33', '1.34', '1.35', '1.36']).default('1.36'),
  catalog: name
    .default('aws/us-east-1')
    .meta({description: 'PROVIDER/REGION of a bundled catalogue, or a NodeCatalog file relative to the scenario'}),
  memoryOverheadPercent: memoryOverheadPercent.optional(),
  include: z
    .array(z.union([name, include]))
    .default([])
    .meta({description: 'manifests to load'}),
  nodePools: z.array(nodePool).default([]).meta({description: 'machines, many of a kind'}),
  nodes: z.array(node).default([]).meta({description: 'machines, one by one'}),
  overlays: z.array(overlay).default([]).meta({description: 'what if: changes, applied in their order'}),
  scheduler: z
    .strictObject({
      configuration: name.optional().meta({description: 'a KubeSchedulerConfiguration file, relative to the scenario'}),
      percentageOfNodesToScore: z
        .int()
        .min(0)
        .max(100)
        .optional()
        .meta({description: '0 samples as kube-scheduler does; that of the configuration, or 100, when left out'}),
      ties: z.enum(['first', 'random']).default('first'),
    })
    .prefault({}),
  flinkOperator: name.optional(),
  customResources: name.optional().meta({
    description: 'a file of kind CustomResourceRules, relative to the scenario file and below its directory',
  }),
  autoscaling: z.enum(['Current', 'Min', 'Max']).optional().meta({
    description:
      'where workloads with a HorizontalPodAutoscaler stand: at their replicas (Current, when left out), or at the least or most that it allows',
  }),
  cronJobs: z
    .enum(['Idle', 'OneRun'])
    .default('Idle')
    .meta({description: 'whether CronJobs run nothing at the moment simulated, or one Job each'}),
});

export const scenarioSchema = z
  .strictObject({
    apiVersion: z.literal(SCENARIO_API_VERSION),
    kind: z.literal('Scenario'),
    metadata: z.strictObject({
      name: z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'lower-case letters, digits and "-"'),
      annotations: labels.optional(),
    }),
    spec: scenarioSpecSchema.prefault({}),
  })
  .meta({id: 'Scenario', title: 'What to simulate or plan'});

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioSpec = z.infer<typeof scenarioSpecSchema>;
export type NodePool = ScenarioSpec['nodePools'][number];
export type ScenarioNode = ScenarioSpec['nodes'][number];
export type Overlay = ScenarioSpec['overlays'][number];

function isRegularExpression(text: string): boolean {
  try {
    // With an alternative that matches nothing, the match tells how many groups there are.
    return (new RegExp(`${text}|`).exec('')?.length ?? 0) > 1;
  } catch {
    return false;
  }
}
