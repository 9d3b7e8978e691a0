import type {Pod} from '../../model/pod.ts';
import type {PreEnqueuePlugin} from '../framework/plugin.ts';
import {type Status, unresolvable} from '../framework/status.ts';

/** Holds pods back that have scheduling gates. */
export class SchedulingGates implements PreEnqueuePlugin {
  readonly name = 'SchedulingGates';

  preEnqueue(pod: Pod): Status | null {
    const gates = (pod.class.spec.schedulingGates ?? []).map(({name}) => name);
    return gates.length === 0 ? null : unresolvable(this.name, `waiting for scheduling gates: [${gates.join(' ')}]`);
  }
}
