/**
 * Makes catalog/data/aws-us-east-1.json from a table of EC2 instance types: `node scripts/awsCatalog.ts FILE.csv`.
 * The table's columns are instance_type, arch, vcpu, memory_mib, allocatable_pods, gpu_count, local_nvme_gib and
 * usd_per_hour_on_demand, as karpenter-provider-aws' generated sources state them.
 */
import {readFileSync, writeFileSync} from 'node:fs';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: node scripts/awsCatalog.ts FILE.csv');
const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
const columns = head.split(',');
const rows = lines.map((line) => {
  const cells = line.split(',');
  const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
  const number = (name: string): number | null => (cell(name) === '' ? null : Number(cell(name)));
  return [
    cell('instance_type'),
    cell('arch'),
    number('vcpu'),
    number('memory_mib'),
    number('allocatable_pods'),
    number('gpu_count') ?? 0,
    number('local_nvme_gib') ?? 0,
    number('usd_per_hour_on_demand'),
  ];
});
const header = {
  provider: 'aws',
  region: 'us-east-1',
  currency: 'USD',
  source: 'karpenter-provider-aws v1.14.1: zz_generated.pricing_aws.go (on-demand prices), instance-types.md (shapes)',
  asOf: '2026-07-20',
  columns: ['name', 'arch', 'vcpu', 'memoryMiB', 'maxPods', 'gpus', 'localNvmeGiB', 'pricePerHour'],
};
const text = `${JSON.stringify(header).slice(0, -1)},\n"rows":[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]}\n`;
writeFileSync(new URL('../catalog/data/aws-us-east-1.json', import.meta.url), text);
