/** The life of a FlinkDeployment's job, with Apache's operator. */
import {type AssumedDurations, assumed, configured, fixed, heartbeatLoss} from './durations.ts';
import {counts, type LifecycleEvent, type LifecycleStep, type PodCounts} from './lifecycleEvent.ts';
import {replaceTaskManager, restoreJob, startJobManager} from './recovery.ts';

export interface DeploymentJob {
  readonly isNative: boolean;
  readonly upgradeMode: 'stateless' | 'savepoint' | 'last-state';
  readonly jobManagers: number;
  readonly taskManagers: number;
  readonly isHighlyAvailable: boolean;
  readonly isAdaptive: boolean;
  /** 1.18 or later, where parallelism is changed without a restart of pods. */
  readonly scalesInPlace: boolean;
  /** 1.15 or later. */
  readonly countsFailedCalls: boolean;
  readonly configuration: Readonly<Record<string, string>>;
}

export function deploymentLifecycle(job: DeploymentJob, durations: AssumedDurations): readonly LifecycleEvent[] {
  return [
    firstDeploy(job, durations),
    upgrade(job, durations),
    rescale(job, durations),
    taskManagerFailover(job, durations),
    jobManagerLoss(job, durations),
    jobEnd(job, 'JobSucceeds'),
    jobEnd(job, 'JobFails'),
    cancelled(job),
  ];
}

/** A FlinkBlueGreenDeployment: the second cluster is there in full before the first goes. */
export function blueGreenLifecycle(job: DeploymentJob, durations: AssumedDurations): readonly LifecycleEvent[] {
  const one = standing(job);
  const both = counts(one.jobManagers * 2, one.taskManagers * 2);
  const {configuration} = job;
  const poll = configured(configuration, ['kubernetes.operator.bluegreen.reconciliation.reschedule-interval'], 15);
  const deletion = configured(configuration, ['kubernetes.operator.bluegreen.deployment-deletion.delay'], 0);
  const grace = configured(configuration, ['kubernetes.operator.bluegreen.abort.grace-period'], 600);
  const transition: LifecycleEvent = {
    kind: 'BlueGreen',
    mode: 'the other colour beside the running one',
    steps: [
      ...(job.upgradeMode === 'savepoint'
        ? [{what: 'a savepoint is taken', duration: assumed(durations, 'savepoint'), held: one, isRunning: true}]
        : []),
      {what: 'the second cluster starts', duration: assumed(durations, 'start'), held: both, isRunning: true},
      {what: 'its job restores its state', duration: assumed(durations, 'restore'), held: both, isRunning: true},
      {what: 'the operator notices that it is ready', duration: poll, held: both, isRunning: true},
      {what: 'the first cluster waits to be deleted', duration: deletion, held: both, isRunning: true},
      {what: 'the first cluster stops', duration: assumed(durations, 'stop'), held: both, isRunning: true},
      running(job),
    ],
    notes: [
      `both clusters hold their requests at once; where the second is not ready within ${grace.seconds} s, it is given up and the first stays`,
    ],
  };
  const life = deploymentLifecycle(job, durations).filter(({kind}) => kind !== 'Upgrade' && kind !== 'Rescale');
  return [...life.slice(0, 1), transition, ...life.slice(1)];
}

const NOTHING = counts(0, 0);

function standing({jobManagers, taskManagers}: DeploymentJob): PodCounts {
  return counts(jobManagers, taskManagers);
}

function running(job: DeploymentJob): LifecycleStep {
  return {what: 'the job runs', duration: null, held: standing(job), isRunning: true};
}

/** In native mode Flink asks for TaskManagers only once its JobManager is there. */
function startSteps(job: DeploymentJob, durations: AssumedDurations, restore: boolean): readonly LifecycleStep[] {
  const held = standing(job);
  const start = assumed(durations, 'start');
  return [
    ...(job.isNative
      ? [
          {what: 'the JobManager starts', duration: start, held: counts(job.jobManagers, 0), isRunning: false},
          {what: 'it asks for TaskManagers, which start', duration: start, held, isRunning: false},
        ]
      : [{what: 'pods start', duration: start, held, isRunning: false}]),
    ...(restore ? [{what: 'state is restored', duration: assumed(durations, 'restore'), held, isRunning: false}] : []),
  ];
}

function firstDeploy(job: DeploymentJob, durations: AssumedDurations): LifecycleEvent {
  return {
    kind: 'FirstDeploy',
    mode: job.isNative ? 'native' : 'standalone',
    steps: [...startSteps(job, durations, false), running(job)],
    notes: job.isNative
      ? [
          `pods that do not register within 5 min are asked for again; slots that do not come within ${slotTimeout(job).seconds} s restart the job`,
        ]
      : [],
  };
}

function slotTimeout({configuration}: DeploymentJob) {
  return configured(configuration, ['slot.request.timeout'], 300);
}

