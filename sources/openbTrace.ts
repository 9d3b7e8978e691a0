/**
 * The tables of Alibaba's OpenB trace (https://github.com/hkust-adsl/kubernetes-scheduler-simulator): a list of nodes
 * and a list of pods, recognised by their headers. All pods exist from the start; times are kept as annotations.
 */
import type {Diagnostics, Origin} from '../model/diagnostic.ts';
import type {SourceDocument, SourceFile} from './documents.ts';

/**
 * Thousandths of GPUs. A node offers the sum over its GPUs, so that shares of one pod may come from several GPUs,
 * which the real device plugin would not do.
 */
const GPU_MILLI = 'alibabacloud.com/gpu-milli';
const GPU_MODEL = 'alibabacloud.com/gpu-card-model';
/** The trace has no limit on the pods of a node; this one never binds. */
const PODS_PER_NODE = 1024;

const NODE_HEADER = ['sn', 'cpu_milli', 'memory_mib', 'gpu', 'model'];
const POD_HEADER = [
  ...['name', 'cpu_milli', 'memory_mib', 'num_gpu', 'gpu_milli', 'gpu_spec'],
  ...['qos', 'pod_phase', 'creation_time', 'deletion_time', 'scheduled_time'],
];

/** Whether a text is one of the two tables. */
export function isOpenbTable({text}: SourceFile): boolean {
  return headerOf(text) !== undefined;
}

/** A Node or a Pod for every row; rows that are not whole are errors. */
export function openbDocuments({name: file, text}: SourceFile, diagnostics: Diagnostics): SourceDocument[] {
  const header = headerOf(text);
  if (header === undefined) return [];
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (index === 0 || line.trim() === '') return [];
    const cells = line.split(',');
    const columns = cells.map((_cell, i) => cells.slice(0, i).join(',').length + (i === 0 ? 1 : 2));
    const fail = (message: string, column: number, hint: string): SourceDocument[] => {
      diagnostics.error('STW-1003', message, {hint, place: {file, line: index + 1, column}});
      return [];
    };
    if (cells.length !== header.length) {
      return fail(`the row has ${cells.length} cells, not ${header.length}`, 1, `its cells are ${header.join(', ')}`);
    }
    const row = new Map(header.map((name, i) => [name, cells[i]!.trim()]));
    const wrong = header.findIndex((name) => COUNTS.has(name) && !/^\d{1,15}$/.test(row.get(name)!));
    if (wrong >= 0) {
      const message = `${header[wrong]} is ${JSON.stringify(cells[wrong])}, not a whole number`;
      return fail(message, columns[wrong]!, 'write a number of 0 or more');
    }
    const origin: Origin = {
      file,
      at: (pointer) => ({line: index + 1, column: columns[columnOf(header, pointer)] ?? 1}),
    };
    return [{value: header === NODE_HEADER ? nodeOf(row) : podOf(row), origin}];
  });
}

const COUNTS = new Set(['cpu_milli', 'memory_mib', 'gpu', 'num_gpu', 'gpu_milli']);

/** The column a field of the object comes from. */
function columnOf(header: readonly string[], pointer: string): number {
  if (pointer.endsWith('/cpu')) return header.indexOf('cpu_milli');
  if (pointer.endsWith('/memory')) return header.indexOf('memory_mib');
  if (pointer.includes('gpu-milli')) return header.indexOf(header === NODE_HEADER ? 'gpu' : 'gpu_milli');
  if (pointer.includes('affinity')) return header.indexOf('gpu_spec');
  return 0;
}

function headerOf(text: string): readonly string[] | undefined {
  const first = /^[^\r\n]{0,200}/.exec(text)![0].trim();
  return [NODE_HEADER, POD_HEADER].find((header) => header.join(',') === first);
}

function nodeOf(row: ReadonlyMap<string, string>): unknown {
  const name = row.get('sn')!;
  const model = row.get('model')!;
  const resources = {
    cpu: `${row.get('cpu_milli')}m`,
    memory: `${row.get('memory_mib')}Mi`,
    pods: PODS_PER_NODE,
    [GPU_MILLI]: Number(row.get('gpu')) * 1000,
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {name, labels: {'kubernetes.io/hostname': name, ...(model === '' ? {} : {[GPU_MODEL]: model})}},
    status: {capacity: resources, allocatable: resources},
  };
}

function podOf(row: ReadonlyMap<string, string>): unknown {
  const gpuMilli = Number(row.get('num_gpu')) * Number(row.get('gpu_milli'));
  const models = row.get('gpu_spec')!;
  const requests = {
    cpu: `${row.get('cpu_milli')}m`,
    memory: `${row.get('memory_mib')}Mi`,
    ...(gpuMilli === 0 ? {} : {[GPU_MILLI]: gpuMilli}),
  };
  // The phase says how the pod ended, which must not keep it from being placed.
  const facts = ['qos', 'pod_phase', 'creation_time', 'deletion_time', 'scheduled_time'].map((name) => [
    `openb/${name.replaceAll('_', '-')}`,
    row.get(name)!,
  ]);
  const matchExpressions = [{key: GPU_MODEL, operator: 'In', values: models.split('|')}];
  const affinity = {
    nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions}]}},
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: row.get('name'), annotations: Object.fromEntries(facts)},
    spec: {
      containers: [
        {
          name: 'main',
          image: 'openb',
          // An extended resource is asked for as a limit of the same size.
          resources: {requests, ...(gpuMilli === 0 ? {} : {limits: {[GPU_MILLI]: gpuMilli}})},
        },
      ],
      ...(models === '' ? {} : {affinity}),
    },
  };
}
