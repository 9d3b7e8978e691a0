import {processSize} from '../../../flink/flinkProcesses.ts';
import {mebibytes} from '../../../flink/memory/memoryOrigins.ts';
import {MEMORY} from '../../../model/resources.ts';
import {bytesText, mebibytesAbove} from './amounts.ts';
import {
  componentPath,
  type FlinkRule,
  type FlinkSubject,
  flinkFinding,
  type ProcessSubject,
  pointerTo,
} from './flinkSubject.ts';
import {podsOn} from './machines.ts';

const MIB = 2 ** 20;

/** Processes for which less memory is reserved than they may grow to, within what their container may use. */
export const requestsBelowProcesses: FlinkRule = (subject) =>
  subject.processes.flatMap((process) => {
    const {title, component, request, limit} = process;
    const size = processSize(process);
    if (size === undefined || request === 0 || request === limit || Number(size) - request < MIB) return [];
    const factor = (Number(size) / request).toFixed(2);
    const message = [
      `${mebibytes(BigInt(request))} are reserved for a ${title} that may grow to ${mebibytes(size)}, ${factor} times as much`,
      ...nodeText(subject, process, Number(size)),
    ].join('; ');
    const needed = limit === 0 ? Number(size) : Math.min(Number(size), limit);
    const path = componentPath(subject.object, component, 'resources', 'requests', 'memory');
    const hint = `reserve all of it with ${path.join('.')}: ${mebibytesAbove(needed)}`;
    return [flinkFinding('STW-4103', subject, message, {hint, pointer: pointerTo(path)})];
  });

/** The machine that is promised to too many by most. */
function nodeText({machinesOf}: FlinkSubject, {podClass, title}: ProcessSubject, size: number): readonly string[] {
  if (podClass === undefined) return [];
  const [worst] = machinesOf(podClass)
    .map((machine) => ({machine, count: podsOn(podClass.requests, machine.free).count}))
    .filter(({machine, count}) => count * size > machine.free[MEMORY]!)
    .sort((a, b) => b.count * size - b.machine.free[MEMORY]! - (a.count * size - a.machine.free[MEMORY]!));
  if (worst === undefined) return [];
  const {count, machine} = worst;
  const pods = count === 1 ? title : `${title}s`;
  return [
    `by their requests ${count} ${pods} fit ${machine.title}, which may grow to ${bytesText(count * size)} of its ${bytesText(machine.free[MEMORY]!)}`,
  ];
}
