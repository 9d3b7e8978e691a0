/** One process of a benchmark: `node worker.ts JOB`, with the answer on standard output. */
import {measureDeployments} from './deployments.ts';
import type {Job, SchedulingAnswer, SchedulingJob} from './job.ts';
import {measureRun, measureSetUp, type Run} from './measure.ts';
import {prepare} from './prepare.ts';
import {loadProduct, type Product} from './product.ts';
import {measureRealPlugins} from './realPlugins.ts';
import {toScenario} from './scenario.ts';
import {shapeNamed} from './shapes/shapes.ts';

/** Runs are repeated for so long. */
const WARM_SECONDS = 1;
/** A first run of this length is warm itself for the most part. */
const LONG_SECONDS = 3;
const MOST_RUNS = 30;
/** The real plugins never come so far in a second. */
const REAL_PODS_PER_SECOND = 5000;

const job = JSON.parse(process.argv[2]!) as Job;
const product = await loadProduct(job.checkout);
const answer =
  job.kind === 'file'
    ? measureDeployments(job.checkout, product, job.nodes, job.replicas)
    : measureScheduling(job, product);
process.stdout.write(JSON.stringify(answer));

function measureScheduling(asked: SchedulingJob, measured: Product): SchedulingAnswer {
  const {shape, nodes, variant, seconds, sidecar} = asked;
  const workload = shapeNamed(shape).build(nodes);
  const prepared = prepare(workload, measured);
  const {running, pending} = prepared;
  const counts = {running: running.length, pods: pending.length};
  if (variant === 'real') {
    const scenario = toScenario(shape, workload, prepared, Math.ceil(seconds * REAL_PODS_PER_SECOND));
    const run = measureRealPlugins(sidecar!, scenario, seconds);
    return {...counts, setUpSeconds: 0, first: run, runs: [run], peakBytes: null};
  }
  // Garbage is not collected in between: that throws compiled code away, too, and the next run is five times as slow.
  const run = (): Run => measureRun(prepared, workload, variant, measured, seconds);
  const first = run();
  const runs = repeat(run, first);
  const setUpSeconds = measureSetUp(prepared, variant, measured);
  return {...counts, setUpSeconds, first, runs, peakBytes: process.resourceUsage().maxRSS * 1024};
}

function repeat(run: () => Run, first: Run): readonly Run[] {
  if (!first.isComplete || first.wallSeconds > LONG_SECONDS) return [first];
  const runs: Run[] = [];
  const end = performance.now() + WARM_SECONDS * 1000;
  while (runs.length === 0 || (performance.now() < end && runs.length < MOST_RUNS)) runs.push(run());
  return runs;
}
