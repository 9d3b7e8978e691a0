/** The life of a FlinkCluster's job, with the operators of spotify and GoogleCloudPlatform. */
import {type AssumedDurations, assumed, type Duration, fixed, heartbeatLoss} from './durations.ts';
import {
  counts,
  type LifecycleEvent,
  type LifecycleEventKind,
  type LifecycleStep,
  type PodCounts,
} from './lifecycleEvent.ts';
import {replaceTaskManager, restoreJob, startJobManager} from './recovery.ts';

export interface ClusterJob {
  readonly operator: 'spotify' | 'gcp';
  readonly mode: 'Detached' | 'Blocking' | 'Application';
  readonly taskManagers: number;
  readonly isStatefulSet: boolean;
  readonly recreateOnUpdate: boolean;
  readonly takesSavepoint: boolean;
  readonly restartsFromSavepoint: boolean;
  readonly isHighlyAvailable: boolean;
  /** Whether Flink takes up TaskManagers as they come. */
  readonly isAdaptive: boolean;
  /** 1.15 or later. */
  readonly countsFailedCalls: boolean;
  readonly cleanupPolicy: Readonly<Record<'afterJobSucceeds' | 'afterJobFails' | 'afterJobCancelled', string>>;
  readonly configuration: Readonly<Record<string, string>>;
}

export function clusterLifecycle(job: ClusterJob, durations: AssumedDurations): readonly LifecycleEvent[] {
  return [
    firstDeploy(job, durations),
    upgrade(job, durations),
    rescale(job, durations),
    taskManagerFailover(job, durations),
    jobManagerLoss(job, durations),
    jobEnd(job, 'JobSucceeds', 'afterJobSucceeds', durations),
    jobEnd(job, 'JobFails', 'afterJobFails', durations),
    jobEnd(job, 'JobCancelled', 'afterJobCancelled', durations),
  ];
}

const NOTHING = counts(0, 0);

/** The pods while the job runs: a submitter that blocks stays as long as the job. */
function standing({mode, taskManagers}: ClusterJob): PodCounts {
  return counts(1, taskManagers, mode === 'Blocking' ? 1 : 0);
}

function withSubmitter({mode, taskManagers}: ClusterJob): PodCounts {
  return counts(1, taskManagers, mode === 'Application' ? 0 : 1);
}

/** Three good answers of the JobManager, asked every five seconds; it gives up after 120. */
const WAIT_FOR_REST = fixed(15, 'submit-job.sh: 3 answers of the JobManager, asked every 5 s, within 120 tries');

function startSteps(job: ClusterJob, durations: AssumedDurations, restore: boolean): readonly LifecycleStep[] {
  const held = withSubmitter(job);
  return [
    {what: 'pods start', duration: assumed(durations, 'start'), held, isRunning: false},
    ...(job.mode === 'Application'
      ? []
      : [
          {what: 'the submitter waits for the JobManager and submits', duration: WAIT_FOR_REST, held, isRunning: false},
        ]),
    ...(restore ? [{what: 'state is restored', duration: assumed(durations, 'restore'), held, isRunning: false}] : []),
  ];
}

function running(job: ClusterJob): LifecycleStep {
  return {what: 'the job runs', duration: null, held: standing(job), isRunning: true};
}

function firstDeploy(job: ClusterJob, durations: AssumedDurations): LifecycleEvent {
  const notes =
    job.mode === 'Blocking'
      ? ['the submitter holds its requests as long as the job runs']
      : job.mode === 'Application'
        ? ['there is no submitter: the JobManager runs the program']
        : ['the submitter leaves once the job is submitted'];
  return {
    kind: 'FirstDeploy',
    mode: job.mode,
    steps: [...startSteps(job, durations, false), running(job)],
    notes,
  };
}

function stopping({operator}: ClusterJob, durations: AssumedDurations): Duration {
  return operator === 'spotify'
    ? fixed(30, 'preStop hook of every JobManager and TaskManager: sleep 30')
    : assumed(durations, 'stop');
}

function savepointStep(job: ClusterJob, durations: AssumedDurations): readonly LifecycleStep[] {
  if (!job.takesSavepoint) return [];
  const held = standing(job);
  return [
    {
      what: 'a savepoint is taken, the job stops with it',
      duration: assumed(durations, 'savepoint'),
      held,
      isRunning: false,
    },
  ];
}

