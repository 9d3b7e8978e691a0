import type {Node} from '../../../model/node.ts';
import type {Pod} from '../../../model/pod.ts';
import {matchesLabels, matchesNodeSelector} from '../../../model/selector.ts';
import {type EventsToRegister, onByPod} from '../queueingHints.ts';

/** A node has come to match the pod's affinity, and matches what the profile adds to it. */
export const nodeAffinity: EventsToRegister = ({NodeAffinity: {addedAffinity}}) => {
  const added = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return [
    onByPod('Node', ['Add', 'UpdateNodeLabel'], (pod, event) => {
      const node = event.new!;
      if (added !== undefined && !matchesNodeSelector(added, node)) return false;
      return matchesPod(node, pod) && (event.old === null || !matchesPod(event.old, pod));
    }),
  ];
};

function matchesPod(node: Node, {class: {spec}, daemonSetNode}: Pod): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!matchesLabels(spec.nodeSelector ?? {}, node.labels)) return false;
  // Stands in for the required affinity of a DaemonSet's pod.
  if (daemonSetNode !== null) return daemonSetNode === node.name;
  return required === undefined || matchesNodeSelector(required, node);
}
