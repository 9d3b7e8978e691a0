import type {KubernetesObject, LabelSelector, PodSpec} from '../../../model/kubernetes.ts';
import type {Knobs} from './knobs.ts';
import {generateSelector} from './podChoice.ts';
import type {Random} from './random.ts';
import {APPS, NAMESPACES, PRIORITY_CLASSES, SYSTEM_CLASSES} from './vocabulary.ts';

export function generatePriorityClasses(random: Random, {priorities}: Knobs): readonly KubernetesObject[] {
  if (priorities === 0) return [];
  const isDefault = random.chance(0.3);
  return PRIORITY_CLASSES.map(
    ({name, ...fields}): KubernetesObject => ({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: {name},
      ...fields,
      ...(isDefault && name === 'low' ? {globalDefault: true} : {}),
    }),
  );
}

/** Running pods are mostly less important than pending ones, so that there is something to preempt. */
export function generatePriority(random: Random, {priorities}: Knobs, isRunning: boolean): Partial<PodSpec> {
  if (!random.chance(priorities)) return {};
  if (isRunning && random.chance(0.1)) return {priority: random.pick([-5, 0, 100, 2000])};
  const name = isRunning
    ? random.weighted([
        ['lowest', 2],
        ['low', 5],
        ['mid', 3],
        ['high', 1],
        [random.pick(SYSTEM_CLASSES), 1],
      ])
    : random.weighted([
        ['low', 2],
        ['mid', 4],
        ['high', 5],
        ['high-polite', 2],
        ['top', 1],
        [random.pick(SYSTEM_CLASSES), 1],
      ]);
  return {priorityClassName: name};
}

/** `names` are pods of the namespace, some of which are taken to be disrupted already. */
export function generateBudgets(
  random: Random,
  {budgets}: Knobs,
  namesIn: (namespace: string) => readonly string[],
): readonly KubernetesObject[] {
  if (!random.chance(budgets)) return [];
  return random.several(3, 10, (index): KubernetesObject => {
    const namespace = random.pick(NAMESPACES);
    const selector: LabelSelector = random.chance(0.7)
      ? {matchLabels: {app: random.pick(APPS)}}
      : generateSelector(random);
    const disrupted = random.chance(0.2) ? random.sample(namesIn(namespace), random.int(1, 4)) : [];
    return {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: {name: `budget-${index}`, namespace},
      spec: {minAvailable: 1, selector},
      status: {
        disruptionsAllowed: random.weighted([
          [0, 4],
          [1, 3],
          [2, 1],
          [5, 1],
        ]),
        currentHealthy: 3,
        desiredHealthy: 1,
        expectedPods: 3,
        ...(disrupted.length === 0
          ? {}
          : {disruptedPods: Object.fromEntries(disrupted.map((name) => [name, '2029-12-31T00:00:00Z']))}),
      },
    };
  });
}
