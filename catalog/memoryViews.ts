import type {MemoryView} from '../model/memoryView.ts';
import {type AllocatableOptions, allocatable} from './allocatable.ts';
import measured from './data/aws-measured-overhead.json' with {type: 'json'};
import type {InstanceType} from './instanceType.ts';
import {DEFAULT_MEMORY_OVERHEAD_PERCENT} from './rules/allocatableRule.ts';

const MIB = 2 ** 20;

/** Clouds whose Karpenter has the setting VM_MEMORY_OVERHEAD_PERCENT. */
const WITH_SETTING: ReadonlySet<string> = new Set(['aws', 'azure']);

/**
 * What memory of Amazon's amd64 types the kernel does not see, in bytes: some of the common families, as they were once
 * measured for Karpenter on the image that leaves the least.
 */
const MEASURED: ReadonlyMap<string, number> = new Map(
  measured.rows.map(([name, bytes]) => [String(name), Number(bytes)]),
);

/** The views of a machine that are known; none where its allocatable memory is stated and so cannot differ. */
export function memoryViews(
  type: InstanceType,
  provider: string,
  options: Pick<AllocatableOptions, 'rule' | 'maxPods'>,
): readonly MemoryView[] {
  if (type.allocatable?.memory !== undefined) return [];
  const view = (kind: MemoryView['kind'], overheadPercent: number): readonly MemoryView[] => {
    const {memoryMiB} = allocatable(type, {...options, memoryOverheadPercent: overheadPercent});
    return memoryMiB === null ? [] : [{kind, overheadPercent, memory: memoryMiB * MIB}];
  };
  const bytes = provider === 'aws' ? MEASURED.get(type.name) : undefined;
  return [
    ...(WITH_SETTING.has(provider) ? view('assumed', DEFAULT_MEMORY_OVERHEAD_PERCENT) : []),
    ...(bytes === undefined ? [] : view('measured', (bytes / MIB / type.memoryMiB) * 100)),
  ];
}
