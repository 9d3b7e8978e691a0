import type {KubernetesObject} from '../../model/kubernetes.ts';
import {simulate} from '../../simulator/simulate.ts';
import {addTopologyLabels} from '../../workloads/admission/podTopologyLabels.ts';
import {qualifiedKind} from '../../workloads/apiKinds.ts';
import {templateHash} from '../../workloads/names.ts';
import {listedPods, WORKLOAD_ANNOTATION, workloadReference} from '../../workloads/podList.ts';
import type {GoldenCase, Row} from './goldenCase.ts';
import type {OwnCase} from './runCase.ts';

const SIMULATION = {kubernetesVersion: '1.36', percentageOfNodesToScore: 100, seed: 0, ties: 'first'} as const;
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What Stowage made of a case, as lines of a golden file. */
export function ownRows(own: OwnCase, golden: GoldenCase): Row[] {
  const rows = [
    ...own.undecoded,
    ...own.log.refusals.map(({object, code, message, others}) => ({
      type: 'rejected',
      kind: object.kind,
      namespace: object.metadata.namespace,
      name: object.metadata.name,
      code,
      reason: code === 403 ? 'Forbidden' : 'Invalid',
      message,
      others,
    })),
    ...own.log.warnings.map(({object, text}) => ({
      type: 'warning',
      kind: object.kind,
      namespace: object.metadata.namespace,
      name: object.metadata.name,
      text,
    })),
    ...ownerRows(own),
    ...claimRows(own),
    ...configurationRows(own),
    ...podRows(own, golden),
  ];
  const hashes = hashesOf(own);
  return rows.map((row) => JSON.parse(withPlaceholders(JSON.stringify(row), hashes)));
}

/** Everything that a real cluster draws or hashes. */
function withPlaceholders(text: string, hashes: readonly string[]): string {
  let placed = text.replace(UUID, '{uid}');
  for (const hash of hashes) placed = placed.replaceAll(hash, '{hash}');
  return placed;
}

function hashesOf({log}: OwnCase): string[] {
  return log.stored
    .filter(({kind}) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind))
    .map(({kind, metadata}) => templateHash(kind, metadata.namespace ?? '', metadata.name ?? ''));
}

/** Five characters at the end of a name that the API server completed. */
function withRand(name: string): string {
  return `${name.slice(0, -5)}{rand}`;
}

function podRows({model, inputs}: OwnCase, golden: GoldenCase): Row[] {
  const named = new Set(inputs.map(({object: {metadata}}) => `${metadata.namespace}/${metadata.name}`));
  const nodeOfPod = golden.hasScheduler ? simulate(model, SIMULATION).nodeOfPod : null;
  return listedPods(model).map(({metadata, spec, status}, index) => {
    const pod = model.pods[index]!;
    const node = model.nodes[nodeOfPod?.[index] ?? -1];
    const {owner, workload} = pod.class;
    const {[WORKLOAD_ANNOTATION]: _workload, ...annotations} = metadata.annotations;
    const isFixed =
      workload.kind === 'Pod' || owner === null ? workload.name === pod.name : owner.kind === 'StatefulSet';
    return {
      type: 'pod',
      namespace: metadata.namespace,
      owner: workloadReference(workload),
      name: isFixed || named.has(`${metadata.namespace}/${pod.name}`) ? pod.name : withRand(pod.name),
      count: 1,
      qosClass: status.qosClass,
      // A binding is an admission, too: it writes the topology of the node into the pod.
      labels: node === undefined ? metadata.labels : addTopologyLabels(metadata.labels, node.labels),
      annotations,
      spec: node === undefined ? spec : {...spec, nodeName: node.name},
    };
  });
}

const OWNERS: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
]);

