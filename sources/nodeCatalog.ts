import {CATALOG_NAMES, findCatalog} from '../catalog/catalogs.ts';
import {familyOf} from '../catalog/family.ts';
import type {Catalog, InstanceType} from '../catalog/instanceType.ts';
import {averagePricePerHour} from '../catalog/price.ts';
import {type Diagnostics, placeOf} from '../model/diagnostic.ts';
import {parseQuantity, scaledValue} from '../model/quantity.ts';
import {toQuantities, toResources} from '../model/resources.ts';
import type {SourceDocument} from './documents.ts';
import {type NodeCatalogSpec, type NodeCatalogType, nodeCatalogSchema} from './nodeCatalogSchema.ts';
import {parseWithSchema, suggestion} from './schemaErrors.ts';

const MIB = 2 ** 20;

/** The catalogue that a NodeCatalog document makes, or undefined and its problems. */
export function readNodeCatalog({value, origin}: SourceDocument, diagnostics: Diagnostics): Catalog | undefined {
  const document = parseWithSchema(nodeCatalogSchema, value, origin, diagnostics);
  if (document === undefined) return undefined;
  const {metadata, spec} = document;
  const base = spec.extends === undefined ? undefined : findCatalog(spec.extends);
  if (spec.extends !== undefined && base === undefined) {
    diagnostics.error('STW-1009', `there is no catalogue "${spec.extends}" to extend`, {
      hint: suggestion(spec.extends, CATALOG_NAMES) ?? `known here: ${CATALOG_NAMES.join(', ')}`,
      place: placeOf(origin, '/spec/extends'),
    });
    return undefined;
  }
  const currency = spec.currency ?? base?.currency;
  if (currency === undefined) {
    diagnostics.error('STW-1008', 'currency is missing', {
      hint: 'add it, such as currency: EUR; it may only be left out with extends',
      place: placeOf(origin, '/spec'),
    });
    return undefined;
  }
  const instanceTypes = new Map(base?.instanceTypes);
  if (base !== undefined && currency !== base.currency) forgetPrices(instanceTypes);
  const given = new Set<string>();
  for (const [index, own] of spec.instanceTypes.entries()) {
    const pointer = `/spec/instanceTypes/${index}`;
    if (given.has(own.name)) {
      diagnostics.warn('STW-2010', `instance type "${own.name}" is given twice; the last one counts`, {
        place: placeOf(origin, `${pointer}/name`),
        object: `InstanceType/${own.name}`,
      });
    }
    given.add(own.name);
    const type = toInstanceType(own, base?.instanceTypes.get(own.name), spec);
    if (type !== undefined) instanceTypes.set(own.name, type);
    else {
      const missing = [own.vcpu === undefined ? 'vcpu' : '', own.memory === undefined ? 'memory' : ''].filter(Boolean);
      diagnostics.error('STW-1008', `instance type "${own.name}" needs ${missing.join(' and ')}`, {
        hint: newTypeHint(own.name, base),
        place: placeOf(origin, pointer),
      });
    }
  }
  return {
    name: metadata.name,
    provider: spec.provider ?? base?.provider ?? 'own',
    region: spec.region ?? base?.region ?? '',
    currency,
    source: spec.source,
    asOf: spec.asOf,
    allocatableRule: spec.allocatableRule ?? null,
    remarks:
      base === undefined || currency === base.currency
        ? (base?.remarks ?? [])
        : [
            ...base.remarks,
            `prices of ${base.name} are in ${base.currency}, so those not stated in ${currency} are unknown`,
          ],
    instanceTypes,
  };
}

/** A type as the file states it over the one that it changes; undefined when something is left out of a new one. */
function toInstanceType(
  own: NodeCatalogType,
  changed: InstanceType | undefined,
  spec: NodeCatalogSpec,
): InstanceType | undefined {
  const vcpu = own.vcpu ?? changed?.vcpu;
  const memoryMiB = own.memory === undefined ? changed?.memoryMiB : toMiB(own.memory);
  if (vcpu === undefined || memoryMiB === undefined) return undefined;
  return {
    name: own.name,
    family: own.family ?? changed?.family ?? familyOf(own.name),
    arch: own.arch ?? changed?.arch ?? 'amd64',
    vcpu,
    memoryMiB,
    maxPods: own.maxPods ?? changed?.maxPods ?? null,
    gpus: own.gpus ?? changed?.gpus ?? 0,
    localNvmeGiB: changed?.localNvmeGiB ?? 0,
    ...priceOf(own, changed, spec),
    allocatable: own.allocatable === undefined ? null : toResources(toQuantities(own.allocatable)),
    source:
      own.source ?? (changed === undefined || isShaped(own) ? spec.source : `${spec.source}; shape: ${changed.source}`),
    asOf: own.asOf ?? spec.asOf,
  };
}

/** Whether the file states the shape itself, so that nothing of the changed type's is left. */
function isShaped({vcpu, memory}: NodeCatalogType): boolean {
  return vcpu !== undefined && memory !== undefined;
}

function priceOf(
  {pricePerHour, priceTiers}: NodeCatalogType,
  changed: InstanceType | undefined,
  spec: NodeCatalogSpec,
): Pick<InstanceType, 'pricePerHour' | 'priceTiers'> {
  if (priceTiers !== undefined) return {pricePerHour: averagePricePerHour(priceTiers), priceTiers};
  if (pricePerHour !== undefined) return {pricePerHour, priceTiers: null};
  const isSameCurrency = spec.currency === undefined || spec.currency === findCatalog(spec.extends ?? '')?.currency;
  return {pricePerHour: isSameCurrency ? (changed?.pricePerHour ?? null) : null, priceTiers: null};
}

/** A sum of two currencies would be a number without a meaning. */
function forgetPrices(instanceTypes: Map<string, InstanceType>): void {
  for (const [name, type] of instanceTypes) instanceTypes.set(name, {...type, pricePerHour: null, priceTiers: null});
}

function newTypeHint(name: string, base: Catalog | undefined): string {
  const near = base === undefined ? undefined : suggestion(name, [...base.instanceTypes.keys()]);
  return near?.startsWith('did you mean') === true ? near : 'a new type needs vcpu and memory';
}

/** Possibly a fraction: a memory stated in GB is no whole number of MiB. */
function toMiB(text: string | number): number {
  const quantity = parseQuantity(text);
  return quantity === undefined ? 0 : Number(scaledValue(quantity, 0)) / MIB;
}
