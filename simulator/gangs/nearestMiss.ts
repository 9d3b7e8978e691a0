import type {ClusterModel} from '../../model/clusterModel.ts';
import type {Pod} from '../../model/pod.ts';
import type {NearestMiss} from '../explain/explanation.ts';
import {filterMatrix} from '../explain/filterMatrix.ts';
import {rejectionDetails} from '../explain/rejectionDetails.ts';
import {distanceOf} from '../explain/repairs.ts';
import type {Scheduler} from '../scheduler.ts';

/** The node that is nearest to taking a pod as the cluster stands now, and what keeps it off; null where none can be named. */
export function nearestMiss(model: ClusterModel, scheduler: Scheduler, pod: Pod): NearestMiss | null {
  if (!scheduler.frameworks.has(pod.class.schedulerName)) return null;
  const {rejections, preFilter} = filterMatrix(
    scheduler,
    pod,
    model.nodes.length,
    rejectionDetails(model, scheduler, pod),
  );
  if (preFilter.length > 0) return null;
  let nearest: NearestMiss | null = null;
  for (const [index, {name}] of model.nodes.entries()) {
    const onNode = rejections[index]!;
    if (onNode.length === 0) continue;
    const distance = distanceOf(onNode);
    if (nearest === null || distance < nearest.distance) nearest = {node: name, distance, rejections: onNode};
  }
  return nearest;
}
