import fc from 'fast-check';
import {expect, test} from 'vitest';
import {allocatable} from '../../catalog/allocatable.ts';
import {lintCatalog} from '../../catalog/lint.ts';
import {RULE_NAMES} from '../../catalog/rules/allocatableRule.ts';
import {Diagnostics} from '../../model/diagnostic.ts';
import {parseDocuments} from '../../sources/documents.ts';
import {readNodeCatalog} from '../../sources/nodeCatalog.ts';

const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, '', '8Gi', '64G', '1e400', '-1', '0', 0, -1, 0.5, 1e300, '__proto__', 'aws/us-east-1'),
  fc.jsonValue({maxDepth: 1}),
);
const type = fc.record(
  {
    name: fc.constantFrom<unknown>('r5.large', 'constructor', '__proto__', 'own-1', '', null, 7),
    vcpu: scalar,
    memory: scalar,
    maxPods: scalar,
    pricePerHour: scalar,
    priceTiers: fc.array(fc.record({fromHour: scalar, pricePerHour: scalar}), {maxLength: 3}),
    allocatable: fc.dictionary(fc.constantFrom('cpu', 'memory', 'pods', '__proto__', 'nvidia.com/gpu'), scalar),
  },
  {requiredKeys: []},
);
const spec = fc.record(
  {
    extends: fc.constantFrom<unknown>('aws/us-east-1', 'azure/eastus', 'toString', null),
    currency: fc.constantFrom<unknown>('USD', 'EUR', 'euro', 1),
    provider: fc.constantFrom<unknown>('aws', 'constructor', 'huawei', {}),
    asOf: fc.constantFrom<unknown>('2026-11-01', '', null),
    source: fc.constantFrom<unknown>('an invoice', []),
    instanceTypes: fc.array(fc.oneof(type, scalar), {maxLength: 4}),
  },
  {requiredKeys: []},
);

test('whatever a file says becomes a catalogue or an error, never a crash and never a number below nothing', () => {
  let catalogs = 0;
  fc.assert(
    fc.property(spec, (value) => {
      const document = {apiVersion: 'stowage.dev/v1alpha1', kind: 'NodeCatalog', metadata: {name: 'own'}, spec: value};
      const diagnostics = new Diagnostics();
      const [source] = parseDocuments({name: 'own.json', text: JSON.stringify(document)}, diagnostics);
      const catalog = readNodeCatalog(source!, diagnostics);
      if (catalog === undefined) {
        expect(diagnostics.errors.length).toBeGreaterThan(0);
        return;
      }
      if (diagnostics.errors.length > 0) return;
      catalogs += 1;
      lintCatalog(catalog);
      for (const {name} of (value.instanceTypes as {name: string}[] | undefined) ?? []) {
        const own = catalog.instanceTypes.get(name)!;
        for (const rule of RULE_NAMES) {
          const {cpu, memoryMiB, pods, capacityMiB} = allocatable(own, {rule});
          for (const amount of [cpu, memoryMiB ?? 0, pods, capacityMiB]) expect(amount).toBeGreaterThanOrEqual(0);
        }
      }
    }),
    {seed: 0x5eed, numRuns: 2000},
  );
  expect(catalogs).toBeGreaterThan(0);
});
