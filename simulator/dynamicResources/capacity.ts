/** Devices that several claims take a part of: how much one request takes, and whether that much is left. */
import {addQuantities, compareQuantities, type Quantity, scaledValue} from '../../model/quantity.ts';
import {addTo, subtractQuantities, ZERO} from './quantities.ts';
import type {CapacityRequestPolicy, Device, DeviceCapacity, ExactRequest} from './resourceApi.ts';

/** Amounts by the name of the capacity. */
export type ConsumedCapacity = ReadonlyMap<string, Quantity>;

/** What has been taken of each device, by device key. An entry marks the device as shared, even with nothing taken. */
export class CapacityLedger {
  readonly #byDevice = new Map<string, Map<string, Quantity>>();

  get(device: string): ConsumedCapacity | undefined {
    return this.#byDevice.get(device);
  }

  add(device: string, consumed: ConsumedCapacity): void {
    const amounts = this.#byDevice.get(device) ?? new Map<string, Quantity>();
    for (const [name, amount] of consumed) addTo(amounts, name, amount);
    this.#byDevice.set(device, amounts);
  }

  /** The entry goes with the last amount. */
  remove(device: string, consumed: ConsumedCapacity): void {
    const amounts = this.#byDevice.get(device);
    if (amounts === undefined) return;
    for (const [name, amount] of consumed) {
      const known = amounts.get(name);
      if (known !== undefined) amounts.set(name, subtractQuantities(known, amount));
    }
    if (amounts.values().every(({unscaled}) => unscaled === 0n)) this.#byDevice.delete(device);
  }
}

/** Whether a device has what the request asks for, beside what is taken of it already. */
export function hasCapacityFor(
  {capacity}: Device,
  {capacity: wanted}: ExactRequest,
  ...taken: readonly (ConsumedCapacity | undefined)[]
): boolean {
  if (wanted?.keys().some((name) => !capacity.has(name))) return false;
  for (const [name, total] of capacity) {
    const own = consumptionOf(total, wanted?.get(name));
    if (violatesPolicy(own, total.requestPolicy)) return false;
    const sum = taken.reduce((before, amounts) => addQuantities(before, amounts?.get(name) ?? ZERO), own);
    if (compareQuantities(sum, total.value) > 0) return false;
  }
  return true;
}

/** What the request takes of each capacity of the device. */
export function consumedCapacity({capacity}: Device, {capacity: wanted}: ExactRequest): ConsumedCapacity {
  return new Map([...capacity].map(([name, total]) => [name, consumptionOf(total, wanted?.get(name))]));
}

/** Without a request the policy's default or else all; a request is rounded up to what the policy allows. */
function consumptionOf({value, requestPolicy}: DeviceCapacity, wanted: Quantity | undefined): Quantity {
  if (wanted === undefined) return requestPolicy?.default ?? value;
  const {validRange, validValues} = requestPolicy ?? {};
  if (validRange?.min !== undefined) return roundUpToStep(wanted, validRange.min, validRange.step);
  return validValues?.find((valid) => compareQuantities(wanted, valid) <= 0) ?? wanted;
}

function roundUpToStep(wanted: Quantity, min: Quantity, step: Quantity | undefined): Quantity {
  if (compareQuantities(wanted, min) < 0) return min;
  if (step === undefined) return wanted;
  const start = scaledValue(min, 0);
  const size = scaledValue(step, 0);
  const above = scaledValue(wanted, 0) - start;
  const steps = above / size + (above % size === 0n ? 0n : 1n);
  return {unscaled: start + steps * size, scale: 0, format: 'BinarySI'};
}

/** A policy's own default is valid by definition. */
function violatesPolicy(amount: Quantity, policy: CapacityRequestPolicy | undefined): boolean {
  if (policy === undefined) return false;
  if (policy.default !== undefined && compareQuantities(amount, policy.default) === 0) return false;
  const {validRange, validValues = []} = policy;
  if (validRange !== undefined) {
    const {min = ZERO, max, step} = validRange;
    if (max !== undefined && compareQuantities(amount, max) > 0) return true;
    return step !== undefined && (scaledValue(amount, 0) - scaledValue(min, 0)) % scaledValue(step, 0) !== 0n;
  }
  return validValues.length > 0 && !validValues.some((valid) => compareQuantities(amount, valid) === 0);
}
