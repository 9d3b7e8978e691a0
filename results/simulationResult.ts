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

const jobSchema = z.strictObject({
  name: z.string().meta({description: 'KIND/NAMESPACE/NAME'}),
  state: z.enum(['Running', 'Waiting', 'Refused']),
  slots: z.strictObject({total: count, used: count.nullable()}).nullable(),
  members: z.array(
    z.strictObject({component: z.string(), wanted: count, placed: count}).meta({description: 'one part of the job'}),
  ),
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
export type ResultWarning = SimulationResult['warnings'][number];
