import type {SchedulingAnswer, Variant} from './job.ts';
import type {Run} from './measure.ts';
import {medianOf, type Result, spreadOf} from './record.ts';

/** One figure for all rounds of one shape at one size: of each round the median run counts. */
export function toResult(
  identity: {readonly shape: string; readonly nodes: number; readonly variant: Variant | 'against'},
  rounds: readonly SchedulingAnswer[],
): Result {
  const {running, pods} = rounds[0]!;
  const perRound = (value: (run: Run, round: SchedulingAnswer) => number): readonly number[] =>
    rounds.map((round) => medianOf(round.runs.map((run) => value(run, round))));
  const isTimed = rounds.every(({runs}) => runs.every(({cpuSeconds}) => cpuSeconds !== null));
  return {
    ...identity,
    running,
    pods,
    placed: rounds[0]!.runs[0]!.placed,
    tried: Math.min(...rounds.flatMap(({runs}) => runs.map((run) => run.pods))),
    podsPerSecond: spreadOf(perRound((run, round) => rate(run, run.wallSeconds, round))),
    podsPerCpuSecond: isTimed ? spreadOf(perRound((run, round) => rate(run, run.cpuSeconds!, round))) : null,
    wallSeconds: spreadOf(perRound(({wallSeconds}) => wallSeconds)),
    firstPodsPerSecond: spreadOf(rounds.map((round) => rate(round.first, round.first.wallSeconds, round))),
    setUpSeconds: spreadOf(rounds.map(({setUpSeconds}) => setUpSeconds)),
    peakBytes: rounds.every(({peakBytes}) => peakBytes !== null)
      ? Math.max(...rounds.map(({peakBytes}) => peakBytes!))
      : null,
  };
}

/** A run that was ended is taken to have gone on as it went, so that making the cluster's state is not held against it. */
function rate({pods: tried, isComplete}: Run, seconds: number, {pods, setUpSeconds}: SchedulingAnswer): number {
  if (isComplete) return pods / seconds;
  if (setUpSeconds === 0) return tried / seconds;
  const perPod = Math.max(0, seconds - setUpSeconds) / Math.max(1, tried);
  return pods / (setUpSeconds + perPod * pods);
}
