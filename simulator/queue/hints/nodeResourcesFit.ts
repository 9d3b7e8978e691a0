import type {Node} from '../../../model/node.ts';
import type {Pod, PodClass} from '../../../model/pod.ts';
import {PODS} from '../../../model/resources.ts';
import {DEVICE_CLASS_RESOURCE_PREFIX} from '../../dynamicResources/resourceApi.ts';
import {isAtLeast} from '../../simulation.ts';
import type {PodEvent} from '../clusterEvent.ts';
import {type EventsToRegister, on} from '../queueingHints.ts';

/** Room was made: a pod went or shrank, a node came or grew. */
export const nodeResourcesFit: EventsToRegister = (_args, {dynamicResources, kubernetesVersion}) => {
  const isDevice = (resource: string): boolean => dynamicResources.classOfResource(resource) !== undefined;
  const events = [
    on('Pod', ['Delete', 'UpdatePodScaleDown'], (pod, event) =>
      event.new === null ? event.holds !== 'Nothing' : isShrunkFor(pod, event),
    ),
    on('Node', ['Add', 'UpdateNodeAllocatable'], (pod, event) => {
      if (!fitsEmptyNode(pod.class, event.new!, isDevice)) return false;
      return event.old === null || hasGrownFor(pod.class, event.old, event.new!, isDevice);
    }),
  ];
  if (!isAtLeast(kubernetesVersion, '1.36')) return events;
  return [
    ...events,
    on('DeviceClass', ['Add', 'Update'], ({class: {requests}}, event) => {
      const {name, extendedResourceName} = event.new!;
      if (event.old === null && Object.hasOwn(requests, `${DEVICE_CLASS_RESOURCE_PREFIX}${name}`)) return true;
      if (event.old !== null && (event.old.extendedResourceName ?? '') === (extendedResourceName ?? '')) return false;
      return extendedResourceName !== undefined && Object.hasOwn(requests, extendedResourceName);
    }),
  ];
};

/** Whether a pod has come to ask for less of something that the waiting pod asks for, or is that pod itself. */
function isShrunkFor(pod: Pod, {old, new: now, holds}: PodEvent): boolean {
  if (now!.index === pod.index) return true;
  if (holds !== 'Node') return false;
  const before = old!.class.requests;
  const after = now!.class.requests;
  return wantedBy(pod.class).some((resource) => amountOf(before, resource) > amountOf(after, resource));
}

function fitsEmptyNode(podClass: PodClass, {allocatable}: Node, isDevice: (resource: string) => boolean): boolean {
  if (amountOf(allocatable, PODS) < 1) return false;
  return wantedBy(podClass).every((resource) => {
    const amount = amountOf(allocatable, resource);
    return podClass.requests[resource]! <= amount || (amount === 0 && isDevice(resource));
  });
}

function hasGrownFor(podClass: PodClass, old: Node, now: Node, isDevice: (resource: string) => boolean): boolean {
  if (amountOf(now.allocatable, PODS) > amountOf(old.allocatable, PODS)) return true;
  return wantedBy(podClass).some((resource) => {
    const amount = amountOf(now.allocatable, resource);
    return amount > amountOf(old.allocatable, resource) || (amount === 0 && isDevice(resource));
  });
}

function wantedBy({requests}: PodClass): readonly string[] {
  return Object.keys(requests).filter((resource) => requests[resource]! > 0);
}

function amountOf(resources: Readonly<Record<string, number>>, resource: string): number {
  return Object.hasOwn(resources, resource) ? resources[resource]! : 0;
}
