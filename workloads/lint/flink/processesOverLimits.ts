import {fieldText, optionsPath, processOf, processSize} from '../../../flink/flinkProcesses.ts';
import {mebibytes} from '../../../flink/memory/memoryOrigins.ts';
import {withValue} from '../../../flink/memory/resourceRemedy.ts';
import type {KubernetesObject} from '../../../model/kubernetes.ts';
import {bytesText} from './amounts.ts';
import {
  componentPath,
  type FlinkRule,
  type FlinkSubject,
  flinkFinding,
  type ProcessSubject,
  pointerTo,
} from './flinkSubject.ts';

const MIB = 2 ** 20;
/** Nobody asks for containers of more than a tebibyte. */
const LARGEST_MEBIBYTES = 2 ** 20;

/** Processes that may grow beyond what their container may use, so that the kernel would kill them. */
export const processesOverLimits: FlinkRule = (subject) =>
  subject.processes.flatMap((process) => {
    const {title, component, limit} = process;
    const size = processSize(process);
    // Apache's operator cuts a limit to whole MiB.
    if (limit === 0 || size === undefined || Number(size) - limit < MIB) return [];
    const message = `the ${title} may grow to ${mebibytes(size)}, ${bytesText(Number(size) - limit)} over the ${mebibytes(BigInt(limit))} that its container may use: it risks being killed`;
    const remedies = [smallerProcess(subject, process), largerLimit(subject, process)].filter(
      (text) => text !== undefined,
    );
    const hint = remedies.length === 0 ? undefined : `fits with ${remedies.join('; or with ')}`;
    const pointer = pointerTo(componentPath(subject.object, component, 'resources', 'limits', 'memory'));
    return [flinkFinding('STW-4102', subject, message, {hint, pointer})];
  });

/** The size that is in force, lowered until the process fits. */
function smallerProcess({object, operator}: FlinkSubject, process: ProcessSubject): string | undefined {
  const {component, values, limit} = process;
  const key = ['memory.process.size', 'memory.flink.size', 'memory.heap.size', 'heap.size']
    .map((name) => `${component}.${name}`)
    .find((name) => values.has(name));
  if (key === undefined) return undefined;
  const path = [...optionsPath(object), key];
  const mebibytes = lastWhere(
    (count) => {
      const size = sizeOf(withValue(object, path, `${count}m`), operator, process);
      return size === 'too small' || (size !== undefined && size <= limit);
    },
    Math.floor(limit / MIB),
  );
  const found = withValue(object, path, `${mebibytes}m`);
  return typeof sizeOf(found, operator, process) === 'number'
    ? `${fieldText(path)}: ${mebibytes}m (the largest that does)`
    : undefined;
}

/** The limit of a FlinkCluster, raised until it holds the process that is sized by it. */
function largerLimit({object, operator}: FlinkSubject, process: ProcessSubject): string | undefined {
  if (object.kind !== 'FlinkCluster') return undefined;
  const path = componentPath(object, process.component, 'resources', 'limits', 'memory');
  const exceeds = (count: number): boolean => {
    const size = sizeOf(withValue(object, path, `${count}Mi`), operator, process);
    return typeof size !== 'number' || size > count * MIB;
  };
  if (exceeds(LARGEST_MEBIBYTES)) return undefined;
  const from = Math.ceil(process.limit / MIB);
  const mebibytes = from + lastWhere((count) => exceeds(from + count), LARGEST_MEBIBYTES - from) + 1;
  return `${fieldText(path)}: ${mebibytes}Mi (the least that does)`;
}

/** Bytes of the process of a changed resource; undefined where its memory is refused for another reason than its size. */
function sizeOf(
  changed: KubernetesObject,
  operator: string | null,
  {component}: ProcessSubject,
): number | 'too small' | undefined {
  const process = processOf(changed, operator, component);
  if (process === undefined) return undefined;
  if ('error' in process.answer) return process.answer.misfit?.leaves === 'too little' ? 'too small' : undefined;
  const size = processSize(process);
  return size === undefined ? undefined : Number(size);
}

/** The last count from 0 on for which something holds that holds for all smaller ones; 0 where it never does. */
function lastWhere(holds: (count: number) => boolean, most: number): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
