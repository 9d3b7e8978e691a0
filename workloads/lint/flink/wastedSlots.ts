import {processOf} from '../../../flink/flinkProcesses.ts';
import {valueAt, withValue} from '../../../flink/memory/resourceRemedy.ts';
import type {KubernetesObject} from '../../../model/kubernetes.ts';
import type {MemoryView} from '../../../model/memoryView.ts';
import type {PodClass} from '../../../model/pod.ts';
import {amountOf, MEMORY} from '../../../model/resources.ts';
import {bytesText, mebibytesBelow, percentText} from './amounts.ts';
import {
  componentPath,
  type FlinkRule,
  type FlinkSubject,
  flinkFinding,
  type ProcessSubject,
  pointerTo,
} from './flinkSubject.ts';
import {type Machine, podsOn} from './machines.ts';

const MIB = 2 ** 20;
/** How much smaller a TaskManager may be made for one more on the node, and how much must be left over to say so. */
const SMALLER_BY = 0.1;
const LEFT_OVER = 0.05;

/** Sizes of TaskManagers that leave so much of a machine that a little less would let it take one more. */
export const wastedSlots: FlinkRule = (subject) => {
  const {taskManagers, machinesOf, processes} = subject;
  const process = processes.find(({component}) => component === 'taskmanager');
  if (taskManagers === undefined || process === undefined) return [];
  return machinesOf(taskManagers).flatMap((machine) => {
    const tiling = tilingText(subject, process, taskManagers, machine);
    const views = viewTexts(subject, taskManagers, machine);
    if (tiling === undefined && views.length === 0) return [];
    const {memory, cpu, count} = podsOn(taskManagers.requests, machine.free);
    const limits = Number.isFinite(cpu) ? ` by memory and ${cpu} by CPU` : ' by memory';
    const message = [
      `TaskManagers of ${mebibytesBelow(amountOf(taskManagers.requests, MEMORY))} on ${machine.title}: ${memory}${limits}, so ${count}`,
      ...(tiling === undefined ? [] : [tiling.message]),
      ...originText(subject, machine),
      ...views,
    ].join('; ');
    return [
      flinkFinding('STW-4105', subject, message, {
        hint: tiling?.hint,
        pointer: pointerTo(componentPath(subject.object, 'taskmanager')),
      }),
    ];
  });
};

interface Tiling {
  readonly message: string;
  readonly hint: string;
}

function tilingText(
  subject: FlinkSubject,
  process: ProcessSubject,
  {requests}: PodClass,
  {free}: Machine,
): Tiling | undefined {
  const {count, memory, withoutMemory} = podsOn(requests, free);
  const request = amountOf(requests, MEMORY);
  const room = amountOf(free, MEMORY);
  const left = room - count * request;
  if (count < 1 || count !== memory || withoutMemory <= count || left < LEFT_OVER * room) return undefined;
  // The memory of the other containers of the pod stays as it is.
  const beside = request - process.request;
  const smaller = Math.floor((room / (count + 1) - beside) / MIB);
  if (smaller * MIB < process.request * (1 - SMALLER_BY)) return undefined;
  const change = resized(subject, process, smaller);
  if (change === undefined) return undefined;
  const larger = Math.floor((room / count - beside) / MIB);
  return {
    message: `${bytesText(left)} of ${bytesText(room)} are left over (${percentText(left / room)})`,
    hint: `${count + 1} fit with ${change}, ${mebibytesBelow(process.request - smaller * MIB)} less each; ${larger}Mi each would use all of it with ${count}`,
  };
}

/** The fields that give the TaskManager so much memory; undefined where it would not start with it. */
function resized(
  {object, operator}: FlinkSubject,
  {request, limit}: ProcessSubject,
  mebibytes: number,
): string | undefined {
  const paths = memoryPaths(object, request === limit);
  const [first] = paths;
  if (first === undefined) return undefined;
  const text = `${mebibytes}${first.at(-2) === 'resource' ? 'm' : 'Mi'}`;
  const changed = paths.reduce((whole, path) => withValue(whole, path, text), object);
  const process = processOf(changed, operator, 'taskmanager');
  if (process === undefined || 'error' in process.answer) return undefined;
  return `${paths.map((path) => path.join('.')).join(' and ')}: ${text}`;
}

/** Where the resource says how much memory a TaskManager asks for; with its limit where the two are one. */
function memoryPaths(object: KubernetesObject, isLimited: boolean): readonly (readonly string[])[] {
  const resources = componentPath(object, 'taskmanager', 'resources');
  const [requests, limits] = ['requests', 'limits'].map((part) => [...resources, part, 'memory']);
  const written = [requests!, limits!].filter((path) => valueAt(object, path) !== undefined);
  if (written.length > 0) return isLimited ? written : written.slice(0, 1);
  const single = componentPath(object, 'taskmanager', 'resource', 'memory');
  return valueAt(object, single) === undefined ? [] : [single];
}

/** What else would be counted with, where it is another number of TaskManagers. */
function viewTexts({memoryViews}: FlinkSubject, {requests}: PodClass, machine: Machine): readonly string[] {
  const {count} = podsOn(requests, machine.free);
  return memoryViews(machine.node).flatMap((view) => {
    const free = {...machine.free, [MEMORY]: Math.max(0, view.memory - machine.daemonMemory)};
    const other = podsOn(requests, free).count;
    return other === count ? [] : [viewText(view, other)];
  });
}

function viewText({kind, overheadPercent}: MemoryView, count: number): string {
  return kind === 'measured'
    ? `${count} with the ${overheadText(overheadPercent)} that were measured to be missing`
    : `Karpenter counts with ${count} (${guessText(overheadPercent)}) until it has seen such a node`;
}

/** Where the memory of the input is the one that Karpenter assumes. */
function originText({memoryViews}: FlinkSubject, {node}: Machine): readonly string[] {
  return memoryViews(node)
    .filter(({kind, memory}) => kind === 'assumed' && memory === amountOf(node.allocatable, MEMORY))
    .map(({overheadPercent}) => `that is the memory as Karpenter guesses it (${guessText(overheadPercent)})`);
}

/** What is missing between the memory that is advertised and what the kernel has. */
function guessText(overheadPercent: number): string {
  return `VM_MEMORY_OVERHEAD_PERCENT ${overheadText(overheadPercent)}`;
}

function overheadText(percent: number): string {
  return `${Number(percent.toFixed(1))} %`;
}
