import {expect, test} from 'vitest';
import type {Catalog} from '../../catalog/instanceType.ts';
import {Diagnostics} from '../../model/diagnostic.ts';
import {parseDocuments} from '../../sources/documents.ts';
import {readNodeCatalog} from '../../sources/nodeCatalog.ts';

function read(spec: string): {catalog: Catalog | undefined; findings: readonly string[]} {
  const diagnostics = new Diagnostics();
  const head = 'apiVersion: stowage.dev/v1alpha1\nkind: NodeCatalog\nmetadata: {name: own}\nspec:\n';
  const lines = `asOf: 2026-11-01\nsource: an invoice\n${spec}`.split('\n').map((line) => `  ${line}\n`);
  const [document] = parseDocuments({name: 'prices.yaml', text: head + lines.join('')}, diagnostics);
  const catalog = readNodeCatalog(document!, diagnostics);
  const findings = diagnostics.all.map(({code, place, message, hint = ''}) => {
    return `${code} ${place?.line}:${place?.column} ${message}${hint === '' ? '' : ` (${hint})`}`;
  });
  return {catalog, findings};
}

const type = (catalog: Catalog | undefined, name: string) => catalog?.instanceTypes.get(name);

test('a price of one’s own replaces that of the extended catalogue, and the shape stays', () => {
  const {catalog, findings} = read('extends: aws/us-east-1\ninstanceTypes: [{name: r5.xlarge, pricePerHour: 0.2}]');
  expect(findings).toEqual([]);
  expect(type(catalog, 'r5.xlarge')).toMatchObject({
    pricePerHour: 0.2,
    vcpu: 4,
    memoryMiB: 32768,
    maxPods: 58,
    asOf: '2026-11-01',
  });
  expect(type(catalog, 'r5.xlarge')?.source).toMatch(/^an invoice; shape: karpenter-provider-aws/);
  expect(type(catalog, 'r5.large')).toMatchObject({pricePerHour: 0.126, asOf: '2026-07-20'});
  expect(catalog).toMatchObject({name: 'own', provider: 'aws', region: 'us-east-1', currency: 'USD'});
});

test('a type that nobody knows needs a shape, and gets the family of its name', () => {
  const {catalog} = read('extends: aws/us-east-1\ninstanceTypes: [{name: z9.large, vcpu: 2, memory: 64Gi}]');
  expect(type(catalog, 'z9.large')).toMatchObject({
    family: 'z9',
    arch: 'amd64',
    memoryMiB: 65536,
    maxPods: null,
    pricePerHour: null,
    source: 'an invoice',
  });
  expect(read('extends: aws/us-east-1\ninstanceTypes: [{name: r5.xlrge, vcpu: 2}]').findings).toEqual([
    'STW-1008 8:19 instance type "r5.xlrge" needs memory (did you mean "r5.xlarge"?)',
  ]);
});

test('prices of another currency are forgotten, not added up', () => {
  const {catalog} = read(
    'extends: aws/us-east-1\ncurrency: EUR\ninstanceTypes: [{name: r5.xlarge, pricePerHour: 0.2}, {name: r5.large, maxPods: 9}]',
  );
  expect(catalog?.currency).toBe('EUR');
  expect(type(catalog, 'r5.xlarge')?.pricePerHour).toBe(0.2);
  expect(type(catalog, 'r5.large')).toMatchObject({pricePerHour: null, maxPods: 9});
  expect(type(catalog, 'm5.large')?.pricePerHour).toBeNull();
  expect(catalog?.remarks.at(-1)).toContain('USD');
});

test('time tiers give the average of a month', () => {
  const {catalog} = read(
    'extends: tencent/ap-guangzhou\ninstanceTypes: [{name: S5.LARGE16, priceTiers: [{fromHour: 0, pricePerHour: 1}, {fromHour: 365, pricePerHour: 0.5}]}]',
  );
  expect(type(catalog, 'S5.LARGE16')?.pricePerHour).toBeCloseTo(0.75, 9);
  expect(catalog?.currency).toBe('CNY');
});

test('a catalogue may stand alone', () => {
  const {catalog, findings} = read(
    'currency: EUR\nallocatableRule: EKS\ninstanceTypes: [{name: rack-1, vcpu: 64, memory: 512Gi, allocatable: {memory: 500Gi}}]',
  );
  expect(findings).toEqual([]);
  expect(catalog).toMatchObject({provider: 'own', allocatableRule: 'EKS'});
  expect(catalog?.instanceTypes.size).toBe(1);
  expect(type(catalog, 'rack-1')?.allocatable).toEqual({memory: 500 * 2 ** 30});
});

test.each([
  [
    'an unknown field with its nearest',
    'curency: EUR',
    'STW-1002 7:3 unknown field "curency" (did you mean "currency"?)',
  ],
  [
    'a catalogue that is not there',
    'extends: aws/us-eest-1',
    'STW-1009 7:3 there is no catalogue "aws/us-eest-1" to extend (did you mean "aws/us-east-1"?)',
  ],
  [
    'a currency nobody knows',
    'instanceTypes: []',
    'STW-1008 4:1 currency is missing (add it, such as currency: EUR; it may only be left out with extends)',
  ],
  [
    'a memory with a unit’s name',
    'currency: EUR\ninstanceTypes: [{name: a, vcpu: 1, memory: 8 GB}]',
    'STW-1004 8:38 "8 GB" is not a Kubernetes quantity (write 8G)',
  ],
  [
    'a price below nothing',
    'currency: EUR\ninstanceTypes: [{name: a, vcpu: 1, memory: 8Gi, pricePerHour: -1}]',
    'STW-1006 8:51 -1 is not at least 0 (write at least 0)',
  ],
  ['a rule that is not one', 'currency: EUR\nallocatableRule: GEK', 'STW-1003 8:3 "GEK" is not one of'],
])('%s is an error at its place', (_name, spec, finding) => {
  const {catalog, findings} = read(spec);
  expect(catalog).toBeUndefined();
  expect(findings.join('\n')).toContain(finding);
});

test('a type given twice counts once, the last time, and says so', () => {
  const {catalog, findings} = read(
    'currency: EUR\ninstanceTypes:\n- {name: a, vcpu: 1, memory: 8Gi}\n- {name: a, vcpu: 2, memory: 8Gi}',
  );
  expect(type(catalog, 'a')?.vcpu).toBe(2);
  expect(findings).toEqual(['STW-2010 10:6 instance type "a" is given twice; the last one counts']);
});
