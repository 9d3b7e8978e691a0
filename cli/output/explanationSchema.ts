import {z} from 'zod';
import {API_VERSION} from '../../results/simulationResult.ts';
import {type Explanation, PREEMPTION_CRITERIA} from '../../simulator/explain/explanation.ts';

/** What `explain pod/NAME -o json` prints. Amounts as in results: cpu in cores, everything else in its own unit. */
const resources = z.record(z.string(), z.number());
const podName = z.string().meta({description: 'NAMESPACE/NAME'});
const nodeName = z.string();
const names = z.array(z.string());
const count = z.int().nonnegative();

const detail = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('Resource'),
    resource: z.string().meta({description: '`pods` for the number of pods'}),
    requested: z.number(),
    free: z.number(),
    allocatable: z.number(),
    short: z.number().meta({description: 'what is missing'}),
  }),
  z.strictObject({kind: z.literal('Taint'), taint: z.string().meta({description: 'KEY=VALUE:EFFECT'})}),
  z.strictObject({kind: z.literal('Cordoned')}),
  z.strictObject({
    kind: z.literal('NodeLabel'),
    source: z.enum(['nodeSelector', 'nodeAffinity', 'profile']),
    term: z.int().nullable().meta({description: 'index of the term of the node affinity'}),
    requirement: z.string(),
    found: z.string().nullable().meta({description: 'what the node has; null: no such label'}),
  }),
  z.strictObject({kind: z.literal('OtherNode'), node: nodeName}),
  z.strictObject({kind: z.literal('HostPort'), port: z.string(), heldBy: podName.nullable()}),
  z.strictObject({
    kind: z.literal('Spread'),
    constraint: z.int().nullable().meta({description: 'index; null: a constraint of the profile'}),
    topologyKey: z.string(),
    domain: z.string().nullable().meta({description: 'null: the node lacks the label'}),
    pods: count.meta({description: 'matching pods in the domain now'}),
    least: count.meta({description: 'the fewest of any domain'}),
    skew: z.int().meta({description: 'with the pod in the domain'}),
    maxSkew: z.int(),
  }),
  z.strictObject({
    kind: z.literal('PodAffinity'),
    rule: z.enum(['affinity', 'antiAffinity', 'existingAntiAffinity']),
    term: z.int().nullable(),
    topologyKey: z.string(),
    domain: z.string().nullable().meta({description: 'null: the node lacks the label'}),
    selector: z.string().nullable(),
    podCount: count.meta({description: 'pods in the domain that the rule is about'}),
    pods: z.array(podName).meta({description: 'some of them'}),
  }),
]);

const podRejection = {
  plugin: z.string(),
  code: z.enum(['Unschedulable', 'UnschedulableAndUnresolvable', 'Error']),
  reasons: names.meta({description: 'the words of kube-scheduler'}),
};

const rejection = z.strictObject({
  ...podRejection,
  reported: z.boolean().meta({description: 'whether it is the one that kube-scheduler reports for the node'}),
  details: z.array(detail),
});

const change = z.discriminatedUnion('kind', [
  z.strictObject({kind: z.literal('LowerRequest'), resource: z.string(), from: z.number(), to: z.number()}),
  z.strictObject({
    kind: z.literal('AddNode'),
    like: nodeName,
    instanceType: z.string().nullable(),
    nodePool: z.string().nullable(),
    zone: z.string().nullable(),
    pricePerHour: z.number().nullable(),
  }),
  z.strictObject({kind: z.literal('Uncordon'), node: nodeName}),
  z.strictObject({kind: z.literal('RemoveTaints'), node: nodeName, taints: names}),
  z.strictObject({kind: z.literal('Tolerate'), taints: names}),
  z.strictObject({
    kind: z.literal('DropNodeRequirements'),
    source: z.enum(['nodeSelector', 'nodeAffinity']),
    term: z.int().nullable(),
    requirements: names,
  }),
  z.strictObject({kind: z.literal('DropHostPorts'), ports: names}),
  z.strictObject({
    kind: z.literal('RaiseMaxSkew'),
    constraint: z.int(),
    topologyKey: z.string(),
    from: z.int(),
    to: z.int(),
  }),
  z.strictObject({kind: z.literal('ScheduleAnyway'), constraint: z.int(), topologyKey: z.string()}),
  z.strictObject({
    kind: z.literal('DropPodAffinity'),
    rule: z.enum(['affinity', 'antiAffinity']),
    terms: z.array(z.strictObject({index: z.int(), topologyKey: z.string(), selector: z.string()})),
  }),
  z.strictObject({
    kind: z.literal('RaisePriority'),
    from: z.int(),
    to: z.int().meta({description: 'the priority that was simulated'}),
    above: z.int(),
    priorityClass: z.string().nullable().meta({description: 'one that has it'}),
  }),
  z.strictObject({kind: z.literal('AllowPreemption')}),
  z.strictObject({kind: z.literal('MovePod'), pod: podName, from: nodeName, to: nodeName}),
  z.strictObject({kind: z.literal('RemoveGates'), gates: names}),
  z.strictObject({kind: z.literal('UseScheduler'), from: z.string(), to: z.string()}),
  z.strictObject({
    kind: z.literal('RaiseQuota'),
    namespace: z.string(),
    quota: z.string(),
    from: z.record(z.string(), z.string()).meta({description: 'quantities by resource'}),
    to: z.record(z.string(), z.string()),
  }),
  z.strictObject({kind: z.literal('Unbind'), node: nodeName}),
  z.strictObject({kind: z.literal('DropVolumes'), volumes: names, reason: z.string()}),
  z.strictObject({kind: z.literal('DropResourceClaims'), claims: names, reason: z.string()}),
]);

