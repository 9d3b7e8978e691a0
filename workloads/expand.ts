/**
 * From the objects of the API to pods, as the API server and its controllers make them: objects that admission looks
 * at are in force before the first pod, then every workload in the order of the input makes its pods.
 */

import {hasColour} from '../flink/flinkBlueGreenDeployment.ts';
import {
  type FlinkOptions,
  type FlinkOutcome,
  flinkObjects,
  isFlinkResource,
  jobsInSession,
} from '../flink/flinkObjects.ts';
import {type FlinkRefusal, refusalText} from '../flink/flinkOutcome.ts';
import {jobNeeds} from '../flink/jobNeeds.ts';
import {operatorOf} from '../flink/operatorOf.ts';
import {RelatedResources} from '../flink/relatedResources.ts';
import type {ClusterModel, UnusedKind} from '../model/clusterModel.ts';
import {type Diagnostics, fieldOf, placeOf} from '../model/diagnostic.ts';
import type {Gang, PodGroup} from '../model/gang.ts';
import {type KubernetesObject, objectReference, type PodObject, type PodSpec} from '../model/kubernetes.ts';
import type {Node} from '../model/node.ts';
import type {Pod, Workload} from '../model/pod.ts';
import {AdmissionObjects, admit} from './admission/admission.ts';
import {toLimitRange} from './admission/limitRanger.ts';
import {objectUsage, resourceName} from './admission/objectUsage.ts';
import {toPriorityClass} from './admission/priority.ts';
import {toRuntimeClass} from './admission/runtimeClass.ts';
import {isConfiguration, isKept, qualifiedKind, WORKLOAD_KINDS} from './apiKinds.ts';
import {CustomResources, customIdentity, type OwnedPart, partPods} from './customResources/customResources.ts';
import type {CustomResourceRule} from './customResources/rule.ts';
import {defaultPod} from './defaulting/podDefaults.ts';
import {type Autoscaling, scaleBounds} from './expansion/autoscaler.ts';
import type {ReplicatedSpec} from './expansion/claims.ts';
import {cronJobRun} from './expansion/cronJob.ts';
import {daemonSetPods} from './expansion/daemonSet.ts';
import {deploymentPods} from './expansion/deployment.ts';
import {ephemeralClaims, hasEphemeralVolumes} from './expansion/ephemeralClaims.ts';
import {jobPods} from './expansion/job.ts';
import {controllerReference, Ownership, objectKey} from './expansion/ownership.ts';
import {PodFactory} from './expansion/podFactory.ts';
import {toPodGroupQueues, toPodGroups} from './expansion/podGroups.ts';
import {type DirectOwner, type Expansion, expansion} from './expansion/podSet.ts';
import {replicaSetPods} from './expansion/replicaSet.ts';
import {statefulSetPods} from './expansion/statefulSet.ts';
import {Workloads} from './expansion/workloads.ts';
import type {InputObject} from './inputObject.ts';
import {cronJobRunName, PodNames} from './names.ts';
import {reportMissingNamespaces} from './namespaces.ts';
import type {ServerLog} from './serverLog.ts';
import {decodeStrict} from './strict/strictDecoding.ts';
import {configurationErrors} from './validation/configurationValidation.ts';
import {type FieldError, FieldPath, fieldErrorMessage, requiredValue} from './validation/fieldError.ts';
import {workloadErrors} from './validation/workloadValidation.ts';

export interface ExpandOptions {
  readonly nodes: readonly Node[];
  /**
   * What becomes of CronJobs: nothing, as at t = 0; one Job each at its place in the input, unless it is suspended; or
   * one Job each after everything else, as `kubectl create job NAME-manual --from=cronjob/NAME` makes it.
   */
  readonly cronJobs: 'Idle' | 'OneRun' | 'Triggered';
  /** Where workloads with a HorizontalPodAutoscaler stand; `Current` by default. */
  readonly autoscaling?: Autoscaling;
  /** Whether a service account that the input does not hold is taken to exist, which it is by default. */
  readonly serviceAccounts?: 'Assumed' | 'AsGiven';
  /** Collects what the API server says and stores. */
  readonly log?: ServerLog;
  /** The Flink operator whose rules apply; null chooses by the resource. */
  readonly flinkOperator: string | null;
  /** Lifts bound pods from their nodes, so that they are placed anew. */
  readonly reschedule: boolean;
  /** Rules beside those built in, which they outrank. */
  readonly customResourceRules?: readonly CustomResourceRule[];
}