function upgrade(job: ClusterJob, durations: AssumedDurations): LifecycleEvent {
  const held = counts(1, job.taskManagers);
  const first = job.takesSavepoint ? 'savepoint, then ' : 'without a savepoint, ';
  if (job.recreateOnUpdate) {
    return {
      kind: 'Upgrade',
      mode: `${first}recreated`,
      steps: [
        ...savepointStep(job, durations),
        {what: 'all pods stop', duration: stopping(job, durations), held, isRunning: false},
        {
          what: 'the old objects are gone',
          duration: fixed(0, 'the operator recreates them at its next look'),
          held: NOTHING,
          isRunning: false,
        },
        ...startSteps(job, durations, true),
        running(job),
      ],
      notes: ['no surge: the old pods go first, and others may take their room before the new ones come'],
    };
  }
  return {
    kind: 'Upgrade',
    mode: `${first}in place`,
    steps: [
      ...savepointStep(job, durations),
      {
        what: 'pods are replaced where they are',
        duration: {
          seconds: (stopping(job, durations).seconds + durations.start) * (job.isStatefulSet ? job.taskManagers : 1),
          basis: 'Assumed',
          source: job.isStatefulSet ? 'a StatefulSet replaces its pods one after the other' : 'rolling update',
        },
        held,
        isRunning: false,
      },
      ...startSteps(job, durations, true).slice(1),
      running(job),
    ],
    notes: job.isStatefulSet
      ? ['no surge: a pod goes before the one in its place comes']
      : ['a Deployment of TaskManagers surges by a quarter (maxSurge 25 %) while it rolls'],
  };
}

function rescale(job: ClusterJob, durations: AssumedDurations): LifecycleEvent {
  if (job.operator === 'spotify') {
    const start = assumed(durations, 'start');
    return {
      kind: 'Rescale',
      mode: 'in place, when taskManager.replicas is all that changes',
      steps: [
        {
          what: 'the added TaskManagers start, or the surplus ones stop',
          duration: start,
          held: standing(job),
          isRunning: !job.isAdaptive,
        },
        ...(job.isAdaptive
          ? [
              {
                what: 'the job restarts from its last checkpoint',
                duration: assumed(durations, 'restore'),
                held: standing(job),
                isRunning: false,
              },
            ]
          : []),
        running(job),
      ],
      notes: [
        job.isAdaptive
          ? 'every TaskManager that comes or goes restarts the job'
          : 'the parallelism of the job stays as it is: added slots are idle, and slots that are missing stop it',
      ],
    };
  }
  return {...upgrade(job, durations), kind: 'Rescale', notes: ['a change of replicas is an update like any other']};
}

function taskManagerFailover(job: ClusterJob, durations: AssumedDurations): LifecycleEvent {
  return {
    kind: 'TaskManagerFailover',
    mode: job.isStatefulSet ? 'the StatefulSet makes the same pod again' : 'the Deployment makes a new pod',
    steps: [
      ...replaceTaskManager(standing(job), heartbeatLoss(job.configuration, job.countsFailedCalls), durations),
      running(job),
    ],
    notes: job.isStatefulSet
      ? ['on a node that is NotReady the pod is not replaced before its end is confirmed']
      : ['on a node that is NotReady the pod is evicted after 300 s, the default toleration'],
  };
}

function jobManagerLoss(job: ClusterJob, durations: AssumedDurations): LifecycleEvent {
  const held = standing(job);
  const start = startJobManager(held, durations);
  const restore = restoreJob(held, durations);
  if (job.isHighlyAvailable) {
    return {kind: 'JobManagerLoss', mode: 'with high availability', steps: [start, restore, running(job)], notes: []};
  }
  if (job.restartsFromSavepoint) {
    return {
      kind: 'JobManagerLoss',
      mode: 'without high availability, from the last savepoint',
      steps: [start, ...startSteps(job, durations, true).slice(1), running(job)],
      notes: ['the job is Lost; the operator submits it again if its savepoint is recent enough'],
    };
  }
  return {
    kind: 'JobManagerLoss',
    mode: 'without high availability',
    steps: [start, {what: 'the job is Lost', duration: null, held: heldAfter(job, 'afterJobFails'), isRunning: false}],
    notes: ['nobody starts the job again; Lost counts as a failure for the cleanup policy'],
  };
}

type Outcome = keyof ClusterJob['cleanupPolicy'];

function heldAfter({cleanupPolicy, taskManagers}: ClusterJob, outcome: Outcome): PodCounts {
  switch (cleanupPolicy[outcome]) {
    case 'DeleteCluster':
      return NOTHING;
    case 'DeleteTaskManager':
      return counts(1, 0);
    default:
      return counts(1, taskManagers);
  }
}

function jobEnd(
  job: ClusterJob,
  kind: LifecycleEventKind,
  outcome: Outcome,
  durations: AssumedDurations,
): LifecycleEvent {
  const policy = job.cleanupPolicy[outcome];
  const after = heldAfter(job, outcome);
  const isKept = policy === 'KeepCluster';
  const {taskManagers} = job;
  return {
    kind,
    mode: policy,
    steps: [
      ...(isKept
        ? []
        : [{what: 'pods stop', duration: stopping(job, durations), held: counts(1, taskManagers), isRunning: false}]),
      {what: isKept ? 'all pods are kept' : 'what is left', duration: null, held: after, isRunning: false},
    ],
    notes:
      isKept && taskManagers > 0
        ? [`${taskManagers} TaskManagers keep their requests until somebody deletes the cluster`]
        : [],
  };
}
