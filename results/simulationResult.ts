/**
 * The result file of a simulation: what `-o json` prints and `--out` writes, and what the report, the web view and
 * `stowage explain --result` read. CPU is in cores, memory and storage in bytes, prices in `summary.currency`.
 * It holds no time of day, no path and no position, so that the same input gives the same bytes.
 */
import {z} from 'zod';

export const API_VERSION = 'stowage.dev/v1alpha1';

const count = z.int().nonnegative();
const amount = z.number();
const share = z.number().min(0).max(1).nullable();

const cpuAndMemory = z.strictObject({
  cpu: amount.meta({description: 'cores'}),
  memory: amount.meta({description: 'bytes'}),
});

/** Amounts by resource name: cpu in cores, everything else in its own unit. */
const resources = z.record(z.string(), amount);

const nodeSchema = z.strictObject({
  name: z.string(),
  instanceType: z.string().nullable(),
  zone: z.string().nullable(),
  nodePool: z.string().nullable(),
  pricePerHour: z.number().nullable().meta({description: 'null when the price is unknown'}),
  pods: count.meta({description: 'pods on the node'}),
  allocatable: resources,
  requested: resources,
  limits: cpuAndMemory,
  stranded: cpuAndMemory.meta({
    description: 'free capacity that the mix of this run could never use, because the other resource runs out first',
  }),
});

const workloadSchema = z.strictObject({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  component: z.string().nullable(),
  replicas: count.meta({description: 'pods that its controller wants'}),
  placed: count,
  pending: count.meta({description: 'pods that wait: pending, gated or ignored'}),
  rejected: count,
  requests: resources.meta({description: 'of one pod; of the largest, where its pods differ'}),
  limits: resources,
});

const placementSchema = z.strictObject({
  pod: z.string().meta({description: 'NAMESPACE/NAME'}),
  node: z.string(),
  workload: count.meta({description: 'index into workloads'}),
});

const reasonSchema = z.strictObject({
  plugin: z.string(),
  code: z.enum(['Unschedulable', 'UnschedulableAndUnresolvable']),
  reason: z.string(),
  nodes: count,
});

const pendingSchema = z.strictObject({
  pod: z.string(),
  workload: count,
  message: z.string().meta({description: 'the text of the FailedScheduling event'}),
  reasons: z.array(reasonSchema),
});

const waitingSchema = z.strictObject({pod: z.string(), workload: count, message: z.string()});

const jobStateSchema = z
  .enum(['Running', 'Waiting', 'Refused'])
  .meta({description: 'Waiting: pods or slots are missing; Refused: it would not start with all of them'});

const slotsSchema = z
  .strictObject({
    perTaskManager: count,
    total: count.meta({description: 'of all TaskManagers that are wanted'}),
    used: count.nullable().meta({description: 'taken at full parallelism; null where no job is known'}),
    available: count.meta({description: 'on TaskManagers that are placed'}),
    idle: count.meta({description: 'available, and taken by no job that runs'}),
    missing: count.meta({description: 'what jobs that wait are short of'}),
  })
  .nullable()
  .meta({description: 'null where slots mean nothing or are unknown'});

const nearestMissSchema = z.strictObject({
  pod: z.string(),
  node: z.string(),
  reasons: z.array(z.string()).meta({description: 'what turns the pod down there'}),
  short: resources.meta({description: 'what the node lacks of the request'}),
});

const jobSchema = z.strictObject({
  name: z.string().meta({description: 'KIND/NAMESPACE/NAME'}),
  state: jobStateSchema,
  message: z.string().nullable().meta({description: 'why it does not run; null for one that runs'}),
  slots: slotsSchema,
  heldIdle: cpuAndMemory.meta({description: 'requests of its placed pods while nothing runs on them'}),
  idleManagedMemory: amount.nullable().meta({description: 'bytes of Flink’s managed memory of the idle slots'}),
  members: z.array(
    z
      .strictObject({
        component: z.string(),
        wanted: count,
        needed: count.meta({description: 'without which the job does not run'}),
        placed: count,
      })
      .meta({description: 'one part of the job'}),
  ),
  missingPods: z.array(z.string()).meta({description: 'pods without a node that it waits for, at most 100'}),
  nearestMiss: nearestMissSchema.nullable().meta({description: 'the node nearest to taking the first of these'}),
  cluster: z.string().nullable().meta({description: 'the session cluster whose slots the job takes'}),
});

const warningSchema = z.strictObject({code: z.string(), object: z.string().nullable(), message: z.string()});

export const simulationResultSchema = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal('SimulationResult'),
    exporter: z.string().meta({description: 'NAME@VERSION of the program that wrote the file'}),
    scenario: z.string().nullable().meta({description: 'metadata.name of the scenario'}),
    inputDigest: z.string().meta({description: 'sha256 over the parsed input, independent of key order'}),
    parameters: z.strictObject({
      kubernetesVersion: z.string(),
      percentageOfNodesToScore: z.int().min(0).max(100),
      seed: z.int(),
      ties: z.enum(['first', 'random']),
    }),
    summary: z.strictObject({
      pods: count.meta({description: 'placed + pending + gated + ignored + rejected + evicted'}),
      placed: count,
      pending: count,
      rejected: count,
      gated: count,
      ignored: count,
      evicted: count,
      nodes: count,
      currency: z.string().nullable(),
      costPerHour: z.number().nullable(),
      costPerMonth: z.number().nullable().meta({description: '730 hours'}),
      allocatable: cpuAndMemory,
      requested: cpuAndMemory,
      limits: cpuAndMemory,
      stranded: cpuAndMemory,
      fragmentation: z
        .strictObject({cpu: share, memory: share})
        .meta({description: 'share of the free amount that a random pod of the run cannot use'}),
      jobs: z.strictObject({
        running: count,
        waiting: count,
        refused: count,
        slots: count.meta({description: 'on TaskManagers that are placed'}),
        idleSlots: count,
        idleManagedMemory: amount.nullable().meta({description: 'bytes; null where that of some slots is unknown'}),
        heldIdle: cpuAndMemory.meta({description: 'requests of placed pods of jobs that do not run'}),
      }),
    }),
    nodes: z.array(nodeSchema),
    workloads: z.array(workloadSchema),
    placements: z.array(placementSchema),
    pending: z.array(pendingSchema),
    gated: z.array(waitingSchema),
    ignored: z.array(waitingSchema),
    rejected: z.array(waitingSchema),
    evicted: z.array(waitingSchema).meta({description: 'bare pods that were preempted; others come back as new pods'}),
    jobs: z.array(jobSchema),
    warnings: z.array(warningSchema),
  })
  .meta({id: 'SimulationResult', title: 'Result of a simulation'});

export type SimulationResult = z.infer<typeof simulationResultSchema>;
export type ResultNode = SimulationResult['nodes'][number];
export type ResultWorkload = SimulationResult['workloads'][number];
export type ResultJob = SimulationResult['jobs'][number];
export type ResultWarning = SimulationResult['warnings'][number];
