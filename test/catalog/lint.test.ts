import {expect, test} from 'vitest';
import {CATALOG_NAMES, findCatalog} from '../../catalog/catalogs.ts';
import {familyOf} from '../../catalog/family.ts';
import type {Catalog, InstanceType} from '../../catalog/instanceType.ts';
import {lintCatalog} from '../../catalog/lint.ts';

const azure = findCatalog('azure/eastus')!;

function withTypes(base: Catalog, types: readonly Partial<InstanceType>[]): Catalog {
  const model = base.instanceTypes.values().next().value!;
  const instanceTypes = new Map(base.instanceTypes);
  for (const type of types) {
    const before = instanceTypes.get(type.name!) ?? model;
    instanceTypes.set(type.name!, {...before, ...type});
  }
  return {...base, instanceTypes};
}

/** Findings of one rule as `TYPE MESSAGE`. */
function findings(catalog: Catalog, rule: string): string[] {
  return lintCatalog(catalog)
    .filter((finding) => finding.rule === rule)
    .map(({instanceType, message}) => `${instanceType} ${message}`);
}

// What karpenter-provider-azure's table holds of eastus.
test.each([
  ['Standard_E8as_v5', 'Easv5', 8, 64, 0.82],
  ['Standard_E32as_v5', 'Easv5', 32, 256, 3.28],
  ['Standard_D64as_v5', 'Dasv5', 64, 256, 5.696],
  ['Standard_D2as_v5', 'Dasv5', 2, 8, 0.178],
])('the Windows price of %s does not pass for that of Linux', (name, family, vcpu, gibibytes, pricePerHour) => {
  const catalog = withTypes(azure, [{name, family, vcpu, memoryMiB: gibibytes * 1024, pricePerHour}]);
  expect(findings(catalog, 'PriceNotLinear')).toEqual([expect.stringMatching(`^${name} costs .* more than .*Windows`)]);
});

test.each(['azure/eastus', 'gcp/us-central1', 'tencent/ap-guangzhou'])('no price of %s is out of line', (name) => {
  expect(findings(findCatalog(name)!, 'PriceNotLinear')).toEqual([]);
});

test('a price set above that of a larger machine is found, whatever the proportions', () => {
  const catalog = withTypes(findCatalog('gcp/us-central1')!, [
    {name: 'e2-micro', family: 'e2', vcpu: 2, memoryMiB: 1024, pricePerHour: 0.04},
    {name: 'e2-small', family: 'e2', vcpu: 2, memoryMiB: 2048, pricePerHour: 0.02},
    {name: 'e2-medium', family: 'e2', vcpu: 2, memoryMiB: 4096, pricePerHour: 0.0335},
  ]);
  expect(findings(catalog, 'PriceInverted')).toEqual([
    'e2-micro costs 0.04 an hour, more than the larger e2-small with 0.02: invented?',
  ]);
});

test('every price of Tencent is unknown and none is zero', () => {
  const tencent = findCatalog('tencent/ap-guangzhou')!;
  expect(findings(tencent, 'PriceMissing')).toHaveLength(tencent.instanceTypes.size);
});

test.each(CATALOG_NAMES)('no price of %s is zero, and every figure has a source and a date', (name) => {
  const {instanceTypes} = findCatalog(name)!;
  for (const type of instanceTypes.values()) {
    expect(type.pricePerHour, type.name).not.toBe(0);
    expect(type.source, type.name).not.toBe('');
    expect(type.asOf, type.name).toMatch(/\d{4}|undated/);
    expect(Number.isInteger(type.memoryMiB) && type.memoryMiB > 0 && type.vcpu > 0, type.name).toBe(true);
  }
});

test('a size with less memory than its family stands out', () => {
  expect(findings(azure, 'MemoryNotLinear')).toEqual(['Standard_E32ps_v5 has 6.5 GiB per vCPU, its family 8']);
});

test('memory in GB is doubted', () => {
  const catalog = withTypes(azure, [{name: 'Standard_E8s_v5', memoryMiB: 64e9 / 2 ** 20}]);
  expect(findings(catalog, 'MemoryUnit')).toEqual([
    'Standard_E8s_v5 has 61035.2 MiB, no whole number of them: GB for GiB? kubectl get nodes tells',
  ]);
});

test('a missing limit of pods is a finding unless allocatable states it', () => {
  const catalog = withTypes(azure, [{name: 'Standard_E8s_v5', allocatable: {pods: 110}}]);
  expect(findings(azure, 'PodLimitMissing')).toHaveLength(azure.instanceTypes.size);
  expect(findings(catalog, 'PodLimitMissing')).toHaveLength(azure.instanceTypes.size - 1);
});

test('one type under two spellings is found', () => {
  const catalog = withTypes(azure, [{name: 'standard_e8s_v5'}]);
  expect(findings(catalog, 'SameType')).toEqual(['standard_e8s_v5 is the same name as Standard_E8s_v5']);
});

test.each([
  ['m6i.2xlarge', 'm6i'],
  ['u-6tb1.metal', 'u-6tb1'],
  ['n2-highmem-8', 'n2-highmem'],
  ['Standard_E32as_v5', 'Standard_Eas_v5'],
  ['S5.2XLARGE32', 'S5'],
  ['ecs.g7.xlarge', 'ecs.g7'],
  ['rack', 'rack'],
])('the family of %s is %s', (name, family) => {
  expect(familyOf(name)).toBe(family);
});
