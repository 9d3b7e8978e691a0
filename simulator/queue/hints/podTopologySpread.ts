import {type Labels, labelValue} from '../../../model/labels.ts';
import type {Node} from '../../../model/node.ts';
import type {Pod, PodClass} from '../../../model/pod.ts';
import {perClass} from '../../framework/perClass.ts';
import {constraintsOf, matchesConstraint, type SpreadConstraint} from '../../plugins/podTopologySpread/constraints.ts';
import {isAtLeast} from '../../simulation.ts';
import {type EventsToRegister, on} from '../queueingHints.ts';

/** A pod came, went or changed that a constraint counts; or a node did, with which domains may have. */
export const podTopologySpread: EventsToRegister = ({PodTopologySpread: args}, handle) => {
  const constraintsFor = perClass((podClass) => constraintsOf(podClass, 'DoNotSchedule', args, handle));
  const knowsNominations = isAtLeast(handle.kubernetesVersion, '1.36');
  return [
    on('Pod', ['Add', 'UpdatePodLabel', 'UpdatePodToleration', 'Delete'], (pod, {old, new: now, holds}) => {
      const changed = (now ?? old)!;
      const isPlaced = holds === 'Node' || (knowsNominations && holds === 'Nomination');
      const isInvolved = isPlaced && changed.class.namespace === pod.class.namespace;
      if (!isInvolved && changed.index !== pod.index) return false;
      const constraints = constraintsFor(pod.class);
      const matchesAny = (labels: Labels): boolean => constraints.some((one) => matchesConstraint(one, labels));
      if (old === null || now === null) return matchesAny(changed.class.labels);
      if (now.index === pod.index && hasOtherTolerations(old, now) && honoursTaints(pod.class)) return true;
      return constraints.some(
        (one) => matchesConstraint(one, old.class.labels) !== matchesConstraint(one, now.class.labels),
      );
    }),
    on('Node', ['Add', 'Delete', 'UpdateNodeLabel', 'UpdateNodeTaint'], (pod, {old, new: now}) => {
      const constraints = constraintsFor(pod.class);
      const matchedBefore = old !== null && hasAllKeys(old, constraints);
      const matchesNow = now !== null && hasAllKeys(now, constraints);
      if (old === null || now === null) return matchedBefore || matchesNow;
      if (matchedBefore !== matchesNow) return true;
      return (
        matchesNow && (hasMoved(old, now, constraints) || JSON.stringify(old.taints) !== JSON.stringify(now.taints))
      );
    }),
  ];
};

function hasOtherTolerations(old: Pod, now: Pod): boolean {
  return JSON.stringify(old.class.spec.tolerations ?? []) !== JSON.stringify(now.class.spec.tolerations ?? []);
}

/** Whether it matters to a constraint which nodes the pod tolerates. */
function honoursTaints({spec}: PodClass): boolean {
  return (spec.topologySpreadConstraints ?? []).some(
    ({whenUnsatisfiable, nodeTaintsPolicy}) => whenUnsatisfiable === 'DoNotSchedule' && nodeTaintsPolicy === 'Honor',
  );
}

function hasAllKeys({labels}: Node, constraints: readonly SpreadConstraint[]): boolean {
  return constraints.every(({domains}) => labelValue(labels, domains.key) !== undefined);
}

function hasMoved(old: Node, now: Node, constraints: readonly SpreadConstraint[]): boolean {
  return constraints.some(({domains: {key}}) => labelValue(old.labels, key) !== labelValue(now.labels, key));
}
