import type {Taint} from '../../model/kubernetes.ts';
import type {PlanResult} from '../planResult.ts';
import type {PlannedGroup} from './plannedGroup.ts';

/** The machines of a plan's file, group by group. A group whose machines go round several zones names none. */
export function plannedGroups({nodes}: Pick<PlanResult, 'nodes'>): readonly PlannedGroup[] {
  return nodes.map(({arch, capacity, count, instanceType, labels, nodePool, taints, zones}) => ({
    pool: nodePool,
    instanceType,
    arch,
    zone: zones.length === 1 ? zones[0]! : null,
    count,
    cores: capacity.cpu,
    gibibytes: capacity.memory / 2 ** 30,
    labels,
    taints: taints as readonly Taint[],
  }));
}
