import {isRecord} from '../field.ts';
import type {Cluster} from './clusterSpec.ts';

/** Names under `requests` and `limits` that count bytes, and fields that do. */
const RESOURCES_IN_BYTES: ReadonlySet<string> = new Set(['memory', 'storage', 'ephemeral-storage']);
const FIELDS_IN_BYTES: ReadonlySet<string> = new Set(['memoryOffHeapMin', 'sizeLimit']);
const RESOURCE_LISTS: ReadonlySet<string> = new Set(['requests', 'limits']);

/**
 * Quantities that are valid but hardly meant: in Kubernetes `2048m` of memory are 2.048 bytes, though Flink reads the
 * same text as mebibytes, and `2Gi` of cpu are two thousand million cores.
 */
export function unitNotes({stored}: Cluster): readonly string[] {
  return [...notesOf(stored, 'spec', '')];
}

/** The schema has seen to it that nothing is nested deeper than a pod is. */
function* notesOf(value: unknown, path: string, parent: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) yield* notesOf(element, `${path}[${index}]`, parent);
    return;
  }
  if (!isRecord(value)) return;
  for (const [name, child] of Object.entries(value)) {
    const place = `${path}.${name}`;
    if (typeof child !== 'string') yield* notesOf(child, place, name);
    else if (FIELDS_IN_BYTES.has(name)) yield* bytesNote(child, place);
    else if (RESOURCE_LISTS.has(parent)) yield* resourceNote(name, child, place);
  }
}

function* resourceNote(resource: string, text: string, place: string): Generator<string> {
  if (RESOURCES_IN_BYTES.has(resource)) yield* bytesNote(text, place);
  if (resource === 'cpu' && /[KMGTPE]i$/.test(text)) {
    yield `${place}: ${text} is a quantity in the units of memory; cpu counts in cores`;
  }
}

function* bytesNote(text: string, place: string): Generator<string> {
  const number = /^\+?(\d+(?:\.\d*)?|\.\d+)m$/.exec(text)?.[1];
  if (number === undefined || Number(number) === 0) return;
  const bytes = Number(number) / 1000;
  yield `${place}: ${text} is ${bytes} bytes as a Kubernetes quantity, where m is a thousandth; ${number}Mi is that many mebibytes`;
}
