import type {ClusterModel, RejectedPod} from '../../model/clusterModel.ts';
import {Diagnostics} from '../../model/diagnostic.ts';
import type {KubernetesObject, ResourceList} from '../../model/kubernetes.ts';
import {podKey} from '../../model/pod.ts';
import {addQuantities, compareQuantities, formatQuantity, parseQuantity, type Quantity} from '../../model/quantity.ts';
import type {Change} from '../../simulator/explain/change.ts';
import type {Explanation, RemedyEffect} from '../../simulator/explain/explanation.ts';
import {sizeOf} from '../../simulator/explain/repairs.ts';
import {explainPod, NOTHING_SEEN} from '../../simulator/explain.ts';
import {simulate} from '../../simulator/simulate.ts';
import {expand} from '../../workloads/expand.ts';
import type {PreparedRun} from '../run.ts';

type RaiseQuota = Extract<Change, {readonly kind: 'RaiseQuota'}>;

/** A quota may have to be raised again, as it lets others through first, and another may be in the way behind it. */
const MOST_ROUNDS = 8;
const MOST_EXAMPLES = 3;

/**
 * Why the API server refused a pod. Where a quota did, it is raised until it lets the pod through, which is then
 * explained as if it had been.
 */
export function explainRejected(run: PreparedRun, reschedule: boolean, rejected: RejectedPod): Explanation {
  const {message, workload, namespace, name} = rejected;
  const key = `${namespace}/${name}`;
  const admitted = admit(run, reschedule, rejected);
  if (admitted === null) {
    return {
      ...NOTHING_SEEN,
      pod: key,
      workload: {kind: workload.kind, name: workload.name, component: workload.component},
      outcome: 'rejected',
      node: null,
      message,
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      requests: {},
      attempts: [],
      moment: {kind: 'None'},
    };
  }
  const {model, changes} = admitted;
  const pod = model.pods.find((one) => podKey(one) === key)!;
  const explanation = explainPod(model, run.options, run.configuration, pod);
  const size = changes.reduce((sum, change) => sum + sizeOf(change), 0);
  const own = {changes, size, victims: [], effect: effectOf(run, model, key, explanation.node)};
  const {node} = explanation;
  const further = explanation.remedies.map((remedy) => ({
    ...remedy,
    changes: [...changes, ...remedy.changes],
    size: size + remedy.size,
  }));
  return {
    ...explanation,
    outcome: 'rejected',
    node: null,
    message,
    attempts: [],
    moment: {kind: 'Admitted', changes, wouldGoTo: node},
    remedies: node === null ? further : [{...own, node}],
  };
}

/** The model in which quotas are high enough for the pod; null where they are not what it was refused for. */
function admit(
  {input, model: original}: PreparedRun,
  reschedule: boolean,
  {namespace, name, message}: RejectedPod,
): {readonly model: ClusterModel; readonly changes: readonly RaiseQuota[]} | null {
  const {autoscaling = 'Current', cronJobs, flinkOperator = null} = input.spec;
  const {nodes, customResourceRules} = input;
  let {objects} = input;
  let rejections: readonly RejectedPod[] = original.rejected;
  let reason = message;
  const changes = new Map<string, RaiseQuota>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const quota = /exceeded quota: ([^,]+),/.exec(reason)?.[1];
    const found = objects.find(
      ({object: {kind, metadata}}) =>
        kind === 'ResourceQuota' && metadata.name === quota && (metadata.namespace ?? 'default') === namespace,
    );
    if (quota === undefined || found === undefined) return null;
    const before = rejections.findIndex((one) => one.namespace === namespace && one.name === name);
    const queue = rejections
      .slice(0, before + 1)
      .filter((one) => one.namespace === namespace && one.message.includes(`exceeded quota: ${quota},`));
    const hard = neededLimits(
      reason,
      queue.map((one) => one.message),
      hardOf(found.object),
    );
    const {object} = found;
    const raised = {...found, object: {...object, spec: {...(object.spec as object), hard}}};
    objects = objects.map((one) => (one === found ? raised : one));
    const first = changes.get(quota)?.from ?? limitsIn(reason, 'limited');
    const from = {...limitsIn(reason, 'limited'), ...first};
    const to = Object.fromEntries(Object.keys(from).map((resource) => [resource, String(hard[resource])]));
    changes.set(quota, {kind: 'RaiseQuota', namespace, quota, from, to});

    const options = {nodes, autoscaling, cronJobs, flinkOperator, reschedule, customResourceRules};
    const model = expand(objects, options, new Diagnostics());
    const still = model.rejected.find((one) => one.namespace === namespace && one.name === name);
    if (still === undefined) {
      return model.pods.some((pod) => podKey(pod) === `${namespace}/${name}`)
        ? {model, changes: [...changes.values()]}
        : null;
    }
    rejections = model.rejected;
    reason = still.message;
  }
  return null;
}

function hardOf({spec}: KubernetesObject): ResourceList {
  return (spec as {readonly hard?: ResourceList} | undefined)?.hard ?? {};
}

/** The limits that the pods of `queue`, refused in this order, need on top of what is used. */
function neededLimits(
  message: string,
  queue: readonly string[],
  hard: ResourceList,
): Readonly<Record<string, string | number>> {
  const limits: Record<string, string | number> = {...hard};
  for (const [resource, used] of Object.entries(limitsIn(message, 'used'))) {
    let sum: Quantity | undefined = parseQuantity(used);
    for (const one of queue) {
      const wanted = parseQuantity(limitsIn(one, 'requested')[resource] ?? '0');
      if (sum !== undefined && wanted !== undefined) sum = addQuantities(sum, wanted);
    }
    const limit = parseQuantity(hard[resource] ?? '0');
    if (sum !== undefined && limit !== undefined && compareQuantities(sum, limit) > 0) {
      limits[resource] = formatQuantity(sum);
    }
  }
  return limits;
}

/** One of the lists in the quota's message, such as `used: requests.cpu=12,pods=3`. */
function limitsIn(message: string, list: 'requested' | 'used' | 'limited'): Readonly<Record<string, string>> {
  const text = new RegExp(`\\b${list}: ([^ ]+?)(?:, [a-z]+:|$)`).exec(message)?.[1] ?? '';
  return Object.fromEntries(text.split(',').map((pair) => pair.split('=') as [string, string]));
}

/** What else is different with the higher quota; pods are compared by name, as there are more of them now. */
function effectOf(run: PreparedRun, model: ClusterModel, key: string, node: string | null): RemedyEffect {
  const placedIn = (one: ClusterModel): ReadonlySet<string> => {
    const {nodeOfPod} = simulate(one, run.options, run.configuration);
    return new Set(one.pods.filter(({index}) => nodeOfPod[index]! >= 0).map(podKey));
  };
  const before = placedIn(run.model);
  const after = placedIn(model);
  const gained = [...after].filter((pod) => pod !== key && !before.has(pod));
  const lost = [...before].filter((pod) => pod !== key && !after.has(pod));
  return {
    kind: 'FromStart',
    node,
    gained: gained.length,
    lost: lost.length,
    gainedExamples: gained.slice(0, MOST_EXAMPLES),
    lostExamples: lost.slice(0, MOST_EXAMPLES),
  };
}