/** More pods than this are taken as a mistake in a count of replicas; the whole model must fit into memory. */
export const MAX_PODS = 5_000_000;
/** Pods with claims of their own are each of a class of their own, which takes twenty times the memory. */
const MAX_PODS_WITH_CLAIMS = 200_000;

/**
 * Works out the pods of a cluster. The objects are those that `decodeStrict` has passed; kind Node is ignored in favour
 * of `options.nodes`. What the API server refuses is an error of the input where the object itself is wrong, and a
 * rejected pod where an admission plugin turns it down.
 */
export function expand(
  objects: readonly InputObject[],
  options: ExpandOptions,
  diagnostics: Diagnostics,
): ClusterModel {
  return new Expander(objects, options, diagnostics).run();
}

/** What is created before quotas are in force. */
const BEFORE_QUOTAS: ReadonlySet<string> = new Set([
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'LimitRange',
  'ResourceQuota',
]);

const NAMESPACE_CONTENTS = [
  ['ConfigMap', 'kube-root-ca.crt'],
  ['ServiceAccount', 'default'],
] as const;

type Identity = Pick<Workload, 'kind' | 'namespace' | 'name' | 'component'>;
type FlinkObjects = Extract<FlinkOutcome, {kind: 'objects'}>;

class Expander {
  readonly #inputs: readonly InputObject[];
  readonly #options: ExpandOptions;
  readonly #diagnostics: Diagnostics;
  readonly #admission: AdmissionObjects;
  readonly #names = new PodNames();
  readonly #workloads = new Workloads();
  readonly #factory: PodFactory;
  readonly #ownership: Ownership;
  readonly #bounds: ReturnType<typeof scaleBounds>;
  readonly #kept: KubernetesObject[] = [];
  readonly #unused = new Map<string, {kind: UnusedKind; first: InputObject}>();
  readonly #gangs: Gang[] = [];
  readonly #triggered: InputObject[] = [];
  readonly #flink = new Map<KubernetesObject, FlinkObjects>();
  readonly #related: RelatedResources;
  readonly #flinkOptions: FlinkOptions;
  /** Pods of the input by the Flink cluster that they are TaskManagers of. */
  readonly #taskManagers: ReadonlyMap<string, readonly PodObject[]>;
  /** Keys of all objects of the input. */
  readonly #inDump: ReadonlySet<string>;
  /** Which part of which Flink resource an object of the input is, by the object's key. */
  readonly #flinkParts = new Map<string, Identity>();
  readonly #custom: CustomResources;

