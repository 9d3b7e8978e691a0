import {expect, test} from 'vitest';
import {DisruptionBudgets} from '../../../simulator/preemption/disruptionBudgets.ts';
import {createHandle} from '../../../simulator/scheduler.ts';
import {node, OPTIONS, replicated} from '../builders.ts';

const SELECTOR = {matchLabels: {app: 'web'}};

/** How many of four running replicas of five that are wanted could not be disrupted together. */
function violations(spec: object, status?: object): number {
  const model = replicated([node('a')], [[{name: 'web', labels: {app: 'web'}}, 4]]);
  const workload = {...model.classes[0]!.workload, replicas: 5};
  const classes = model.classes.map((podClass) => ({...podClass, workload}));
  const pods = model.pods.map((pod) => ({...pod, class: classes[0]!}));
  const budget = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: {name: 'web', namespace: 'default'},
    spec,
    ...(status === undefined ? {} : {status}),
  };
  const handle = createHandle({...model, classes, pods, objects: [budget]}, OPTIONS);
  for (const pod of pods) handle.state.addPod(pod, 0);
  return new DisruptionBudgets(handle).violatedBy(pods).size;
}

test.each<[title: string, spec: object, status: object | undefined, violating: number]>([
  ['what the status allows', {selector: SELECTOR, minAvailable: 4}, {disruptionsAllowed: 3}, 1],
  ['a status without a number allows nothing', {selector: SELECTOR}, {}, 4],
  ['without a status, all but minAvailable', {selector: SELECTOR, minAvailable: 3}, undefined, 3],
  ['a share of what is wanted is rounded up', {selector: SELECTOR, minAvailable: '50%'}, undefined, 3],
  ['maxUnavailable counts those that are missing', {selector: SELECTOR, maxUnavailable: 2}, undefined, 3],
  ['maxUnavailable as a share', {selector: SELECTOR, maxUnavailable: '100%'}, undefined, 0],
  ['pods whose disruption is counted already', {selector: SELECTOR}, {disruptedPods: {'web-0': {}, 'web-1': {}}}, 2],
  ['an empty selector protects nobody', {selector: {}, minAvailable: 4}, undefined, 0],
  ['no selector protects nobody', {minAvailable: 4}, undefined, 0],
])('%s', (_title, spec, status, violating) => {
  expect(violations(spec, status)).toBe(violating);
});