const moment = z.discriminatedUnion('kind', [
  z.strictObject({kind: z.literal('Attempt'), attempt: count.meta({description: 'index into attempts'})}),
  z
    .strictObject({kind: z.literal('AfterRun'), changes: z.array(change), wouldGoTo: nodeName.nullable()})
    .meta({description: 'tried after the run with these changes, as the run itself did not'}),
  z
    .strictObject({kind: z.literal('Admitted'), changes: z.array(change), wouldGoTo: nodeName.nullable()})
    .meta({description: 'in a run with these changes, without which the API server refuses the pod'}),
  z.strictObject({kind: z.literal('None')}),
]);

const node = z.strictObject({
  node: nodeName,
  feasible: z.boolean().meta({description: 'whether every filter passes'}),
  visited: z.boolean().meta({description: 'whether the search came to the node'}),
  rejections: z.array(rejection).meta({description: 'every filter that turns the pod down, in their order'}),
  scores: z.array(
    z.strictObject({
      plugin: z.string(),
      raw: z.number(),
      normalized: z.number(),
      weight: z.number(),
      weighted: z.number(),
    }),
  ),
  total: z.number().nullable().meta({description: 'null: the node was not scored'}),
});

const choice = z.strictObject({
  node: nodeName,
  kind: z.enum(['Best', 'OnlyOne', 'Nominated']),
  feasible: count,
  ties: z.array(nodeName).meta({description: 'other nodes with the same total'}),
  runnerUp: z
    .strictObject({
      node: nodeName,
      behind: z.number(),
      differences: z.array(z.strictObject({plugin: z.string(), points: z.number()})),
    })
    .nullable(),
  left: resources.meta({description: 'free on the node with the pod there'}),
});

const criterion = z.enum([...PREEMPTION_CRITERIA, 'first of equals']);

const preemption = z.strictObject({
  kind: z.enum(['NotNeeded', 'NotTried', 'NotEligible', 'NoCandidate', 'Nominated']),
  message: z.string().nullable(),
  nominatedNode: nodeName.nullable(),
  candidates: z
    .array(
      z.strictObject({
        node: nodeName,
        victims: z.array(z.strictObject({pod: podName, priority: z.int()})),
        violatedBudgets: count,
        lostBy: criterion.nullable().meta({description: 'null: the one chosen'}),
      }),
    )
    .meta({description: 'the one chosen first'}),
  decidedBy: criterion.nullable(),
  excluded: z.array(z.strictObject({reason: z.string(), nodes: count, examples: z.array(nodeName)})),
});

const effect = z.strictObject({
  kind: z.enum(['FromStart', 'FromAttempt']),
  node: nodeName.nullable().meta({description: 'where the pod is at the end; null: pending all the same'}),
  gained: count.meta({description: 'other pods that have a node only with the change'}),
  lost: count.meta({description: 'other pods that have a node only without it'}),
  gainedExamples: z.array(podName),
  lostExamples: z.array(podName),
});

const remedy = z.strictObject({
  changes: z.array(change).meta({description: 'all of them together'}),
  size: z.number().meta({description: 'how much is changed, for ranking'}),
  node: nodeName.meta({description: 'where the pod goes then'}),
  victims: z.array(podName).meta({description: 'evicted for it'}),
  effect: effect.nullable().meta({description: 'null: not simulated, as the run is too large'}),
});

export const explanationSchema = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal('Explanation'),
    pod: podName,
    workload: z.strictObject({kind: z.string(), name: z.string(), component: z.string().nullable()}),
    outcome: z.enum(['placed', 'bound', 'pending', 'gated', 'ignored', 'evicted', 'rejected']),
    node: nodeName.nullable(),
    message: z
      .string()
      .nullable()
      .meta({description: 'the words of kube-scheduler, or of the API server; null: the pod has a node'}),
    priority: z.int(),
    preemptionPolicy: z.enum(['PreemptLowerPriority', 'Never']),
    requests: resources,
    attempts: z.array(
      z.strictObject({
        position: count.meta({description: 'attempts at any pod before this one'}),
        node: nodeName.nullable(),
        message: z.string().nullable(),
        nominatedNode: nodeName.nullable(),
        victims: z.array(podName),
      }),
    ),
    moment: moment.meta({description: 'the moment at which the nodes are looked at'}),
    idlePlugins: names.meta({description: 'filters that have nothing to say about this pod'}),
    filterPlugins: names.meta({description: 'filters that were asked, in their order'}),
    preFilter: z.array(z.strictObject(podRejection)).meta({description: 'what turned the pod down as a whole'}),
    nodes: z.array(node).meta({description: 'the most promising first'}),
    choice: choice.nullable(),
    nearestMisses: z.array(
      z.strictObject({
        node: nodeName,
        distance: z.number().meta({description: 'the share of a request that is missing, and 1 for all else'}),
        rejections: z.array(rejection),
      }),
    ),
    preemption,
    remedies: z.array(remedy).meta({description: 'the smallest first; each has been simulated'}),
    remediesInVain: count.meta({description: 'changes that were simulated and did not help'}),
  })
  .meta({id: 'Explanation', title: 'Why a pod is where it is, and what would change it'});

/** The explanation as a document of its own. */
export function explanationDocument(
  explanation: Explanation,
): {readonly apiVersion: typeof API_VERSION; readonly kind: 'Explanation'} & Explanation {
  return {apiVersion: API_VERSION, kind: 'Explanation', ...explanation};
}
