import {COMPONENT_TITLES, type ComponentMemory} from '../../flink/memory/component.ts';
import type {ErrorChain} from '../../flink/memory/flinkException.ts';
import type {JobManagerHeap, JobManagerMemory} from '../../flink/memory/jobManagerMemory.ts';
import {mebibytes} from '../../flink/memory/memoryOrigins.ts';
import type {TaskManagerMemory} from '../../flink/memory/taskManagerMemory.ts';
import {formatPlural} from '../../results/format.ts';
import type {MemoryItem} from '../commands/flink/memoryItem.ts';
import type {Style} from './style.ts';
import {type TextColumn, textTable} from './textTable.ts';

/** A line of the tree of sizes: its depth, its name, its field of the answer and the size. */
type Branch = readonly [depth: number, title: string, field: string, bytes: bigint];

/** One process as a tree of sizes, with what follows for the JVM and the slots; or why it does not start. */
export function flinkMemoryText(item: MemoryItem, style: Style): string {
  const {answer, notes} = item;
  const sections = 'memory' in answer ? memorySections(item, answer.memory, style) : refusal(item, answer.error, style);
  const log = answer.log.map((line) => (line.startsWith('WARN') ? style.yellow(line) : style.dim(line)));
  if (log.length > 0) sections.push(section('Flink logs', log, style));
  if (notes.length > 0) sections.push(section('Remarks', notes, style));
  return sections.join('\n');
}

function headOf({component, flinkVersion, object}: MemoryItem): string {
  const of = object === null ? '' : ` of ${object}`;
  return `${COMPONENT_TITLES[component]}${of}, Flink ${flinkVersion}`;
}

function memorySections(item: MemoryItem, memory: ComponentMemory, style: Style): string[] {
  const {origins} = item;
  const prefix = `${item.component}.memory.`;
  const columns: readonly TextColumn[] = [
    {title: 'MEMORY', align: 'left'},
    {title: 'MIB', align: 'right'},
    {title: 'BYTES', align: 'right'},
    {title: 'FROM', align: 'left'},
    {title: 'BY', align: 'left'},
  ];
  const rows = branches(memory).map(([depth, title, field, bytes]) => {
    const origin = origins[field];
    const by = origin?.by.replaceAll(prefix, '') ?? '';
    return [`${'  '.repeat(depth)}${title}`, inMebibytes(bytes), String(bytes), origin?.from ?? '', by];
  });
  const head = `${style.bold(headOf(item))}: ${style.green('✓ starts')}\n`;
  const isShort = Object.values(origins).some(({by}) => by.includes(prefix));
  const key = isShort ? style.dim(`  option names are below ${prefix.slice(0, -1)}\n`) : '';
  const sections = [`${head}\n${textTable(columns, rows)}${key}`];
  if ('jvm' in memory) sections.push(section('JVM arguments', [memory.jvm], style));
  if ('slot' in memory) sections.push(slotSection(item, memory, style));
  return sections;
}

function branches(memory: ComponentMemory): readonly Branch[] {
  if ('managed' in memory) return taskManagerBranches(memory);
  return 'process' in memory ? jobManagerBranches(memory) : heapBranch(memory);
}

function taskManagerBranches(memory: TaskManagerMemory): readonly Branch[] {
  return [
    [0, 'total process memory', 'process', memory.process],
    [1, 'total Flink memory', 'flink', memory.flink],
    [2, 'JVM heap', 'heap', memory.heap],
    [3, 'framework heap', 'frameworkHeap', memory.frameworkHeap],
    [3, 'task heap', 'taskHeap', memory.taskHeap],
    [2, 'managed memory', 'managed', memory.managed],
    [2, 'direct memory', 'direct', memory.direct],
    [3, 'framework off-heap', 'frameworkOffHeap', memory.frameworkOffHeap],
    [3, 'task off-heap', 'taskOffHeap', memory.taskOffHeap],
    [3, 'network', 'network', memory.network],
    [1, 'JVM metaspace', 'metaspace', memory.metaspace],
    [1, 'JVM overhead', 'overhead', memory.overhead],
  ];
}

function jobManagerBranches(memory: JobManagerMemory): readonly Branch[] {
  return [
    [0, 'total process memory', 'process', memory.process],
    [1, 'total Flink memory', 'flink', memory.flink],
    [2, 'JVM heap', 'heap', memory.heap],
    [2, 'off-heap', 'offHeap', memory.offHeap],
    [1, 'JVM metaspace', 'metaspace', memory.metaspace],
    [1, 'JVM overhead', 'overhead', memory.overhead],
  ];
}

function heapBranch({heap}: JobManagerHeap): readonly Branch[] {
  return [[0, 'JVM heap', 'heap', heap]];
}

const CONSUMER_NAMES = {STATE_BACKEND: 'state backend', OPERATOR: 'batch operators', PYTHON: 'Python'} as const;

function slotSection({rocksDb}: MemoryItem, {slots, cpu, slot}: TaskManagerMemory, style: Style): string {
  const title = `Per slot (${formatPlural(slots, 'slot')} on ${cpu} ${cpu === '1' ? 'core' : 'cores'})`;
  const sizes = textTable(
    [
      {title: 'CPU', align: 'right'},
      {title: 'TASK-HEAP', align: 'right'},
      {title: 'TASK-OFF-HEAP', align: 'right'},
      {title: 'MANAGED', align: 'right'},
      {title: 'NETWORK', align: 'right'},
    ],
    [[slot.cpu, ...[slot.taskHeap, slot.taskOffHeap, slot.managed, slot.network].map(withUnit)]],
    '  ',
  );
  if (rocksDb.length === 0) return `${style.bold(title)}\n${sizes}`;
  const shares = textTable(
    [
      {title: 'ROCKSDB', align: 'left'},
      {title: 'MANAGED', align: 'right'},
      {title: 'CACHE', align: 'right'},
      {title: 'WRITE-BUFFERS', align: 'right'},
    ],
    rocksDb.map(({beside, memory, cache, writeBuffers}) => [
      beside.length === 0 ? 'alone' : `beside ${beside.map((consumer) => CONSUMER_NAMES[consumer]).join(' and ')}`,
      withUnit(memory),
      withUnit(cache),
      withUnit(writeBuffers),
    ]),
    '  ',
  );
  return `${style.bold(title)}\n${sizes}\n${shares}`;
}

function refusal(item: MemoryItem, error: ErrorChain, style: Style): string[] {
  const head = `${style.bold(headOf(item))}: ${style.red('✗ does not start')}\n`;
  const told = error.filter(([, message], index) => index === 0 || error[index - 1]![1].endsWith(message) === false);
  const causes = told.map(([exception, message], index) => {
    const name = exception.slice(exception.lastIndexOf('.') + 1);
    return `${index === 0 ? '' : 'caused by '}${name}: ${message}\n`;
  });
  const sections = [`${head}\n${causes.join('')}`];
  if (item.remedies.length > 0) {
    const lines = item.remedies.flatMap(({set, why}, index) => [
      ...(index === 0 ? [] : ['or']),
      ...Object.entries(set).map(([key, text]) => `${key}=${text}`),
      style.dim(`  ${why}`),
    ]);
    sections.push(section('It would start with', lines, style));
  }
  return sections;
}

function section(title: string, lines: readonly string[], style: Style): string {
  return `${style.bold(title)}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function inMebibytes(bytes: bigint): string {
  return mebibytes(bytes).replace(' MiB', '');
}

/** Without a blank: cells are words to cut and awk. */
function withUnit(bytes: bigint): string {
  return `${inMebibytes(bytes)}Mi`;
}
