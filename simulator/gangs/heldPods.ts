import type {ClusterModel} from '../../model/clusterModel.ts';
import type {SchedulerConfiguration} from '../framework/schedulerConfiguration.ts';
import {run} from '../run.ts';
import {createScheduler, type HeldPods, NONE_HELD, takeIn} from '../scheduler.ts';
import type {SimulationOptions} from '../simulation.ts';
import {podGroupsHeldBack} from './podGroups.ts';

/** The pods that do not start for the sake of their PodGroups. Runs as often as groups fail, once where all start. */
export function heldPods(
  model: ClusterModel,
  options: SimulationOptions,
  configuration: SchedulerConfiguration | undefined,
): HeldPods {
  if (model.podGroups.length === 0) return NONE_HELD;
  return podGroupsHeldBack(model, (held) => {
    const scheduler = createScheduler(model, options, configuration);
    const {queue} = takeIn(scheduler, model.pods, held);
    run(scheduler, queue, {explains: () => false, onAttempt: () => undefined});
    return scheduler.state.nodeOfPod;
  });
}
