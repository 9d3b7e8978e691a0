import type {KubernetesObject} from '../../model/kubernetes.ts';
import {addQuantities, formatQuantity, type Quantity} from '../../model/quantity.ts';
import {controllerReference} from '../flinkOutcome.ts';
import type {Claim, Cluster, Container, Fields, Resources, Texts} from './clusterSpec.ts';
import type {ClusterObjects, PodSpec, WorkloadObject} from './objects.ts';
import {quantity, upperBound} from './quantities.ts';

export const VOLCANO = 'volcano';
const GROUP_ANNOTATION = 'scheduling.k8s.io/group-name';

export interface PodGroupObject extends KubernetesObject {
  readonly spec: {
    readonly minMember: number;
    readonly minResources: Texts;
    readonly queue?: string;
    readonly priorityClassName?: string;
  };
}

type Amounts = Map<string, Quantity>;

export interface BatchScheduled {
  readonly objects: ClusterObjects;
  readonly podGroup?: PodGroupObject;
}

/** The name of the batch scheduler that the cluster asks for; null for none. */
export function batchSchedulerName({dialect, spec}: Cluster): string | null {
  const name = dialect === 'spotify' ? spec.batchScheduler?.name : spec.batchSchedulerName;
  return name === undefined || name === '' ? null : name;
}

/** What Volcano's part of the operator changes: the group of the pods, and in each of them its name and scheduler. */
export function withVolcano(cluster: Cluster, objects: ClusterObjects): BatchScheduled {
  const {jobManagerStatefulSet, taskManagerStatefulSet, taskManagerDeployment, job} = objects;
  const isSpotify = cluster.dialect === 'spotify';
  const taskManager = taskManagerStatefulSet ?? taskManagerDeployment;
  if (isSpotify && jobManagerStatefulSet === undefined && taskManager === undefined) return {objects};
  const {queue = '', priorityClassName = ''} = (isSpotify ? cluster.spec.batchScheduler : undefined) ?? {};
  const name = `flink-${cluster.name}`;
  const priority = priorityClassName === '' ? {} : {priorityClassName};
  const inGroup = (workload: WorkloadObject): WorkloadObject =>
    scheduled(workload, priority, {[GROUP_ANNOTATION]: name});
  const podGroup: PodGroupObject = {
    apiVersion: 'scheduling.volcano.sh/v1beta1',
    kind: 'PodGroup',
    metadata: {
      name,
      ...(cluster.namespace === '' ? {} : {namespace: cluster.namespace}),
      ownerReferences: [controllerReference(cluster)],
    },
    spec: {
      ...(isSpotify ? spotifyDemand(objects) : gcpDemand(objects)),
      ...(queue === '' ? {} : {queue}),
      ...priority,
    },
  };
  return {
    podGroup,
    objects: {
      ...objects,
      ...(jobManagerStatefulSet === undefined ? {} : {jobManagerStatefulSet: inGroup(jobManagerStatefulSet)}),
      ...(taskManagerStatefulSet === undefined ? {} : {taskManagerStatefulSet: inGroup(taskManagerStatefulSet)}),
      ...(taskManagerDeployment === undefined ? {} : {taskManagerDeployment: inGroup(taskManagerDeployment)}),
      // GCP's submitter goes through the scheduler, but stays outside the group.
      ...(job === undefined ? {} : {job: isSpotify ? inGroup(job) : scheduled(job, {}, {})}),
    },
  };
}

function scheduled(workload: WorkloadObject, priority: Fields, annotations: Texts): WorkloadObject {
  const {template} = workload.spec;
  const all = {...template.metadata.annotations, ...annotations};
  return {
    ...workload,
    spec: {
      ...workload.spec,
      template: {
        metadata: {...template.metadata, ...(Object.keys(all).length === 0 ? {} : {annotations: all})},
        spec: {...template.spec, schedulerName: VOLCANO, ...priority},
      },
    },
  };
}

type Demand = Pick<PodGroupObject['spec'], 'minMember' | 'minResources'>;

