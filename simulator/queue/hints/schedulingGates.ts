import {type EventsToRegister, onByPod} from '../queueingHints.ts';

export const schedulingGates: EventsToRegister = () => [
  onByPod('Pod', ['UpdatePodSchedulingGatesEliminated'], (pod, event) => event.new?.index === pod.index),
];
