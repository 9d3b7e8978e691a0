import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {allocatable, ruleOf} from '../../catalog/allocatable.ts';
import {findCatalog} from '../../catalog/catalogs.ts';
import type {InstanceType} from '../../catalog/instanceType.ts';
import type {RuleName} from '../../catalog/rules/allocatableRule.ts';
import {millicores, tieredMemoryMiB} from '../../catalog/rules/brackets.ts';

const GIB = 1024;
const aws = findCatalog('aws/us-east-1')!;

function machine(vcpu: number, memoryMiB: number, own: Partial<InstanceType> = {}): InstanceType {
  return {
    name: 'test.large',
    family: 'test',
    arch: 'amd64',
    vcpu,
    memoryMiB,
    maxPods: null,
    gpus: 0,
    localNvmeGiB: 0,
    pricePerHour: null,
    priceTiers: null,
    allocatable: null,
    source: 'a test',
    asOf: '2026-01-01',
    ...own,
  };
}

/** What a rule keeps of CPU, in millicores. */
function keptCpu(rule: RuleName, vcpu: number, name = 'test.large'): number {
  return allocatable(machine(vcpu, 64 * GIB, {name}), {rule}).reservations.reduce((sum, {cpu}) => sum + cpu, 0);
}

test.each([
  ['r5.xlarge', 3920, 29317, 58],
  ['r5.4xlarge', 15890, 118312, 234],
  ['r7i.2xlarge', 7910, 59627, 58],
  ['m7i.4xlarge', 15890, 57691, 234],
  ['r7g.4xlarge', 15890, 118253, 234],
])('EKS allocatable of %s as its documentation prints it', (name, cpu, memoryMiB, pods) => {
  expect(allocatable(aws.instanceTypes.get(name)!, {rule: 'EKS'})).toMatchObject({cpu, memoryMiB, pods});
});

test('a measured memory gap replaces the assumed one', () => {
  // r5.4xlarge was measured to keep 2.9 % (124,401 MiB allocatable against 118,312 with 7.5 %).
  const {memoryMiB} = allocatable(aws.instanceTypes.get('r5.4xlarge')!, {rule: 'EKS', memoryOverheadPercent: 2.9});
  expect(Math.abs(memoryMiB! - 124_401)).toBeLessThan(100);
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
      own: allocatable(aws.instanceTypes.get(name!)!, {rule: 'EKS'}),
    }))
    .filter(
      ({cpu, memory, pods, own}) => own.cpu !== cpu || own.pods !== pods || Math.abs(own.memoryMiB! - memory) > 1,
    );
  expect(lines).toHaveLength(1363);
  expect(different).toEqual([]);
});

test.each([
  [2, 512],
  [8, 1843],
  [12, 2252],
  [32, 3645],
  [320, 13475],
])('tiered memory of %i GB is %i MB, as TKE’s documentation prints it', (gigabytes, megabytes) => {
  expect(Math.trunc(tieredMemoryMiB(gigabytes * GIB))).toBe(megabytes);
});

test.each([
  [64, 5611],
  [128, 9544],
  [256, 12165],
  [512, 17408],
])('tiered memory of %i GiB is %i MiB', (gibibytes, mebibytes) => {
  expect(Math.abs(tieredMemoryMiB(gibibytes * GIB) - mebibytes)).toBeLessThan(1);
});

test.each<[RuleName, number, number]>([
  ['TKEBefore130', 32, 800],
  ['TKEBefore130', 96, 2000],
  ['TKEBefore130', 196, 2740],
  ['TKEBefore130', 2, 100],
  ['VKE', 32, 800],
  ['TKE', 8, 90],
  ['EKS', 8, 90],
  ['ACK', 8, 90],
  ['GKE', 4, 80],
  ['AKS', 1, 60],
  ['AKS', 2, 100],
  ['AKS', 4, 140],
  ['AKS', 8, 180],
  ['AKS', 16, 260],
  ['AKS', 32, 420],
  ['AKS', 64, 740],
  ['AKSBefore129', 64, 740],
  ['CCE', 2, 70],
  ['Kubelet', 8, 0],
])('%s keeps of %i cores %im', (rule, cores, kept) => {
  expect(keptCpu(rule, cores)).toBe(kept);
});

test('GKE keeps 1060m of a type that shares a core', () => {
  expect(keptCpu('GKE', 2, 'e2-medium')).toBe(1060);
  expect(keptCpu('GKE', 2, 'e2-standard-2')).toBe(70);
});

