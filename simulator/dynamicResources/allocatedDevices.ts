import {CapacityLedger, type ConsumedCapacity} from './capacity.ts';
import {type Allocation, deviceKey} from './resourceApi.ts';

/** Which devices the claims of the cluster have, by device key. */
export class AllocatedDevices {
  readonly #exclusive = new Set<string>();
  /** IDs of the shares of each device. */
  readonly #shares = new Map<string, Set<string>>();
  readonly #capacity = new CapacityLedger();
  readonly #hasSharedDevices: boolean;

  constructor({consumableCapacity}: {readonly consumableCapacity: boolean}) {
    this.#hasSharedDevices = consumableCapacity;
  }

  /** Whether nobody else can have the device. */
  isTaken(device: string): boolean {
    return this.#exclusive.has(device);
  }

  /** Whether anybody has the device or a part of it. */
  isUsed(device: string): boolean {
    return this.#exclusive.has(device) || this.#shares.has(device) || this.#capacity.get(device) !== undefined;
  }

  /** What is taken of a shared device; undefined for others. */
  consumedOf(device: string): ConsumedCapacity | undefined {
    return this.#capacity.get(device);
  }

  /** Devices with admin access are not taken from anybody. */
  add({devices}: Allocation): void {
    for (const {driver, pool, device, adminAccess, shareID, consumedCapacity} of devices) {
      if (adminAccess) continue;
      const key = deviceKey(driver, pool, device);
      if (shareID === undefined || !this.#hasSharedDevices) {
        this.#exclusive.add(key);
        continue;
      }
      this.#shares.set(key, (this.#shares.get(key) ?? new Set()).add(shareID));
      if (consumedCapacity !== undefined) this.#capacity.add(key, consumedCapacity);
    }
  }

  remove({devices}: Allocation): void {
    for (const {driver, pool, device, adminAccess, shareID, consumedCapacity} of devices) {
      if (adminAccess) continue;
      const key = deviceKey(driver, pool, device);
      if (shareID === undefined || !this.#hasSharedDevices) {
        this.#exclusive.delete(key);
        continue;
      }
      const shares = this.#shares.get(key);
      shares?.delete(shareID);
      if (shares?.size === 0) this.#shares.delete(key);
      if (consumedCapacity !== undefined) this.#capacity.remove(key, consumedCapacity);
    }
  }
}