/** Limits before requests, of init containers, too, and the storage of claims; each amount under three names. */
function spotifyDemand(objects: ClusterObjects): Demand {
  const {jobManagerStatefulSet, taskManagerStatefulSet, taskManagerDeployment, job} = objects;
  const amounts: Amounts = new Map();
  let minMember = 0;
  for (const workload of [jobManagerStatefulSet, taskManagerStatefulSet ?? taskManagerDeployment, job]) {
    if (workload === undefined) continue;
    const replicas = workload.spec.replicas ?? 1;
    minMember += replicas;
    const pod = podAmounts(workload.spec.template.spec);
    for (const claim of claimResources(workload)) addAll(pod, claim.requests ?? {});
    for (const [name, amount] of pod) add(amounts, name, times(amount, replicas));
  }
  const entries = [...amounts].flatMap(([name, amount]) =>
    [name, `requests.${name}`, `limits.${name}`].map((key) => [key, formatQuantity(amount)] as const),
  );
  return {minMember, minResources: Object.fromEntries(entries)};
}

function podAmounts({containers, initContainers = []}: PodSpec): Amounts {
  const amounts: Amounts = new Map();
  for (const container of [...containers, ...initContainers] as Container[]) {
    const resources = container.resources ?? {};
    add(amounts, 'cpu', upperBound(resources, 'cpu'));
    add(amounts, 'memory', upperBound(resources, 'memory'));
    for (const name of ['storage', 'ephemeral-storage']) {
      const request = quantity(resources.requests, name);
      if (request !== undefined && request.unscaled !== 0n) add(amounts, name, request);
    }
  }
  return amounts;
}

/** Of the claims of a StatefulSet, of the ephemeral volumes of a Deployment. */
function claimResources({kind, spec}: WorkloadObject): readonly Resources[] {
  if (kind === 'StatefulSet') {
    const {volumeClaimTemplates = []} = spec as {volumeClaimTemplates?: readonly Claim[]};
    return volumeClaimTemplates.map((claim) => claim.spec.resources ?? {});
  }
  if (kind !== 'Deployment') return [];
  const volumes = spec.template.spec.volumes as readonly {ephemeral?: {volumeClaimTemplate?: Claim}}[];
  return volumes.map(({ephemeral}) => ephemeral?.volumeClaimTemplate?.spec.resources ?? {});
}

/** Requests of the containers; a limit counts where nothing of its name has been counted for the pod yet. */
function gcpDemand({jobManagerStatefulSet, taskManagerStatefulSet}: ClusterObjects): Demand {
  const amounts: Amounts = new Map();
  let minMember = 0;
  for (const workload of [jobManagerStatefulSet, taskManagerStatefulSet]) {
    if (workload === undefined) continue;
    const replicas = workload.spec.replicas ?? 1;
    minMember += replicas;
    const pod: Amounts = new Map();
    for (const {resources = {}} of workload.spec.template.spec.containers as Container[]) {
      addAll(pod, resources.requests ?? {});
      const {limits = {}} = resources;
      addAll(pod, Object.fromEntries(Object.entries(limits).filter(([name]) => !pod.has(name))));
    }
    for (const [name, amount] of pod) add(amounts, name, times(amount, replicas));
  }
  const entries = [...amounts].map(([name, amount]) => [name, formatQuantity(amount)] as const);
  return {minMember, minResources: Object.fromEntries(entries)};
}

function addAll(amounts: Amounts, list: Texts): void {
  for (const name of Object.keys(list)) {
    const amount = quantity(list, name);
    if (amount !== undefined) add(amounts, name, amount);
  }
}

function add(amounts: Amounts, name: string, amount: Quantity): void {
  const sum = amounts.get(name);
  amounts.set(name, sum === undefined ? amount : addQuantities(sum, amount));
}

function times(amount: Quantity, count: number): Quantity {
  return {...amount, unscaled: amount.unscaled * BigInt(count)};
}