// One machine of 8 vCPU and 64 GiB under every rule; without a model of the provider's own the capacity is the nominal.
test.each<[name: string, rule: RuleName, maxPods: number, overhead: number | undefined, memoryMiB: number]>([
  ['EKS with the assumed gap', 'EKS', 58, undefined, 59_627],
  ['AKS from 1.29 with 110 pods', 'AKS', 110, 0, 63_186],
  ['AKS from 1.29 with 250 pods', 'AKS', 250, 0, 60_386],
  ['AKS before 1.29', 'AKSBefore129', 110, 0, 59_174],
  ['TKE before 1.30', 'TKEBefore130', 110, 0, 59_824],
  ['GKE with its own capacity model', 'GKE', 110, undefined, 58_606],
  ['ACK with 64 pods', 'ACK', 64, 0, 64_377],
])('8 vCPU and 64 GiB under %s', (_name, rule, maxPods, overhead, memoryMiB) => {
  const options = overhead === undefined ? {} : {memoryOverheadPercent: overhead};
  expect(allocatable(machine(8, 64 * GIB), {rule, maxPods, ...options}).memoryMiB).toBe(memoryMiB);
});

test.each([
  ['8 GB and 30 pods: 650 MB are kept, 7.25 GB are left', 8000, 30, 650, 7250],
  ['4 GB and 70 pods: a quarter is the most that is kept', 4000, 70, 1000, 2900],
])('AKS from 1.29, in its documentation’s round units, %s', (_name, memory, maxPods, kept, left) => {
  const {memoryMiB, reservations} = allocatable(machine(2, memory), {rule: 'AKS', maxPods, memoryOverheadPercent: 0});
  expect(reservations.find(({name}) => name === 'kube-reserved')?.memoryMiB).toBe(kept);
  expect(memoryMiB).toBe(left);
});

test('GKE’s model of 64 GiB leaves the kernel’s share out of the capacity', () => {
  expect(allocatable(machine(8, 64 * GIB), {rule: 'GKE'}).capacityMiB).toBe(64_317);
  expect(allocatable(machine(8, 64 * GIB), {rule: 'GKE', memoryOverheadPercent: 0}).capacityMiB).toBe(64 * GIB);
});

test.each([
  ['16 pods of 8 GiB', 8, 16, 700],
  ['32 pods of 16 GiB', 16, 32, 819.2 + 1000],
  ['64 pods of 64 GiB', 64, 64, 819.2 + 2949.12 + 1224],
  ['128 pods of 64 GiB', 64, 128, 819.2 + 2949.12 + 1729.2],
  ['256 pods of 256 GiB', 256, 256, 819.2 + 6881.28 + 2621.44 + 3173.6],
  ['any number of pods of 2 GiB', 2, 100, 512],
])('CCE’s rule v1 keeps of %s', (_name, gibibytes, maxPods, kept) => {
  const {reservations} = allocatable(machine(8, gibibytes * GIB), {rule: 'CCEv1', maxPods});
  const sum = reservations.reduce((total, {memoryMiB}) => total + memoryMiB!, 0);
  expect(sum).toBeCloseTo(kept + 100, 6);
});

test.each<RuleName>(['TKE', 'CCE'])('%s knows CPU but not memory, and says so instead of guessing', (rule) => {
  expect(allocatable(machine(8, 64 * GIB), {rule})).toMatchObject({cpu: 7910, memoryMiB: null});
});

test.each([
  ['aws', '1.36', 'EKS'],
  ['gcp', '1.36', 'GKE'],
  ['azure', '1.29', 'AKS'],
  ['azure', '1.28', 'AKSBefore129'],
  ['tencent', '1.30', 'TKE'],
  ['tencent', '1.29', 'TKEBefore130'],
  ['alibaba', '1.36', 'ACK'],
  ['volcengine', '1.36', 'VKE'],
  ['huawei', '1.36', 'CCE'],
  ['huawei', '1.23', 'CCEv1'],
  ['a cellar', '1.36', 'Kubelet'],
])('the rule of %s for Kubernetes %s is %s', (provider, version, rule) => {
  expect(ruleOf({provider, allocatableRule: null}, version)).toBe(rule);
});

test('a rule named by the catalogue outranks the provider’s', () => {
  expect(ruleOf({provider: 'tencent', allocatableRule: 'TKEBefore130'}, '1.36')).toBe('TKEBefore130');
});

test('what is stated of a type outranks the rule', () => {
  const type = machine(8, 64 * GIB, {allocatable: {cpu: 7500, memory: 60 * 2 ** 30, pods: 61}});
  expect(allocatable(type, {rule: 'TKE'})).toMatchObject({cpu: 7500, memoryMiB: 60 * GIB, pods: 61});
});

test('fewer pods leave more memory, and never less than nothing is left', () => {
  const type = aws.instanceTypes.get('r5.large')!;
  const left = (maxPods: number) => allocatable(type, {rule: 'EKS', maxPods}).memoryMiB!;
  expect(left(10) - left(29)).toBe(11 * 19);
  expect(allocatable(machine(1, 256), {rule: 'EKS'}).memoryMiB).toBe(0);
});

test('a bracket keeps whole millicores', () => {
  expect(millicores(3, [[Number.POSITIVE_INFINITY, 0.25]])).toBe(7);
});

test('shares of a core are whole millicores', () => {
  expect(allocatable(machine(0.0333, 4096), {rule: 'Kubelet'}).cpu).toBe(33);
});
