import type {Taint} from '../../../model/kubernetes.ts';
import {tolerates} from '../../../model/taints.ts';
import {type EventsToRegister, on, onByPod} from '../queueingHints.ts';

const UNSCHEDULABLE: Taint = {key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule'};

/** A node was uncordoned, or is new and open to pods; or the pod itself has come to tolerate cordoned nodes. */
export const nodeUnschedulable: EventsToRegister = () => [
  on('Node', ['Add', 'UpdateNodeTaint'], (_pod, event) => {
    return event.new?.unschedulable === false && (event.old === null || event.old.unschedulable);
  }),
  onByPod('Pod', ['UpdatePodToleration'], (pod, event) => {
    if (event.new?.index !== pod.index) return false;
    return (event.new.class.spec.tolerations ?? []).some((toleration) => tolerates(toleration, UNSCHEDULABLE));
  }),
];