  constructor(inputs: readonly InputObject[], options: ExpandOptions, diagnostics: Diagnostics) {
    this.#options = options;
    this.#diagnostics = diagnostics;
    this.#inputs = inputs.filter((input) => qualifiedKind(input.object) !== 'Node' && this.#isUsable(input));
    this.#admission = new AdmissionObjects(
      new Map(options.nodes.map(({name, labels}) => [name, labels])),
      options.serviceAccounts ?? 'Assumed',
    );
    this.#factory = new PodFactory(this.#admission, this.#names, diagnostics, options);
    const all = this.#inputs.map(({object}) => object);
    this.#inDump = new Set(all.map(objectKey));
    this.#related = new RelatedResources(all.filter(isFlinkResource));
    this.#flinkOptions = {operator: options.flinkOperator, related: this.#related};
    const active = all.filter((object): object is PodObject => isPod(object) && !isTerminal(object));
    this.#taskManagers = Map.groupBy(active, (pod) => clusterKey(pod.metadata.namespace, clusterOfTaskManager(pod)));
    const lasting = active.filter(({metadata}) => metadata.deletionTimestamp === undefined);
    this.#ownership = new Ownership(all, lasting);
    this.#bounds = scaleBounds(all, options.autoscaling);
    const rules = options.customResourceRules ?? [];
    this.#custom = new CustomResources(this.#inputs, rules, this.#ownership, this.#bounds, lasting, diagnostics);
    for (const {metadata} of active) {
      if (metadata.name !== undefined) this.#names.reserve(metadata.namespace ?? '', metadata.name);
    }
  }

  run(): ClusterModel {
    reportMissingNamespaces(this.#inputs, this.#diagnostics);
    this.#admitConfiguration();
    this.#countLivePods();
    this.#readFlink();
    this.#countNamespaceContents();
    this.#admitOthers();
    for (const input of this.#inputs) {
      if (WORKLOAD_KINDS.has(qualifiedKind(input.object))) this.#addWorkload(input);
      else if (isFlinkResource(input.object)) this.#addFlink(input);
      else if (this.#custom.has(input.object)) this.#addCustomResource(input);
    }
    this.#triggerCronJobs();
    this.#addCustomGangs();
    this.#reportTerminalPods();
    this.#reportUnused();
    const {pods, classes} = this.#factory.finish();
    this.#addEphemeralClaims(pods);
    this.#options.log?.addQuotaUse(this.#admission.quotas);
    const {groups: podGroups, missing} = toPodGroups(this.#kept, pods, this.#succeededPods());
    this.#reportPodGroups(podGroups, 'all of the group or none');
    this.#reportPodGroups(missing, 'without the PodGroup, which is not in the input');
    return {
      nodes: this.#options.nodes,
      pods,
      classes,
      workloads: this.#workloads.list,
      gangs: this.#gangs,
      podGroups,
      podGroupQueues: toPodGroupQueues(this.#kept),
      rejected: this.#factory.rejected,
      objects: [...this.#kept, ...this.#factory.claims],
      unusedKinds: [...this.#unused.values()].map(({kind}) => kind),
    };
  }

  #succeededPods(): readonly PodObject[] {
    return this.#inputs.flatMap(({object}) => (isPod(object) && object.status?.phase === 'Succeeded' ? [object] : []));
  }

  #reportPodGroups(groups: readonly Pick<PodGroup, 'namespace' | 'name' | 'pods'>[], how: string): void {
    for (const {namespace, name, pods} of groups) {
      const {schedulerName} = pods[0]!.class.spec;
      if (schedulerName === undefined || schedulerName === pods[0]!.class.schedulerName) continue;
      const text = pods.length === 1 ? `1 pod of ${schedulerName} is` : `${pods.length} pods of ${schedulerName} are`;
      this.#diagnostics.warn('STW-2014', `${text} simulated as the default scheduler's, ${how}`, {
        object: objectReference('PodGroup', namespace, name),
      });
    }
  }

  /** The controller of ephemeral volumes comes after the pods; one that gets no claim stays pending. */
  #addEphemeralClaims(pods: readonly Pod[]): void {
    const refused = new Set<Workload>();
    for (const {pod, claim} of ephemeralClaims(pods)) {
      const reason = this.#factory.ensureClaim(claim);
      const {workload} = pod.class;
      if (reason === null || refused.has(workload)) continue;
      refused.add(workload);
      const name = JSON.stringify(claim.metadata.name);
      this.#diagnostics.warn('STW-2004', `persistentvolumeclaims ${name} is forbidden: ${reason}`, {
        object: objectReference(workload.kind, workload.namespace, workload.name),
      });
    }
  }

  /** Everything that admission looks at, before the first pod. */
  #admitConfiguration(): void {
    for (const {object, origin} of this.#inputs) {
      const {metadata} = object;
      switch (qualifiedKind(object)) {
        case 'PriorityClass.scheduling.k8s.io': {
          const priorityClass = toPriorityClass(object);
          const {globalDefault} = this.#admission.priorityClasses;
          if (priorityClass.globalDefault && globalDefault !== null) {
            const message = `PriorityClass ${globalDefault.name} is already marked as default. Only one default can exist`;
            const reference = objectReference(object.kind, undefined, priorityClass.name);
            this.#diagnostics.error('STW-1006', message, {place: placeOf(origin, '/globalDefault'), object: reference});
            this.#options.log?.forbid(object, message);
          } else {
            this.#admission.priorityClasses.add(priorityClass);
            this.#store(object);
          }
          break;
        }
        case 'Namespace':
          this.#admission.namespaceLabels.set(metadata.name ?? '', metadata.labels ?? {});
          break;
        case 'ServiceAccount':
          this.#admission.addServiceAccount(object);
          break;
        case 'StorageClass.storage.k8s.io':
          this.#admission.addStorageClass(object);
          break;
        case 'RuntimeClass.node.k8s.io':
          this.#admission.runtimeClasses.set(metadata.name ?? '', toRuntimeClass(object));
          break;
        case 'LimitRange':
          this.#admission.addLimitRange(metadata.namespace ?? '', toLimitRange(object));
          this.#store(object);
          break;
        case 'ResourceQuota':
          this.#admission.quotas.add(object);
          this.#store(object);
          break;
      }
    }
  }

  /** Pods of a dump were counted before anything new asks for its share. */
  #countLivePods(): void {
    for (const {object} of this.#inputs) {
      if (!isPod(object) || isTerminal(object) || !isLive(object)) continue;
      this.#admission.quotas.count(object.metadata.namespace ?? '', object.spec, 1);
    }
  }

  /** What the controllers put into every namespace, unless the input has it. */
  #countNamespaceContents(): void {
    const known = new Set(this.#inputs.map(({object}) => objectKey(object)));
    for (const namespace of this.#admission.quotas.namespaces) {
      for (const [kind, name] of NAMESPACE_CONTENTS) {
        const object = {apiVersion: 'v1', kind, metadata: {namespace, name}};
        if (!known.has(objectKey(object))) this.#admission.quotas.countObject(namespace, objectUsage(object));
      }
    }
  }

  #admitOthers(): void {
    for (const input of this.#inputs) {
      const {object} = input;
      const kind = qualifiedKind(object);
      if (WORKLOAD_KINDS.has(kind) || isFlinkResource(object) || this.#custom.has(object)) continue;
      if (kind === 'PersistentVolumeClaim') {
        const reason = this.#factory.createClaim(object);
        if (reason !== null) this.#reportRefusedObject(input, reason);
      } else if (this.#isAllowed(input)) {
        if (isKept(object)) this.#kept.push(object);
        if (kind === 'HorizontalPodAutoscaler.autoscaling') this.#store(object);
      }
      if (!isKept(object)) this.#countUnused(input);
    }
  }

  /** Quotas may count any kind of object; configuration that pods need is there before any quota. */
  #isAllowed(input: InputObject): boolean {
    const {object} = input;
    const {namespace = '', uid} = object.metadata;
    if (namespace === '') return true;
    if (uid !== undefined || BEFORE_QUOTAS.has(qualifiedKind(object))) {
      this.#admission.quotas.countObject(namespace, objectUsage(object));
      return true;
    }
    const {reason} = this.#admission.quotas.admitObject(namespace, objectUsage(object));
    if (reason !== null) this.#reportRefusedObject(input, reason);
    return reason === null;
  }

  #reportRefusedObject({object, origin}: InputObject, reason: string): void {
    const {name = '', namespace} = object.metadata;
    this.#options.log?.forbid(object, reason);
    this.#diagnostics.warn('STW-2004', `${resourceName(object)} "${name}" is forbidden: ${reason}`, {
      place: placeOf(origin, ''),
      object: objectReference(object.kind, namespace, name),
    });
  }

  #addWorkload(input: InputObject): void {
    const {object} = input;
    if (isPod(object) && (isTerminal(object) || isLive(object))) {
      if (!isTerminal(object)) this.#addLivePod(object);
      return;
    }
    // Mutating admission comes before validation, so that its refusal hides what is wrong otherwise.
    const errors = isPod(object) && this.#isRefusedEarly(object) ? [] : workloadErrors(object);
    if (errors.length > 0) this.#reportInvalid(input, errors);
    else if (isPod(object)) this.#addNewPod(input, object);
    else if (this.#isAllowed(input)) this.#addController(input, this.#identityOf(object));
  }

  #reportInvalid({object, origin}: InputObject, errors: readonly FieldError[]): void {
    const {name = '', namespace} = object.metadata;
    for (const error of errors) {
      const code = error.detail.startsWith('Required') ? 'STW-1008' : 'STW-1006';
      const place = {...placeOf(origin, error.path.pointer), field: error.path.field};
      this.#diagnostics.error(code, fieldErrorMessage(error), {
        place,
        object: objectReference(object.kind, namespace, name),
      });
    }
    this.#options.log?.invalidate(object, errors);
  }

  /** Whether the object can be taken on at all: a pod needs containers even in a dump, and configuration must be valid. */
  #isUsable(input: InputObject): boolean {
    const {object} = input;
    const errors = isPod(object)
      ? ((object.spec as Partial<PodSpec> | undefined)?.containers ?? []).length > 0
        ? []
        : [requiredValue(FieldPath.root.child('spec', 'containers'))]
      : object.metadata.uid === undefined
        ? configurationErrors(object)
        : [];
    if (errors.length > 0) this.#reportInvalid(input, errors);
    return errors.length === 0;
  }

  #store(object: KubernetesObject): void {
    this.#options.log?.store(object);
    this.#options.log?.warn(object, this.#admission);
  }

  #isRefusedEarly(pod: PodObject): boolean {
    const outcome = admit(defaultPod(pod), pod.metadata.namespace ?? '', this.#admission);
    return outcome.kind === 'refused' && outcome.refusal.kind === 'forbidden' && outcome.refusal.phase === 'mutating';
  }

  #addLivePod(pod: PodObject): void {
    const identity = this.#identityOf(pod);
    // A workload whose controller is in the input wants what that says; any other wants the pods it has.
    const wanted = this.#isExpanded(pod) || this.#custom.partOf(pod) !== undefined ? 0 : 1;
    this.#factory.addLive(pod, this.#workloads.want(identity, wanted), this.#directOwner(pod));
  }

  #isExpanded(pod: PodObject): boolean {
    const handler = this.#ownership.handlerOf(pod);
    return handler !== undefined && (WORKLOAD_KINDS.has(qualifiedKind(handler)) || isFlinkResource(handler));
  }

  #addNewPod(input: InputObject, pod: PodObject): void {
    const {name, generateName = '', namespace = ''} = pod.metadata;
    const owner = this.#directOwner(pod);
    const isGenerated = name === undefined || name === '';
    const naming = isGenerated
      ? ({kind: 'generated', generateName} as const)
      : ({kind: 'fixed', name: () => name} as const);
    const set = {owner, template: pod, count: 1, naming, ordinal: null, nodes: null, claims: []};
    const identity = this.#identityOf(pod);
    const named = isGenerated ? {...identity, name: generateName, namespace} : identity;
    const workload = this.#workloads.want(named, this.#isExpanded(pod) ? 0 : 1);
    this.#factory.addExpansion(expansion(1, [set]), workload, input);
  }

  /** What a controller makes, on its own or as a part of a Flink cluster. */
  #addController(input: InputObject, identity: Identity): Workload | null {
    const {object} = input;
    const kind = qualifiedKind(object);
    if (kind === 'CronJob.batch') {
      this.#addCronJob(input);
      return null;
    }
    const controller = this.#ownership.controllerOf(object);
    if (kind === 'ReplicaSet.apps') {
      this.#kept.push(object);
      // The Deployment decides how many pods its ReplicaSets have.
      if (controller !== undefined && qualifiedKind(controller) === 'Deployment.apps') return null;
    } else if (kind === 'StatefulSet.apps' || kind === 'ReplicationController') this.#kept.push(object);
    if (!this.#isWithinLimit(input)) return null;
    const outcome = this.#expansionOf(object);
    this.#store(object);
    for (const made of outcome.objects) this.#storeMade(made);
    const workload = this.#workloads.want(identity, outcome.wanted);
    if (outcome.idle !== null) this.#warn('STW-2012', outcome.idle, input);
    this.#kept.push(...outcome.objects);
    this.#factory.addExpansion(outcome, workload, input);
    return workload;
  }

  #expansionOf(object: KubernetesObject): Expansion {
    const existing = this.#ownership.podsOf(object);
    const replicas = this.#replicasOf(object);
    switch (qualifiedKind(object)) {
      case 'Deployment.apps':
        return deploymentPods(object, replicas, existing, this.#ownership.replicaSetsOf(object));
      case 'StatefulSet.apps':
        return statefulSetPods(object, replicas, existing);
      case 'DaemonSet.apps':
        return daemonSetPods(object, this.#options.nodes, existing);
      case 'Job.batch':
        return jobPods(object, existing);
      default:
        return replicaSetPods(object, replicas, existing);
    }
  }

  #replicasOf(object: KubernetesObject): number {
    const {replicas = 1} = object.spec as ReplicatedSpec;
    const bounds = this.#bounds.get(objectKey(object));
    // An autoscaler without metrics acts by its bounds alone, and not on a workload scaled to zero.
    return bounds === undefined || replicas === 0 ? replicas : Math.min(bounds.max, Math.max(bounds.min, replicas));
  }

  #isWithinLimit(input: InputObject): boolean {
    const {
      replicas = 1,
      parallelism = 1,
      volumeClaimTemplates = [],
      template,
    } = input.object.spec as ReplicatedSpec & {parallelism?: number; volumeClaimTemplates?: readonly unknown[]};
    const hasClaims = volumeClaimTemplates.length > 0 || hasEphemeralVolumes(template?.spec);
    const most = hasClaims ? MAX_PODS_WITH_CLAIMS : MAX_PODS;
    const [field, asked] = input.object.kind === 'Job' ? ['parallelism', parallelism] : ['replicas', replicas];
    if (this.#factory.count + Number(asked) <= most) return true;
    const {kind, metadata} = input.object;
    this.#diagnostics.error(
      'STW-1006',
      `${asked} pods are asked for; Stowage expands ${most} pods${most < MAX_PODS ? ' with claims' : ''} at most`,
      {
        place: placeOf(input.origin, `/spec/${field}`),
        object: objectReference(kind, metadata.namespace, metadata.name ?? ''),
      },
    );
    return false;
  }

  /** A controller's own object, such as a Deployment's ReplicaSet; quotas count it, too. */
  #storeMade(object: KubernetesObject): void {
    this.#options.log?.store(object);
    this.#admission.quotas.countObject(object.metadata.namespace ?? '', objectUsage(object));
  }

  #addCronJob(input: InputObject): void {
    const {object, origin} = input;
    const {name = '', namespace = ''} = object.metadata;
    this.#store(object);
    if (this.#options.cronJobs === 'Triggered') {
      this.#triggered.push(input);
      return;
    }
    if (this.#options.cronJobs === 'Idle') {
      this.#workloads.get({kind: 'CronJob', namespace, name, component: null});
      this.#warn('STW-2006', 'the CronJob runs nothing at t = 0', input);
      return;
    }
    if ((object.spec as {suspend?: boolean}).suspend === true) {
      this.#warn('STW-2012', 'the CronJob is suspended, so it starts no Job', input);
      return;
    }
    this.#addController(
      {object: cronJobRun(object, cronJobRunName(namespace, name)), origin},
      {kind: 'CronJob', namespace, name, component: null},
    );
  }

  #triggerCronJobs(): void {
    for (const {object, origin} of this.#triggered) {
      const {name = '', namespace = ''} = object.metadata;
      const job = {object: cronJobRun(object, `${name}-manual`), origin};
      if (this.#isAllowed(job)) this.#addController(job, {kind: 'CronJob', namespace, name, component: null});
    }
  }

  /** The objects that operators make of Flink resources, so that those of a dump are recognised as theirs. */
  #readFlink(): void {
    for (const input of this.#inputs) {
      const {object} = input;
      if (!isFlinkResource(object) || this.#isInColours(object)) continue;
      const outcome = flinkObjects(object, this.#flinkOptions);
      if (outcome.kind === 'refused') {
        this.#refuseFlink(input, outcome);
        continue;
      }
      for (const note of outcome.notes) this.#warn('STW-2009', note, input);
      if (outcome.kind === 'none') continue;
      this.#flink.set(object, outcome);
      for (const part of outcome.objects) {
        this.#flinkParts.set(objectKey(part.object), flinkIdentity(object, part.component));
      }
    }
  }

  /** A FlinkBlueGreenDeployment whose FlinkDeployments are in the input counts as these. */
  #isInColours(object: KubernetesObject): boolean {
    return object.kind === 'FlinkBlueGreenDeployment' && hasColour(object, this.#related);
  }

  /** What the API server or a webhook refuses is an error of the input; what fails at deployment is a job that does not run. */
  #refuseFlink({object, origin}: InputObject, {message, pointer, problems, notes = []}: FlinkRefusal): void {
    const {name = '', namespace = ''} = object.metadata;
    const reference = objectReference(object.kind, object.metadata.namespace, name);
    const all = problems ?? [{message, pointer, gate: null}];
    const operator = operatorOf(object, this.#options.flinkOperator);
    for (const problem of all) {
      const text = refusalText(problem.message, problem.gate, operator);
      const note = notes.find((text) => text.startsWith(`${componentField(problem.pointer)}.`));
      const details = {
        place: placeOf(origin, problem.pointer),
        object: reference,
        ...(note === undefined ? {} : {hint: note}),
      };
      if (problem.gate === 'deployment') this.#diagnostics.warn('STW-2015', text, details);
      else this.#diagnostics.error('STW-1012', text, details);
    }
    if (all.some(({gate}) => gate !== 'deployment')) return;
    this.#gangs.push({kind: object.kind, namespace, name, members: [], slots: null, tenants: [], refusal: message});
  }

  #addFlink(input: InputObject): void {
    const {object, origin} = input;
    const outcome = this.#flink.get(object);
    if (!this.#isAllowed(input) || outcome === undefined) return;
    const inDump = this.#inDump;
    let taskManagersInDump = this.#countTaskManagers(object, outcome);
    const components = new Set<Identity['component']>();
    for (const {component, object: made} of outcome.objects) {
      components.add(component);
      if (inDump.has(objectKey(made))) continue;
      if (made.kind === 'Pod' && component === 'taskmanager' && taskManagersInDump > 0) {
        taskManagersInDump -= 1;
        continue;
      }
      this.#addFlinkPart({object: made, origin}, flinkIdentity(object, component));
    }
    this.#addSupporting(outcome, input);
    this.#addFlinkGang(input, outcome, [...components]);
  }

  /** What an operator makes beside the workloads, as far as it matters to pods and is not in the dump already. */
  #addSupporting({supporting = []}: FlinkObjects, {origin}: InputObject): void {
    for (const object of supporting) {
      if (this.#inDump.has(objectKey(object))) continue;
      if (this.#isAllowed({object, origin}) && isKept(object)) this.#kept.push(object);
    }
  }

  #addFlinkGang(input: InputObject, outcome: FlinkObjects, components: readonly Identity['component'][]): void {
    const {object} = input;
    const {name = '', namespace = ''} = object.metadata;
    const {slots, refusal} = jobNeeds(outcome);
    if (refusal !== null) this.#warn('STW-2015', refusal, input);
    const tenants = jobsInSession(object, this.#flinkOptions).map(({job, slots: taken}) => ({
      kind: job.kind,
      namespace: job.metadata.namespace ?? '',
      name: job.metadata.name ?? '',
      slots: taken,
    }));
    const hasLeast = slots !== null && slots.least !== null && slots.perTaskManager > 0;
    const least = hasLeast ? Math.ceil(slots.least! / slots.perTaskManager) : null;
    const isSession = slots !== null && (slots.used === null || tenants.length > 0);
    const members = components
      .filter((component) => component !== 'submitter')
      .map((component) => this.#workloads.get(flinkIdentity(object, component)))
      .map((workload) => ({
        workload,
        // JobManagers beyond the first stand by, and TaskManagers beyond the slots that are needed are idle. A session
        // cluster is there with its JobManager; its jobs need the TaskManagers.
        minAvailable: workload.component === 'jobmanager' ? 1 : isSession ? 0 : (least ?? workload.replicas),
      }));
    this.#gangs.push({kind: object.kind, namespace, name, members, slots, tenants, refusal});
  }

  /** TaskManagers of a dump under other names than a fresh cluster's, as after a restart. */
  #countTaskManagers({metadata}: KubernetesObject, {objects}: FlinkObjects): number {
    const made = new Set(objects.map(({object}) => objectKey(object)));
    const clusters = objects.filter(({component}) => component === 'jobmanager').map(({object}) => object);
    return clusters
      .flatMap(({metadata: {name = ''}}) => this.#taskManagers.get(clusterKey(metadata.namespace, name)) ?? [])
      .filter((pod) => !made.has(objectKey(pod))).length;
  }

  #addFlinkPart(input: InputObject, identity: Identity): void {
    const decoded = decodeStrict(input, this.#diagnostics, 'ignore');
    if (decoded === undefined) return;
    const made = {object: decoded, origin: input.origin};
    const errors = workloadErrors(decoded);
    for (const error of errors) {
      this.#diagnostics.error('STW-1012', `the ${decoded.kind} made for it is refused: ${fieldErrorMessage(error)}`, {
        place: placeOf(input.origin, ''),
        object: objectReference(identity.kind, identity.namespace, identity.name),
      });
    }
    if (errors.length > 0) return;
    if (!isPod(decoded)) {
      if (this.#isAllowed(made)) this.#addController(made, identity);
      return;
    }
    const {name = ''} = decoded.metadata;
    const naming = {kind: 'fixed', name: () => name} as const;
    const set = {owner: null, template: decoded, count: 1, naming, ordinal: null, nodes: null, claims: []};
    this.#factory.addExpansion(expansion(1, [set]), this.#workloads.want(identity, 1), made);
  }

  /** What the operator of a custom resource makes for it, by the rule of its kind. */
  #addCustomResource(input: InputObject): void {
    if (!this.#isAllowed(input)) return;
    for (const part of this.#custom.partsOf(input.object)) {
      if (part.controller !== null) continue;
      const made = {object: part.object, origin: part.origin};
      if (isPod(part.object)) this.#addCustomPods(part, input, made);
      else this.#addWorkload(made);
    }
  }

  #addCustomPods(part: OwnedPart, input: InputObject, made: InputObject): void {
    const {replicas} = part;
    if (!this.#isWithinLimit({...input, object: {...input.object, spec: {replicas}}})) return;
    const errors = workloadErrors(made.object);
    if (errors.length > 0) this.#reportInvalid(made, errors);
    else this.#factory.addExpansion(partPods(part), this.#workloads.want(customIdentity(part), replicas), input);
  }

  #addCustomGangs(): void {
    for (const {object} of this.#inputs) {
      if (!this.#custom.isGang(object)) continue;
      const members = this.#custom.partsOf(object).map((part) => {
        const workload = this.#workloads.get(customIdentity(part));
        return {workload, minAvailable: workload.replicas};
      });
      const {name = '', namespace = ''} = object.metadata;
      if (members.length > 0) {
        this.#gangs.push({kind: object.kind, namespace, name, members, slots: null, tenants: [], refusal: null});
      }
    }
  }

  /** The workload an object belongs to: its topmost known owner, or the part of a Flink cluster that it is. */
  #identityOf(object: KubernetesObject): Identity {
    const namespace = object.metadata.namespace ?? '';
    let current: KubernetesObject | undefined = object;
    for (let level = 0; current !== undefined && level < 4; level++) {
      const part = this.#flinkParts.get(objectKey(current));
      if (part !== undefined) {
        const isOfJobManager = isPod(object) && part.component === 'jobmanager';
        const isTaskManager = isOfJobManager && clusterOfTaskManager(object) === current.metadata.name;
        return isTaskManager ? {...part, component: 'taskmanager'} : part;
      }
      const custom = this.#custom.partOf(current);
      if (custom !== undefined) return customIdentity(custom);
      current = this.#ownership.controllerOf(current);
    }
    const handler = isPod(object) ? this.#ownership.handlerOf(object) : undefined;
    return {...this.#ownership.topOf(handler ?? object), namespace, component: null};
  }

  #directOwner(pod: PodObject): DirectOwner | null {
    const reference = controllerReference(pod);
    if (reference !== undefined) return {kind: reference.kind, name: reference.name};
    const handler = this.#ownership.handlerOf(pod);
    return handler === undefined ? null : {kind: handler.kind, name: handler.metadata.name ?? ''};
  }

  #countUnused(input: InputObject): void {
    const {apiVersion, kind} = input.object;
    const key = `${apiVersion}/${kind}`;
    const known = this.#unused.get(key);
    const count = (known?.kind.count ?? 0) + 1;
    this.#unused.set(key, {kind: {apiVersion, kind, count}, first: known?.first ?? input});
  }

  #reportUnused(): void {
    for (const {kind, first} of this.#unused.values()) {
      if (isConfiguration(first.object)) continue;
      const objects = kind.count === 1 ? 'object' : 'objects';
      const message = `${kind.count} ${objects} of kind ${kind.kind} (${kind.apiVersion}) make no pods here`;
      this.#diagnostics.warn('STW-2002', message, {place: placeOf(first.origin, ''), object: kind.kind});
    }
  }

  #reportTerminalPods(): void {
    const count = this.#inputs.filter(({object}) => isPod(object) && isTerminal(object)).length;
    if (count === 0) return;
    const text = count === 1 ? '1 pod has' : `${count} pods have`;
    this.#diagnostics.warn('STW-2012', `${text} succeeded or failed; left out, as they use nothing`);
  }

  #warn(code: 'STW-2006' | 'STW-2009' | 'STW-2012' | 'STW-2015', message: string, {object, origin}: InputObject): void {
    const {name = '', namespace} = object.metadata;
    const reference = objectReference(object.kind, namespace, name);
    this.#diagnostics.warn(code, message, {place: placeOf(origin, ''), object: reference});
  }
}

function isPod(object: KubernetesObject): object is PodObject {
  return qualifiedKind(object) === 'Pod';
}

/** Succeeded and failed pods use nothing any more. */
function isTerminal({status}: PodObject): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** Whether an API server has accepted the pod already, as in a dump. */
function isLive({metadata, status}: PodObject): boolean {
  return metadata.uid !== undefined || metadata.creationTimestamp !== undefined || status?.phase !== undefined;
}

/** The cluster that a pod of native Flink is a TaskManager of, which is called like the Deployment of its JobManager. */
function clusterOfTaskManager({metadata: {labels}}: PodObject): string | undefined {
  return labels?.component === 'taskmanager' ? labels.app : undefined;
}

function clusterKey(namespace: string | undefined, cluster: string | undefined): string {
  return `${namespace ?? ''}/${cluster ?? ''}`;
}

/** `spec.taskManager` of anything below it. */
function componentField(pointer: string): string {
  return fieldOf(pointer.split('/').slice(0, 3).join('/'));
}

function flinkIdentity({kind, metadata}: KubernetesObject, component: Identity['component']): Identity {
  return {kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '', component};
}
