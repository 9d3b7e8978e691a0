import type {ClusterModel} from '../model/clusterModel.ts';
import type {Diagnostic} from '../model/diagnostic.ts';
import {objectReference} from '../model/kubernetes.ts';
import type {Labels} from '../model/labels.ts';
import type {PodClass} from '../model/pod.ts';
import {matchesLabels} from '../model/selector.ts';
import type {SchedulerConfiguration} from './framework/schedulerConfiguration.ts';
import type {Simulation} from './simulation.ts';

interface Constraint {
  /** The plugin of kube-scheduler that would look at it. */
  readonly plugin: string;
  readonly what: string;
  has(podClass: PodClass): boolean;
}

/**
 * A warning for every part of kube-scheduler that is not evaluated yet and that some pod of the model asks for: its
 * placement may differ from the real one.
 */
export function notEvaluated(
  model: ClusterModel,
  simulation: Simulation,
  configuration?: SchedulerConfiguration,
): Diagnostic[] {
  const constraints: readonly Constraint[] = [
    {
      plugin: 'PodTopologySpread',
      what: 'have topologySpreadConstraints',
      has: ({spec}) => (spec.topologySpreadConstraints ?? []).length > 0,
    },
    {
      plugin: 'PodTopologySpread',
      what: 'are replicas that kube-scheduler spreads over hosts and zones by default',
      has: defaultSpreading(model, configuration),
    },
    {
      plugin: 'InterPodAffinity',
      what: 'have podAffinity or podAntiAffinity',
      has: ({spec}) => spec.affinity?.podAffinity !== undefined || spec.affinity?.podAntiAffinity !== undefined,
    },
    {
      plugin: 'VolumeBinding',
      what: 'have volumes with a claim, which can tie them to a zone or node',
      has: ({spec}) =>
        (spec.volumes ?? []).some(
          ({persistentVolumeClaim, ephemeral}) => persistentVolumeClaim !== undefined || ephemeral !== undefined,
        ),
    },
    {
      plugin: 'DynamicResources',
      what: 'have resourceClaims',
      has: ({spec}) => (spec.resourceClaims ?? []).length > 0,
    },
    {
      plugin: 'DefaultPreemption',
      what: 'are pending and could preempt pods of lower priority',
      has: preemptors(model, simulation),
    },
  ];
  const counts = podsPerClass(model);
  return constraints.flatMap((constraint) => {
    const concerned = model.classes.filter((podClass) => (counts.get(podClass) ?? 0) > 0 && constraint.has(podClass));
    return concerned.length === 0 ? [] : [toWarning(constraint, concerned, counts)];
  });
}

/** Workloads named in one warning. */
const NAMED = 3;

function toWarning(
  {plugin, what}: Constraint,
  concerned: readonly PodClass[],
  counts: ReadonlyMap<PodClass, number>,
): Diagnostic {
  const pods = concerned.reduce((sum, podClass) => sum + (counts.get(podClass) ?? 0), 0);
  const names = [
    ...new Set(concerned.map(({workload: {kind, namespace, name}}) => objectReference(kind, namespace, name))),
  ];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return {
    code: 'STW-3001',
    severity: 'warning',
    message: `${plugin} is not evaluated yet: ${pods} ${pods === 1 ? 'pod' : 'pods'} ${what} (${names.slice(0, NAMED).join(', ')}${more})`,
  };
}

function podsPerClass(model: ClusterModel): ReadonlyMap<PodClass, number> {
  const counts = new Map<PodClass, number>();
  for (const pod of model.pods) if (pod.nodeName === null) counts.set(pod.class, (counts.get(pod.class) ?? 0) + 1);
  return counts;
}

/** Pods without constraints of their own that a Service selects or a ReplicaSet or StatefulSet owns. */
function defaultSpreading(
  {objects}: ClusterModel,
  configuration: SchedulerConfiguration | undefined,
): (podClass: PodClass) => boolean {
  const without = new Set(
    configuration?.profiles.filter((profile) => !profile.hasDefaultSpreading).map(({schedulerName}) => schedulerName),
  );
  const services = Map.groupBy(
    objects.filter(({kind, apiVersion}) => kind === 'Service' && apiVersion === 'v1'),
    ({metadata}) => metadata.namespace ?? '',
  );
  return ({spec, owner, labels, namespace, schedulerName}) => {
    if (without.has(schedulerName)) return false;
    if ((spec.topologySpreadConstraints ?? []).length > 0) return false;
    if (owner !== null && ['ReplicaSet', 'ReplicationController', 'StatefulSet'].includes(owner.kind)) return true;
    return (services.get(namespace) ?? []).some((service) => {
      const {selector} = (service.spec ?? {}) as {selector?: Labels};
      return selector !== undefined && Object.keys(selector).length > 0 && matchesLabels(selector, labels);
    });
  };
}

function preemptors(model: ClusterModel, {pending, nodeOfPod}: Simulation): (podClass: PodClass) => boolean {
  let lowest = Number.POSITIVE_INFINITY;
  for (const pod of model.pods) if (nodeOfPod[pod.index]! >= 0) lowest = Math.min(lowest, pod.class.priority);
  const classes = new Set(
    pending.filter(({reasons}) => reasons.some(({code}) => code === 'Unschedulable')).map(({pod}) => pod.class),
  );
  return (podClass) =>
    classes.has(podClass) && podClass.priority > lowest && podClass.preemptionPolicy === 'PreemptLowerPriority';
}
