import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Pod} from '../../model/pod.ts';
import {CPU, MEMORY} from '../../model/resources.ts';
import type {FailedAttempt} from '../framework/postFilter.ts';
import type {NearestMiss} from './explanation.ts';
import type {Situation} from './situation.ts';
import {isDaemon} from './variant.ts';

/** Nodes that are searched for a pod to move, the nearest first. */
const MOST_NODES = 100;

/** A pod without which another one would fit. */
export interface Move {
  readonly pod: Pod;
  readonly node: string;
}

/**
 * Pods that stand in the way on their own, the smallest first: with one of them away, every filter lets the pod onto
 * the node. Whether they could go elsewhere is not looked at.
 */
export function findMoves(
  {nodes}: ClusterModel,
  pod: Pod,
  misses: readonly NearestMiss[],
  {startDryRun}: FailedAttempt,
  {pods}: Situation,
): readonly Move[] {
  const indices = new Map(nodes.map(({name}, index) => [name, index]));
  const dryRun = startDryRun();
  const moves: Move[] = [];
  for (const {node} of misses.filter(isMovable).slice(0, MOST_NODES)) {
    const index = indices.get(node)!;
    const candidates = pods.on(index).filter((other) => !isDaemon(other) && !other.terminating);
    dryRun.onNode(index, (trial) => {
      for (const other of candidates) {
        trial.remove(other);
        if (trial.verdict() === null) moves.push({pod: other, node});
        trial.add(other);
      }
    });
  }
  const shareOf = ({pod: {class: podClass}}: Move): number => {
    const total = nodes[0]?.allocatable;
    const share = (name: string): number => (podClass.requests[name] ?? 0) / Math.max(1, total?.[name] ?? 1);
    return share(CPU) + share(MEMORY);
  };
  const isBigger = (other: Pod): number => (other.class.priority > pod.class.priority ? 1 : 0);
  return moves.toSorted((a, b) => isBigger(a.pod) - isBigger(b.pod) || shareOf(a) - shareOf(b));
}

/** Whether what is wrong with the node is something that other pods there take. */
function isMovable({rejections}: NearestMiss): boolean {
  return rejections.every(({code}) => code === 'Unschedulable');
}
