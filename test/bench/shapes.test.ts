import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {deployments, measureStages} from '../../bench/deployments.ts';
import {measureRun, measureSetUp} from '../../bench/measure.ts';
import {prepare} from '../../bench/prepare.ts';
import {loadProduct} from '../../bench/product.ts';
import {toScenario} from '../../bench/scenario.ts';
import {SHAPES, shapeNamed} from '../../bench/shapes/shapes.ts';
import {podKey} from '../../model/pod.ts';
import {ingest} from '../../scripts/parity/ingest.ts';
import {FieldPath, fieldErrorMessage} from '../../workloads/validation/fieldError.ts';
import {labelErrors, podSpecErrors} from '../../workloads/validation/podValidation.ts';

const product = await loadProduct(fileURLToPath(new URL('../..', import.meta.url)));
/** Never reached. */
const SECONDS = 3600;

/** Pods that stay without a node, where there are any. */
const TURNED_DOWN: Readonly<Record<string, (pods: number) => number>> = {
  unschedulable: () => 1,
  full: (pods) => pods,
};

describe.each(SHAPES.map((shape) => [shape.name, shape] as const))('the shape %s', (name, {build}) => {
  const workload = build(30);
  const prepared = prepare(workload, product);

  test('has pods that the API server takes', () => {
    const {running, pending, churn} = workload;
    const sets = [...running, ...pending, ...(churn === null ? [] : [churn.visitor])];
    const errors = sets.flatMap(({spec, labels}) => [
      ...labelErrors({labels}, FieldPath.root.child('metadata')),
      ...podSpecErrors(product.defaultPod({spec}).spec, FieldPath.root.child('spec')),
    ]);
    expect(errors.map(fieldErrorMessage)).toEqual([]);
  });

  test.each(['fast', 'reference'] as const)('finds nodes for its pods with the %s evaluator', (evaluator) => {
    const pods = prepared.pending.length;
    const run = measureRun(prepared, workload, evaluator, product, SECONDS);
    expect(run).toMatchObject({pods, isComplete: true, placed: pods - (TURNED_DOWN[name]?.(pods) ?? 0)});
  });

  test('has the same pods in the same order for the real plugins', () => {
    const {running, pending} = ingest(toScenario(name, workload, prepared, Number.POSITIVE_INFINITY), '1.36');
    expect(running.map((pod) => [podKey(pod), pod.nodeName])).toEqual(
      prepared.running.map((pod) => [podKey(pod), pod.nodeName]),
    );
    expect(pending.map(podKey)).toEqual(prepared.pending.map(podKey));
  });
});

test('preemptors evict the running pods', () => {
  const workload = shapeNamed('preemptions').build(30);
  const {model} = prepare(workload, product);
  const {evicted} = product.simulate(model, {
    kubernetesVersion: '1.36',
    percentageOfNodesToScore: 100,
    seed: 1,
    ties: 'first',
  });
  expect(evicted.length).toBe(30 + 2 * 30);
});

test('a run is ended when its time is over', () => {
  const workload = shapeNamed('plain').build(30);
  const run = measureRun(prepare(workload, product), workload, 'reference', product, 0);
  expect(run).toMatchObject({isComplete: false, placed: null});
});

test('setting up is measured without pods to schedule', () => {
  expect(measureSetUp(prepare(shapeNamed('basic').build(30), product), 'fast', product)).toBeGreaterThan(0);
});

test('Deployments are expanded and placed', () => {
  const stages = measureStages(product, deployments(3, 10), 30);
  expect(stages).toMatchObject({nodes: 30, pods: 30, placed: 30});
});