function upgrade(job: DeploymentJob, durations: AssumedDurations): LifecycleEvent {
  const held = standing(job);
  const isStateful = job.upgradeMode !== 'stateless';
  return {
    kind: 'Upgrade',
    mode: `${job.upgradeMode}, then redeployed`,
    steps: [
      ...(job.upgradeMode === 'savepoint'
        ? [
            {
              what: 'a savepoint is taken, the job stops with it',
              duration: assumed(durations, 'savepoint'),
              held,
              isRunning: false,
            },
          ]
        : []),
      {what: 'all pods stop', duration: assumed(durations, 'stop'), held, isRunning: false},
      {
        what: 'the old cluster is gone',
        duration: fixed(0, 'the operator redeploys at once'),
        held: NOTHING,
        isRunning: false,
      },
      ...startSteps(job, durations, isStateful),
      running(job),
    ],
    notes: ['no surge: the old pods go first, and others may take their room before the new ones come'],
  };
}

function rescale(job: DeploymentJob, durations: AssumedDurations): LifecycleEvent {
  if (!job.scalesInPlace || !job.isAdaptive) {
    return {
      ...upgrade(job, durations),
      kind: 'Rescale',
      notes: ['a change of parallelism is an upgrade like any other'],
    };
  }
  const held = standing(job);
  const stabilization = configured(
    job.configuration,
    [
      'jobmanager.adaptive-scheduler.resource-stabilization-timeout',
      'jobmanager.adaptive-scheduler.executing.resource-stabilization-timeout',
    ],
    10,
  );
  return {
    kind: 'Rescale',
    mode: 'in place',
    steps: [
      {what: 'added TaskManagers start', duration: assumed(durations, 'start'), held, isRunning: true},
      {what: 'Flink waits for the slots to settle', duration: stabilization, held, isRunning: true},
      {
        what: 'the job restarts from its last checkpoint',
        duration: assumed(durations, 'restore'),
        held,
        isRunning: false,
      },
      running(job),
    ],
    notes: [
      'slots that do not come do not stop the job: it goes on at the parallelism that there is room for',
      ...(job.isNative ? [`TaskManagers that are no longer needed leave after ${idleTimeout(job).seconds} s`] : []),
    ],
  };
}

function idleTimeout({configuration}: DeploymentJob) {
  return configured(configuration, ['resourcemanager.taskmanager-timeout'], 30);
}

function taskManagerFailover(job: DeploymentJob, durations: AssumedDurations): LifecycleEvent {
  return {
    kind: 'TaskManagerFailover',
    mode: job.isNative ? 'Flink asks for a pod of a new name' : 'the Deployment makes a new pod',
    steps: [
      ...replaceTaskManager(
        standing(job),
        job.isNative ? fixed(0, 'Flink watches its pods') : heartbeatLoss(job.configuration, job.countsFailedCalls),
        durations,
      ),
      running(job),
    ],
    notes: ['losing one TaskManager stops every task that exchanges data with its own: in a streaming job all of them'],
  };
}

function jobManagerLoss(job: DeploymentJob, durations: AssumedDurations): LifecycleEvent {
  const held = standing(job);
  const restore = restoreJob(held, durations);
  const start = startJobManager(held, durations);
  if (!job.isHighlyAvailable) {
    return {
      kind: 'JobManagerLoss',
      mode: 'without high availability',
      steps: [start, restore, running(job)],
      notes: [
        'the job begins from where its specification says, not from its last checkpoint; its TaskManagers start anew, too',
      ],
    };
  }
  const standsBy = job.jobManagers > 1;
  return {
    kind: 'JobManagerLoss',
    mode: standsBy ? 'another JobManager takes over' : 'with high availability',
    steps: [...(standsBy ? [] : [start]), restore, running(job)],
    notes: standsBy ? ['every JobManager that stands by holds its requests all the time'] : [],
  };
}

function jobEnd(job: DeploymentJob, kind: 'JobSucceeds' | 'JobFails'): LifecycleEvent {
  const ttl = configured(job.configuration, ['kubernetes.operator.jm-deployment.shutdown-ttl'], 86_400);
  const {jobManagers, taskManagers, isNative} = job;
  return {
    kind,
    mode: isNative ? 'Flink lets its TaskManagers go' : 'TaskManagers stay with the JobManager',
    steps: [
      {
        what: isNative ? 'idle TaskManagers leave' : 'pods stay so that the result can be seen',
        duration: isNative ? idleTimeout(job) : ttl,
        held: standing(job),
        isRunning: false,
      },
      ...(isNative
        ? [
            {
              what: 'the JobManager stays so that the result can be seen',
              duration: ttl,
              held: counts(jobManagers, 0),
              isRunning: false,
            },
          ]
        : []),
      {what: 'the cluster is gone', duration: null, held: NOTHING, isRunning: false},
    ],
    notes:
      isNative || taskManagers === 0
        ? []
        : [`${taskManagers} TaskManagers keep their requests for ${ttl.seconds} s after the job has ended`],
  };
}

function cancelled({jobManagers, taskManagers}: DeploymentJob): LifecycleEvent {
  return {
    kind: 'JobCancelled',
    mode: 'suspended or deleted',
    steps: [
      {
        what: 'all pods stop',
        duration: fixed(30, 'the default grace period of a pod, at most'),
        held: counts(jobManagers, taskManagers),
        isRunning: false,
      },
      {what: 'the cluster is gone', duration: null, held: NOTHING, isRunning: false},
    ],
    notes: [],
  };
}
