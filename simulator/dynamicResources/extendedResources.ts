/** Extended resources that a pod asks for as it always has, and that a node provides as devices of a class. */
import type {Container, PodSpec} from '../../model/kubernetes.ts';
import {compareQuantities, parseQuantity, scaledValue} from '../../model/quantity.ts';
import {isExtendedResource} from '../../model/resources.ts';
import {DEVICE_CLASS_RESOURCE_PREFIX, type DeviceClass, type DeviceRequest} from './resourceApi.ts';

/** Whether a resource can be one of devices: an extended resource, or the one that every class has by its name. */
export function canBeDevices(resource: string): boolean {
  return isExtendedResource(resource) || resource.startsWith(DEVICE_CLASS_RESOURCE_PREFIX);
}

/**
 * The class behind each extended resource. Of two classes that name the same one the newer wins, then the lower name;
 * the loser is left out altogether, as upstream does when it comes second.
 */
export function classesByResource(classes: readonly DeviceClass[]): ReadonlyMap<string, DeviceClass> {
  const byResource = new Map<string, DeviceClass>();
  for (const added of [...classes].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const {extendedResourceName, creationTime} = added;
    if (extendedResourceName !== undefined) {
      const rival = byResource.get(extendedResourceName);
      if (rival !== undefined && rival.creationTime >= creationTime) continue;
      byResource.set(extendedResourceName, added);
    }
    byResource.set(`${DEVICE_CLASS_RESOURCE_PREFIX}${added.name}`, added);
  }
  return byResource;
}

/**
 * The requests for devices that stand for these resources of a pod's containers, by name. Init containers that end make
 * do with the devices of the containers after them, and ask for more only where these do not suffice.
 */
export function deviceRequestsOf(
  {initContainers = [], containers}: PodSpec,
  resources: readonly string[],
  classes: ReadonlyMap<string, DeviceClass>,
): readonly DeviceRequest[] {
  const all = [...initContainers, ...containers];
  const endsBefore = (index: number): boolean =>
    index < initContainers.length && all[index]!.restartPolicy !== 'Always';
  const requests: DeviceRequest[] = [];
  for (const resource of resources) {
    const deviceClass = classes.get(resource);
    if (deviceClass === undefined) continue;
    const amounts = all.map((container) => amountOf(container, resource));
    let most = {index: -1, count: 0};
    for (const [index, amount] of amounts.entries()) {
      if (!endsBefore(index)) {
        if (amount > 0) requests.push(toRequest(all, index, resource, deviceClass, amount));
        continue;
      }
      const reusable = amounts.reduce((sum, other, i) => (i < index || endsBefore(i) ? sum : sum + other), 0);
      if (amount - reusable > most.count) most = {index, count: amount - reusable};
    }
    if (most.index >= 0) requests.push(toRequest(all, most.index, resource, deviceClass, most.count));
  }
  return requests.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Named after the container and the place of the resource among all that it requests. */
function toRequest(
  all: readonly Container[],
  index: number,
  resource: string,
  {name: deviceClassName}: DeviceClass,
  count: number,
): DeviceRequest {
  const position = Object.keys(all[index]!.resources?.requests ?? {})
    .sort()
    .indexOf(resource);
  const name = `container-${index}-request-${position}`;
  const exactly = {name, deviceClassName, selectors: [], allocationMode: 'ExactCount', count, tolerations: []};
  return {name, exactly, firstAvailable: []};
}

/** A request that is no whole number counts for nothing. */
function amountOf({resources}: Container, resource: string): number {
  const text = resources?.requests?.[resource];
  const quantity = text === undefined ? undefined : parseQuantity(text);
  if (quantity === undefined) return 0;
  const value = scaledValue(quantity, 0);
  const isWhole = compareQuantities(quantity, {unscaled: value, scale: 0, format: 'DecimalSI'}) === 0;
  return isWhole ? Number(value) : 0;
}
