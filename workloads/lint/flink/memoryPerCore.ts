import type {PodClass} from '../../../model/pod.ts';
import {amountOf, CPU, MEMORY} from '../../../model/resources.ts';
import {bytesText, coresText, gibibytesPerCore, percentText, shapeText} from './amounts.ts';
import {componentPath, type FlinkRule, flinkFinding, pointerTo} from './flinkSubject.ts';
import {type Machine, podsOn} from './machines.ts';
import type {Services} from './services.ts';

/** So much of a machine must be out of reach on one full of TaskManagers before it is worth a word. */
const STRANDED = 0.25;

/** How clouds call machines by their GiB of memory to each core. */
const SHAPES: ReadonlyMap<number, string> = new Map([
  [2, 'compute'],
  [4, 'general'],
  [8, 'memory'],
]);

/** TaskManagers whose memory per core is not that of the machines: what one full of them leaves that none can use. */
export const memoryPerCore: FlinkRule = (subject) => {
  const {taskManagers, machinesOf, services, processes} = subject;
  // A size with which nothing starts is about to change.
  if (taskManagers === undefined || processes.some(({answer}) => 'error' in answer)) return [];
  const {requests} = taskManagers;
  const [cpu, memory] = [amountOf(requests, CPU), amountOf(requests, MEMORY)];
  if (cpu === 0 || memory === 0) return [];
  const full = machinesOf(taskManagers)
    .map((machine) => fullMachine(taskManagers, machine))
    .filter(({count}) => count > 0);
  if (!full.some(({cpuShare, memoryShare}) => Math.max(cpuShare, memoryShare) >= STRANDED)) return [];
  const message = [
    `a TaskManager asks for ${shapeText(memory, cpu)}`,
    ...full.map((machine) => strandedText(machine)),
  ].join('; ');
  const mixes = full.flatMap((machine) => mixText(taskManagers, machine, services));
  const hint =
    mixes.length === 0
      ? undefined
      : `services like the other pods of the input (${shapeText(services!.memory, services!.cpu)}, ${coresText(services!.cpu)} in all) use up ${mixes.join(', ')}`;
  return [
    flinkFinding('STW-4106', subject, message, {
      hint,
      pointer: pointerTo(componentPath(subject.object, 'taskmanager')),
    }),
  ];
};

interface FullMachine {
  readonly machine: Machine;
  /** TaskManagers that fit. */
  readonly count: number;
  /** Millicores and bytes that they leave, also as shares of what there is. */
  readonly cpuLeft: number;
  readonly memoryLeft: number;
  readonly cpuShare: number;
  readonly memoryShare: number;
}

function fullMachine({requests}: PodClass, machine: Machine): FullMachine {
  const {count} = podsOn(requests, machine.free);
  const [cpu, memory] = [amountOf(machine.free, CPU), amountOf(machine.free, MEMORY)];
  const cpuLeft = cpu - count * amountOf(requests, CPU);
  const memoryLeft = memory - count * amountOf(requests, MEMORY);
  return {machine, count, cpuLeft, memoryLeft, cpuShare: cpuLeft / cpu, memoryShare: memoryLeft / memory};
}

function strandedText({machine, count, cpuLeft, memoryLeft, cpuShare, memoryShare}: FullMachine): string {
  const {title, free} = machine;
  const left =
    cpuShare >= memoryShare
      ? `${coresText(cpuLeft)} (${percentText(cpuShare)})`
      : `${bytesText(memoryLeft)} (${percentText(memoryShare)})`;
  const place = `${title} has ${shapeText(amountOf(free, MEMORY), amountOf(free, CPU))}${shapeName(machine)}`;
  return `${place} and strands ${left} when full with ${count}`;
}

/** By the machine as advertised, of which something like a tenth is kept. */
function shapeName({node: {capacity}}: Machine): string {
  const ratio = gibibytesPerCore(amountOf(capacity, MEMORY), amountOf(capacity, CPU));
  const nominal = [...SHAPES.keys()].find((gibibytes) => ratio > gibibytes * 0.85 && ratio <= gibibytes * 1.05);
  return nominal === undefined ? '' : ` (${SHAPES.get(nominal)}, 1:${nominal})`;
}

/** The most TaskManagers beside which services take all that is left, as far as a mean of them tells. */
function mixText(
  {requests}: PodClass,
  {machine: {free, title}, count, cpuShare, memoryShare}: FullMachine,
  services: Services | undefined,
): readonly string[] {
  if (services === undefined || cpuShare < memoryShare) return [];
  const perCore = services.memory / services.cpu;
  for (let taskManagers = count; taskManagers > 0; taskManagers--) {
    const cpu = amountOf(free, CPU) - taskManagers * amountOf(requests, CPU);
    const memory = amountOf(free, MEMORY) - taskManagers * amountOf(requests, MEMORY);
    if (memory >= cpu * perCore) {
      return [`the ${coresText(cpu)} of ${title} beside ${taskManagers} TaskManager${taskManagers === 1 ? '' : 's'}`];
    }
  }
  return [];
}
