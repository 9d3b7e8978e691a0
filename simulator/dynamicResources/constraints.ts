/** Constraints between the devices of a claim, kept up to date while the search takes devices and puts them back. */
import type {PoolDevice} from './pools.ts';
import type {Device, DeviceAttribute, DeviceConstraint} from './resourceApi.ts';

export interface Constraint {
  /** Counts a device in, unless it would break the constraint. `subRequest` is '' for a request without alternatives. */
  add(request: string, subRequest: string, device: PoolDevice): boolean;
  /** The exact opposite of an `add` that succeeded. */
  remove(request: string, subRequest: string): void;
}

/** null for a constraint of a kind that is not known. */
export function toConstraint(constraint: DeviceConstraint, hasDistinctAttribute: boolean): Constraint | null {
  const {requests, matchAttribute, distinctAttribute} = constraint;
  const applies = (request: string, subRequest: string): boolean =>
    requests.length === 0 || requests.includes(request) || requests.includes(`${request}/${subRequest}`);
  if (matchAttribute !== undefined) return new MatchAttribute(applies, matchAttribute);
  if (distinctAttribute !== undefined && hasDistinctAttribute) return new DistinctAttribute(applies, distinctAttribute);
  return null;
}

type Applies = (request: string, subRequest: string) => boolean;

/** All devices have the same value. */
class MatchAttribute implements Constraint {
  readonly #applies: Applies;
  readonly #name: string;
  #value: DeviceAttribute = {};
  #count = 0;

  constructor(applies: Applies, name: string) {
    this.#applies = applies;
    this.#name = name;
  }

  add(request: string, subRequest: string, {device, slice}: PoolDevice): boolean {
    if (!this.#applies(request, subRequest)) return true;
    const value = lookupAttribute(device, slice.driver, this.#name);
    if (value === undefined) return false;
    if (this.#count === 0) this.#value = value;
    else if (!isSame(value, this.#value)) return false;
    this.#count++;
    return true;
  }

  remove(request: string, subRequest: string): void {
    if (this.#applies(request, subRequest)) this.#count--;
  }
}

/** All requests have different values. Only the last device of each request is remembered, as upstream does. */
class DistinctAttribute implements Constraint {
  readonly #applies: Applies;
  readonly #name: string;
  readonly #values = new Map<string, DeviceAttribute>();
  #count = 0;

  constructor(applies: Applies, name: string) {
    this.#applies = applies;
    this.#name = name;
  }

  add(request: string, subRequest: string, {device, slice}: PoolDevice): boolean {
    if (!this.#applies(request, subRequest)) return true;
    const value = lookupAttribute(device, slice.driver, this.#name);
    if (value === undefined) return false;
    if (this.#count > 0 && this.#values.values().some((other) => isSame(value, other))) return false;
    this.#values.set(request, value);
    this.#count++;
    return true;
  }

  remove(request: string, subRequest: string): void {
    if (!this.#applies(request, subRequest)) return;
    this.#values.delete(request);
    this.#count--;
  }
}

/** By its full name, or without the domain where that is the driver. */
function lookupAttribute({attributes}: Device, driver: string, name: string): DeviceAttribute | undefined {
  const full = attributes.get(name);
  if (full !== undefined || !name.startsWith(`${driver}/`)) return full;
  return attributes.get(name.slice(driver.length + 1));
}

function isSame(a: DeviceAttribute, b: DeviceAttribute): boolean {
  if (a.string !== undefined) return a.string === b.string;
  if (a.int !== undefined) return a.int === b.int;
  if (a.bool !== undefined) return a.bool === b.bool;
  return a.version !== undefined && a.version === b.version;
}
