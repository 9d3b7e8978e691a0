import type {Node} from '../../../model/node.ts';
import type {Pod} from '../../../model/pod.ts';
import {findUntoleratedTaint} from '../../../model/taints.ts';
import {type EventsToRegister, on, onByPod} from '../queueingHints.ts';

/** The pod tolerates a node that it did not tolerate before; or it has got a new toleration itself. */
export const taintToleration: EventsToRegister = () => [
  on('Node', ['Add', 'UpdateNodeTaint'], (pod, event) => {
    return isTolerated(event.new!, pod) && (event.old === null || !isTolerated(event.old, pod));
  }),
  onByPod('Pod', ['UpdatePodToleration'], (pod, event) => event.new?.index === pod.index),
];

function isTolerated({taints}: Node, {class: {spec}}: Pod): boolean {
  return findUntoleratedTaint(taints, spec.tolerations ?? [], ['NoSchedule', 'NoExecute']) === undefined;
}
