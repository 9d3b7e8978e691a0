import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {findCatalog} from '../../catalog/catalogs.ts';
import {eksAllocatable} from '../../catalog/eksAllocatable.ts';

const catalog = findCatalog('aws/us-east-1')!;

test.each([
  ['r5.xlarge', 3920, 29317, 58],
  ['r5.4xlarge', 15890, 118312, 234],
  ['r7i.2xlarge', 7910, 59627, 58],
  ['m7i.4xlarge', 15890, 57691, 234],
  ['r7g.4xlarge', 15890, 118253, 234],
])('EKS allocatable of %s as its documentation prints it', (name, cpu, memoryMiB, pods) => {
  expect(eksAllocatable(catalog.instanceTypes.get(name)!)).toMatchObject({cpu, memoryMiB, pods});
});

test('a measured memory gap replaces the assumed one', () => {
  // r5.4xlarge was measured to keep 2.9 % (124,401 MiB allocatable against 118,312 with 7.5 %).
  const {memoryMiB} = eksAllocatable(catalog.instanceTypes.get('r5.4xlarge')!, {memoryOverheadPercent: 2.9});
  expect(Math.abs(memoryMiB - 124_401)).toBeLessThan(100);
});

test('every type of the table has the allocatable that Karpenter prints', () => {
  const [, ...lines] = readFileSync(new URL('../golden/aws-us-east-1-instance-types.csv', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const different = lines
    .map((line) => line.split(','))
    .map(([name, , , , , , , cpu, memory, pods]) => ({
      name: name!,
      cpu: Number(cpu),
      memory: Number(memory),
      pods: Number(pods),
    }))
    .filter(({name, cpu, memory, pods}) => {
      const own = eksAllocatable(catalog.instanceTypes.get(name)!);
      return own.cpu !== cpu || own.pods !== pods || Math.abs(own.memoryMiB - memory) > 1;
    })
    .map(({name, ...table}) => ({name, table, own: eksAllocatable(catalog.instanceTypes.get(name)!)}));
  expect(lines).toHaveLength(1363);
  expect(different).toEqual([]);
});
