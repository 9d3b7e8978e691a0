import {formatBytes, formatCpuRequest, formatPlural} from '../format.ts';
import type {PlanResult} from '../planResult.ts';

export type Fact = readonly [term: string, text: string];

/** Names that a sentence lists before it counts the rest. */
const MOST_NAMES = 6;

/** What the plan rests on, with the source and date of every figure. */
export function assumptionFacts(plan: PlanResult): readonly Fact[] {
  const {assumptions, catalog, currency, exporter, inputDigest, notPlanned, parameters} = plan;
  const {allocatableRule, architectures, daemons, memoryOverhead, prices, remarks, schedulerProfiles} = assumptions;
  const {kubernetesVersion, percentageOfNodesToScore, seed, ties} = parameters;
  const patterns = parameters.instanceTypes;
  const unknown = [...notPlanned.unpricedTypes, ...notPlanned.unpublishedTypes];
  return [
    ['Prices', `${catalog}, on demand, in ${currency}, read on ${prices.asOf}. Source: ${prices.source}`],
    ...remarks.map((text): Fact => ['To be doubted', text]),
    [
      'Machines considered',
      patterns.length === 0
        ? `all with a price, ${architectures.join(' and ')}${specialTypes(plan)}`
        : `${patterns.join(', ')}; ${architectures.join(' and ')}`,
    ],
    ...limitFacts(plan),
    ...(unknown.length === 0
      ? []
      : [['Machines left out', `${names(unknown)}: their price or their memory for pods is not known`] as const]),
    ['Memory of a machine', `what the kernel does not see of it: ${memoryOverhead}`],
    ['Kept from pods', `by the rules of ${allocatableRule.title}. Source: ${allocatableRule.source}`],
    [
      'On every node',
      daemons.length === 0
        ? 'no DaemonSets: the input has none'
        : names(
            daemons.map(({workload, cpu, memory}) => `${workload} (${formatCpuRequest(cpu)}, ${formatBytes(memory)})`),
          ),
    ],
    [
      'Kubernetes',
      `${kubernetesVersion}. Source: kube-scheduler of kubernetes/kubernetes, release ${kubernetesVersion}, whose plugins the rules are checked against`,
    ],
    [
      'Scheduler',
      `${schedulerProfiles.length === 0 ? 'the default profile' : `profiles ${schedulerProfiles.join(', ')}`}; nodes scored: ${percentageOfNodesToScore === 0 ? 'adaptive' : `${percentageOfNodesToScore}%`}, ties ${ties}, seed ${seed}`,
    ],
    ...(notPlanned.pods === 0
      ? []
      : [
          [
            'Pods left out',
            `${formatPlural(notPlanned.pods, 'pod')}: gated, or for a scheduler that is not there`,
          ] as const,
        ]),
    ...notPlanned.resources.map((name): Fact => ['Not planned', `${name}: every node is taken to have enough`]),
    ['Written by', exporter],
    ['Input', inputDigest],
  ];
}

/** What the plan keeps to as a whole, and what of the catalogue is too large for it. */
function limitFacts({parameters: {limits}, notPlanned: {oversizedTypes}}: PlanResult): readonly Fact[] {
  const {nodes, instanceTypes, nodeSize} = limits;
  const sizes = Object.entries(nodeSize).map(([name, amount]) => `${amount} of ${name}`);
  const left = oversizedTypes.length === 0 ? '' : `, which leaves out ${formatPlural(oversizedTypes.length, 'type')}`;
  const texts = [
    ...(nodes === null ? [] : [`at most ${formatPlural(nodes, 'node')}`]),
    ...(instanceTypes === null ? [] : [`at most ${formatPlural(instanceTypes, 'instance type')}`]),
    ...(sizes.length === 0 ? [] : [`no node of more than ${sizes.join(' or ')}, as advertised${left}`]),
  ];
  return texts.length === 0
    ? []
    : [['Limits asked for', `${texts.join('; ')}. The bound is for plans that keep to them`]];
}

/** What of the catalogue nobody would buy for these pods unless they ask for it. */
function specialTypes({notPlanned: {burstableTypes, acceleratedTypes}}: PlanResult): string {
  const left = [
    ...(burstableTypes.length === 0 ? [] : [`${formatPlural(burstableTypes.length, 'burstable type')}`]),
    ...(acceleratedTypes.length === 0 ? [] : [`${formatPlural(acceleratedTypes.length, 'type')} with accelerators`]),
  ];
  return left.length === 0 ? '' : `, but for ${left.join(' and ')}: no pod asks for them`;
}

function names(list: readonly string[]): string {
  const rest = list.length - MOST_NAMES;
  return rest <= 0 ? list.join(', ') : `${list.slice(0, MOST_NAMES).join(', ')} and ${rest} more`;
}
