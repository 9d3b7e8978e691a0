/** The jobs of a result: a job is more than its pods, so whether it runs is told of the whole. */
import {objectReference} from '../model/kubernetes.ts';
import {podKey, type Workload} from '../model/pod.ts';
import type {GangOutcome} from '../simulator/gangs/gangOutcome.ts';
import type {Simulation} from '../simulator/simulation.ts';
import {formatPlural} from './format.ts';
import type {ResultJob, SimulationResult} from './simulationResult.ts';

const MOST_PODS = 100;

type JobsSummary = SimulationResult['summary']['jobs'];

/** Jobs by state, and the slots of all clusters. */
export function summarizeJobs(jobs: readonly ResultJob[]): JobsSummary {
  const inState = (wanted: ResultJob['state']): number => jobs.filter(({state}) => state === wanted).length;
  const clusters = jobs.filter(({cluster, slots}) => cluster === null && slots !== null);
  const managed = clusters.map(({idleManagedMemory}) => idleManagedMemory);
  return {
    running: inState('Running'),
    waiting: inState('Waiting'),
    refused: inState('Refused'),
    slots: sum(clusters.map(({slots}) => slots!.available)),
    idleSlots: sum(clusters.map(({slots}) => slots!.idle)),
    idleManagedMemory: managed.includes(null) ? null : sum(managed.map((bytes) => bytes ?? 0)),
    heldIdle: {
      cpu: Math.round(sum(jobs.map(({heldIdle}) => heldIdle.cpu)) * 1000) / 1000,
      memory: sum(jobs.map(({heldIdle}) => heldIdle.memory)),
    },
  };
}

/** One row for each gang, and one for each job in a session cluster after the cluster's own. */
export function jobRows({gangs}: Pick<Simulation, 'gangs'>): ResultJob[] {
  return gangs.flatMap((outcome) => [gangRow(outcome), ...tenantRows(outcome)]);
}

function gangRow(outcome: GangOutcome): ResultJob {
  const {gang, state, members, slots, heldIdle, missingPods, nearestMiss} = outcome;
  return {
    name: nameOf(gang),
    state,
    message: messageOf(outcome),
    slots:
      slots === null || gang.slots === null
        ? null
        : {
            perTaskManager: gang.slots.perTaskManager,
            total: gang.slots.total,
            used: gang.slots.used,
            available: slots.available,
            idle: slots.idle,
            missing: slots.missing,
          },
    heldIdle: {cpu: heldIdle.cpu / 1000, memory: heldIdle.memory},
    idleManagedMemory: slots?.idleManagedMemory ?? null,
    members: members.map(({workload, minAvailable, placed}) => ({
      component: componentOf(workload),
      wanted: workload.replicas,
      needed: minAvailable,
      placed,
    })),
    missingPods: missingPods.slice(0, MOST_PODS).map(podKey),
    nearestMiss: nearestMiss === null ? null : missRow(nearestMiss),
    cluster: null,
  };
}

function missRow({pod, node, rejections}: NonNullable<GangOutcome['nearestMiss']>): ResultJob['nearestMiss'] {
  const short: Record<string, number> = {};
  for (const {details} of rejections) {
    for (const detail of details) if (detail.kind === 'Resource') short[detail.resource] = detail.short;
  }
  return {pod: podKey(pod), node, reasons: [...new Set(rejections.flatMap(({reasons}) => reasons))], short};
}

function messageOf({gang, state, members, slots}: GangOutcome): string | null {
  if (state === 'Running') return null;
  if (state === 'Refused') return gang.refusal;
  const lacking = members.filter(({minAvailable, placed}) => placed < minAvailable);
  const counts = lacking.map(
    ({workload, minAvailable, placed}) => `${placed} of ${formatPlural(minAvailable, componentOf(workload))}`,
  );
  const few = lacking
    .filter(({workload, minAvailable}) => workload.replicas < minAvailable)
    .map(({workload}) => `, and the resource asks for ${workload.replicas} only`);
  const shortage = slots === null || slots.missing === 0 ? [] : [`${formatPlural(slots.missing, 'slot')} missing`];
  const placed = lacking.length === 0 ? [] : [`${counts.join(' and ')} placed${few.join('')}`];
  return [...shortage, ...placed].join(': ');
}

function tenantRows({gang, tenants, slots, missingPods, nearestMiss}: GangOutcome): ResultJob[] {
  return tenants.map((tenant) => ({
    name: nameOf(tenant),
    state: tenant.state,
    message:
      tenant.state === 'Running'
        ? null
        : tenant.state === 'Refused'
          ? gang.refusal
          : tenant.missing > 0
            ? `${formatPlural(tenant.missing, 'slot')} missing in its session cluster`
            : 'its session cluster does not run',
    slots: {
      perTaskManager: gang.slots?.perTaskManager ?? 0,
      total: tenant.slots,
      used: tenant.slots,
      available: tenant.state === 'Running' ? tenant.slots : Math.max(0, tenant.slots - tenant.missing),
      idle: 0,
      missing: tenant.missing,
    },
    heldIdle: {cpu: 0, memory: 0},
    idleManagedMemory: slots?.idleManagedMemory === null ? null : 0,
    members: [],
    missingPods: tenant.missing > 0 ? missingPods.slice(0, MOST_PODS).map(podKey) : [],
    nearestMiss: tenant.missing > 0 && nearestMiss !== null ? missRow(nearestMiss) : null,
    cluster: nameOf(gang),
  }));
}

function nameOf({kind, namespace, name}: {readonly kind: string; readonly namespace: string; readonly name: string}) {
  return objectReference(kind, namespace, name);
}

function componentOf({component, kind}: Workload): string {
  return component ?? kind.toLowerCase();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
