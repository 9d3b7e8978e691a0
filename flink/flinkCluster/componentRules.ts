import type {ClusterProblem, ComponentSpec, NamedPort} from './clusterSpec.ts';
import {bytesOf} from './quantities.ts';

/** A component as messages and as the specification spell it. */
export interface RuledComponent {
  readonly name: 'jobmanager' | 'taskmanager';
  readonly pointer: '/spec/jobManager' | '/spec/taskManager';
  readonly spec: ComponentSpec;
  /** In the order in which the webhook looks at them. */
  readonly ports: readonly string[];
}

/** Ports of Flink and extra ones, whose numbers and names must all differ; only the first repetition is refused. */
export function* portRules({name, pointer, spec, ports}: RuledComponent): Generator<ClusterProblem> {
  const all: readonly (NamedPort & {readonly pointer: string})[] = [
    ...ports.map((port) => ({
      name: port,
      containerPort: spec.ports[port] ?? 0,
      pointer: `${pointer}/ports/${port}`,
    })),
    ...(spec.extraPorts ?? []).map((port, index) => ({...port, pointer: `${pointer}/extraPorts/${index}`})),
  ];
  const numbers = new Set<number>();
  const names = new Set<string>();
  for (const port of all) {
    const {containerPort, name: portName = ''} = port;
    const rule = `in ${name}, each port`;
    if (numbers.has(containerPort)) {
      yield {
        message: `duplicate containerPort ${containerPort} ${rule} number of ports and extraPorts must be unique`,
        pointer: port.pointer,
      };
    } else if (names.has(portName)) {
      yield {
        message: `duplicate port name ${portName} ${rule} name of ports and extraPorts must be unique`,
        pointer: port.pointer,
      };
    }
    numbers.add(containerPort);
    if (portName !== '') names.add(portName);
  }
}

export function* ratioRules(
  {name, pointer, spec}: RuledComponent,
  field: 'memoryOffHeapRatio' | 'memoryProcessRatio',
): Generator<ClusterProblem> {
  const ratio = spec[field];
  if (ratio !== undefined && ratio >= 0 && ratio <= 100) return;
  yield {message: `invalid ${name} ${field}, it must be between 0 and 100`, pointer: `${pointer}/${field}`};
}

/** What is kept from the heap must fit into the memory, where any is given. */
export function* offHeapRules({name, pointer, spec}: RuledComponent, memory: bigint): Generator<ClusterProblem> {
  const minimum = bytesOf(spec.memoryOffHeapMin);
  if (memory <= 0n || minimum <= memory) return;
  yield {
    message: `invalid ${name} memory configuration, memory limit must be larger than MemoryOffHeapMin, memory limit: ${memory} bytes, memoryOffHeapMin: ${minimum} bytes`,
    pointer: `${pointer}/memoryOffHeapMin`,
  };
}