function ownerRows({model, log}: OwnCase): Row[] {
  const created = new Map<string, number>();
  for (const {class: podClass} of model.pods) {
    if (podClass.owner === null) continue;
    const {kind, name} = podClass.owner;
    for (const key of new Set([
      `${kind}/${podClass.namespace}/${name}`,
      `${podClass.workload.kind}/${podClass.namespace}/${podClass.workload.name}`,
    ])) {
      created.set(key, (created.get(key) ?? 0) + 1);
    }
  }
  const wantedBy = new Map(
    model.workloads.map(({kind, namespace, name, replicas}) => [`${kind}/${namespace}/${name}`, replicas]),
  );
  const jobs = log.stored.filter(({kind}) => kind === 'Job');
  const rows: Row[] = [];
  for (const object of log.stored) {
    const {kind, metadata} = object;
    const {namespace = '', name = ''} = metadata;
    const controller = metadata.ownerReferences?.find((reference) => reference.controller === true);
    const above = controller === undefined ? undefined : `${controller.kind}/${controller.name}`;
    const key = `${kind}/${namespace}/${name}`;
    if (qualifiedKind(object) === 'HorizontalPodAutoscaler.autoscaling') rows.push(autoscalerRow(object, wantedBy));
    if (!OWNERS.has(kind)) continue;
    const {template: _template, jobTemplate: _job, ...spec} = object.spec as Record<string, unknown>;
    const wanted =
      wantedBy.get(controller === undefined ? key : `${controller.kind}/${namespace}/${controller.name}`) ?? 0;
    const failures = log.failures.filter(
      ({namespace: at, owner}) => at === namespace && owner.kind === kind && owner.name === name,
    );
    const failed = failures.flatMap((failure) => failureMessages(kind, name, failure));
    const otherFailures = failures.flatMap((failure) =>
      failure.others.flatMap((message) => failureMessages(kind, name, {...failure, message})),
    );
    const isCronJob = kind === 'CronJob';
    rows.push({
      type: 'owner',
      namespace,
      kind,
      name,
      ...(above === undefined ? {} : {controlledBy: above}),
      wanted: isCronJob ? null : wanted,
      created: isCronJob
        ? jobs.filter(
            ({metadata: job}) => job.namespace === namespace && job.ownerReferences?.some((each) => each.name === name),
          ).length
        : (created.get(key) ?? 0),
      ...(failed.length === 0 ? {} : {failed: [...new Set(failed)].sort(), otherFailures}),
      spec: spec.replicas === undefined ? spec : {...spec, replicas: wanted},
    });
  }
  return rows;
}

/** The events of a controller about a pod or claim it could not create. */
function failureMessages(
  kind: string,
  name: string,
  {pod, generateName, message}: OwnCase['log']['failures'][number],
): string[] {
  const shown =
    generateName === null ? message : message.replaceAll(JSON.stringify(pod), JSON.stringify(withRand(pod)));
  if (kind !== 'StatefulSet') return [`Error creating: ${shown}`];
  const claim = /^failed to create PVC (\S+): (.*)$/s.exec(shown);
  return [
    ...(claim === null
      ? []
      : [`Create Claim ${claim[1]} for Pod ${pod} in StatefulSet ${name} failed error: ${claim[2]}`]),
    `Create Pod ${pod} in StatefulSet ${name} failed error: ${shown}`,
  ];
}

function autoscalerRow({metadata, spec}: KubernetesObject, wantedBy: ReadonlyMap<string, number>): Row {
  const {scaleTargetRef} = spec as {scaleTargetRef: {kind: string; name: string}};
  const wanted = wantedBy.get(`${scaleTargetRef.kind}/${metadata.namespace}/${scaleTargetRef.name}`);
  return {
    type: 'owner',
    namespace: metadata.namespace,
    kind: 'HorizontalPodAutoscaler',
    name: metadata.name,
    currentReplicas: wanted ?? null,
    desiredReplicas: wanted ?? 0,
    spec,
  };
}

function claimRows({model, log}: OwnCase): Row[] {
  const makers = log.stored.filter(({kind}) => kind === 'StatefulSet');
  return model.objects
    .filter(({kind}) => kind === 'PersistentVolumeClaim')
    .map(({metadata, spec}) => {
      const {name = '', namespace} = metadata;
      const maker = makers.find((set) => {
        const {volumeClaimTemplates = []} = set.spec as {volumeClaimTemplates?: {metadata?: {name?: string}}[]};
        return (
          set.metadata.namespace === namespace &&
          volumeClaimTemplates.some((template) => {
            const prefix = `${template.metadata?.name}-${set.metadata.name}-`;
            return name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length));
          })
        );
      });
      const owners = metadata.ownerReferences?.map((reference) => `${reference.kind}/${reference.name}`);
      return {
        type: 'pvc',
        namespace,
        name,
        labels: metadata.labels ?? {},
        spec,
        ...(maker === undefined ? {} : {from: `StatefulSet/${maker.metadata.name}`}),
        ...(owners === undefined ? {} : {ownerReferences: owners}),
      };
    });
}

function configurationRows({log}: OwnCase): Row[] {
  return log.stored.flatMap((object): Row[] => {
    const {kind, metadata} = object;
    const {namespace, name} = metadata;
    const spec = (object.spec ?? {}) as Record<string, unknown>;
    if (kind === 'LimitRange') return [{type: 'limitRange', namespace, name, limits: spec.limits}];
    if (kind === 'ResourceQuota') {
      const used = Object.fromEntries(log.quotaUse.get(`${namespace}/${name}`) ?? []);
      return [{type: 'quota', namespace, name, hard: spec.hard, used: Object.keys(used).length === 0 ? null : used}];
    }
    if (kind !== 'PriorityClass' || name?.startsWith('system-')) return [];
    const {value, globalDefault, preemptionPolicy} = object;
    return [{type: 'priorityClass', name, value, globalDefault, preemptionPolicy}];
  });
}
