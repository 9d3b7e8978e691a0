import {describe, expect, test} from 'vitest';
import {findCatalog} from '../../catalog/catalogs.ts';
import measured from '../../catalog/data/aws-measured-overhead.json' with {type: 'json'};
import type {InstanceType} from '../../catalog/instanceType.ts';
import {memoryViews} from '../../catalog/memoryViews.ts';

const MIB = 2 ** 20;
const type = (catalog: string, name: string): InstanceType => findCatalog(catalog)!.instanceTypes.get(name)!;
const views = (provider: string, of: InstanceType, rule: 'EKS' | 'AKS' | 'GKE') =>
  memoryViews(of, provider, {rule}).map(({kind, overheadPercent, memory}) => [
    kind,
    overheadPercent.toFixed(1),
    memory / MIB,
  ]);

describe('memory that pods would have with another gap between advertised and real memory', () => {
  test.each<[name: string, ...Parameters<typeof views>, ReturnType<typeof views>]>([
    [
      'r5.4xlarge',
      'aws',
      type('aws/us-east-1', 'r5.4xlarge'),
      'EKS',
      [
        ['assumed', '7.5', 118_312],
        ['measured', '2.9', 124_401],
      ],
    ],
    ['one that was not measured', 'aws', type('aws/us-east-1', 'r7i.2xlarge'), 'EKS', [['assumed', '7.5', 59_627]]],
    [
      'a cloud whose Karpenter assumes it, too',
      'azure',
      type('azure/eastus', 'Standard_E8s_v5'),
      'AKS',
      [['assumed', '7.5', expect.any(Number)]],
    ],
    ['a cloud with a model of its own', 'gcp', type('gcp/us-central1', 'n2-highmem-8'), 'GKE', []],
    ['memory that is stated', 'aws', {...type('aws/us-east-1', 'r5.4xlarge'), allocatable: {memory: 1}}, 'EKS', []],
  ])('%s', (_name, provider, of, rule, expected) => {
    expect(views(provider, of, rule)).toEqual(expected);
  });

  test('fewer pods leave more of it', () => {
    const [some] = memoryViews(type('aws/us-east-1', 'r5.4xlarge'), 'aws', {rule: 'EKS', maxPods: 110});
    expect(some!.memory / MIB).toBe(118_312 + 11 * (234 - 110));
  });

  test('every measured type is in the catalogue, and keeps most of its memory', () => {
    for (const [name, bytes] of measured.rows) {
      const {memoryMiB, arch} = type('aws/us-east-1', String(name));
      expect(arch).toBe('amd64');
      expect(Number(bytes) / MIB / memoryMiB, String(name)).toBeLessThan(0.15);
    }
  });
});
