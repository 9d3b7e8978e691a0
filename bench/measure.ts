import type {Pod} from '../model/pod.ts';
import type {Simulation, SimulationOptions} from '../simulator/simulation.ts';
import {OPTIONS, type Prepared} from './prepare.ts';
import type {Product} from './product.ts';
import type {Churn, Workload} from './shapes/shape.ts';

type EvaluatorName = NonNullable<SimulationOptions['evaluator']>;

/** One run of the scheduler. */
export interface Run {
  /** Pods tried before the time was over; all of them when it was not. */
  readonly pods: number;
  readonly isComplete: boolean;
  /** Pods that got a node; null when the run was ended. */
  readonly placed: number | null;
  readonly wallSeconds: number;
  /** Of the whole process: also what collects garbage and compiles beside it; null where nobody tells. */
  readonly cpuSeconds: number | null;
}

class TimeIsUp extends Error {
  readonly pods: number;

  constructor(pods: number) {
    super('the time is up');
    this.pods = pods;
  }
}

/** Schedules all pods of a shape, or as many as the time allows, which is looked at every thousand attempts. */
export function measureRun(
  prepared: Prepared,
  {churn, attemptsPerPod}: Pick<Workload, 'churn' | 'attemptsPerPod'>,
  evaluator: EvaluatorName,
  product: Product,
  seconds: number,
): Run {
  const deadline = performance.now() + seconds * 1000;
  const check = (attempts: number): void => {
    if (performance.now() > deadline) throw new TimeIsUp(Math.floor(attempts / attemptsPerPod));
  };
  if (churn !== null) return timed(() => driveChurn(prepared, churn, evaluator, product, check));
  // The plain evaluator is so slow that every attempt can be looked at.
  const hooks: Partial<SimulationOptions> =
    evaluator === 'reference' ? {onDecision: ({seq}) => check(seq)} : {onProgress: (attempts) => check(attempts)};
  return timed(() => outcomeOf(prepared, product.simulate(prepared.model, {...OPTIONS, evaluator, ...hooks})));
}

/** Seconds until the first pod is looked at: the state of the cluster with its running pods. */
export function measureSetUp({model, running}: Prepared, evaluator: EvaluatorName, product: Product): number {
  return timed(() => {
    product.simulate({...model, pods: running}, {...OPTIONS, evaluator});
    return {pods: 0, placed: 0};
  }).wallSeconds;
}

interface Outcome {
  readonly pods: number;
  readonly placed: number;
}

function outcomeOf({pending}: Prepared, {nodeOfPod}: Simulation): Outcome {
  return {pods: pending.length, placed: pending.filter(({index}) => nodeOfPod[index]! >= 0).length};
}

function timed(run: () => Outcome): Run {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const finish = (pods: number, placed: number | null): Run => {
    const wallSeconds = (performance.now() - start) / 1000;
    const {user, system} = process.cpuUsage(cpuBefore);
    return {pods, isComplete: placed !== null, placed, wallSeconds, cpuSeconds: (user + system) / 1e6};
  };
  try {
    const {pods, placed} = run();
    return finish(pods, placed);
  } catch (error) {
    if (!(error instanceof TimeIsUp)) throw error;
    return finish(error.pods, null);
  }
}

/** Pods come one by one; now and then one of them is deleted, and a visitor is tried and gone again. */
function driveChurn(
  {model, running, pending, visitor}: Prepared,
  {interval}: Churn,
  evaluator: EvaluatorName,
  {scheduler: {assume, attempt, createScheduler, evict, takeIn}}: Product,
  check: (attempts: number) => void,
): Outcome {
  const scheduler = createScheduler(model, {...OPTIONS, evaluator});
  const {queue} = takeIn(scheduler, [...running, ...pending]);
  const staying: Pod[] = [];
  let placed = 0;
  for (const [index, pod] of queue.entries()) {
    if (index % interval === interval - 1) {
      if (visitor !== null && attempt(scheduler, visitor).outcome.node >= 0) throw new Error('the visitor found room');
      const leaving = staying.shift();
      if (leaving !== undefined) evict(scheduler, leaving);
    }
    const {node} = attempt(scheduler, pod).outcome;
    if (node >= 0) {
      assume(scheduler, pod, node);
      staying.push(pod);
      placed++;
    }
    check(index + 1);
  }
  return {pods: pending.length, placed};
}
