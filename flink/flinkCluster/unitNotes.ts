import {isRecord} from '../field.ts';
import type {Cluster} from './clusterSpec.ts';

/** Amounts in bytes, by the name of the resource or field. */
const BYTES: ReadonlySet<string> = new Set(['memory', 'storage', 'ephemeral-storage', 'memoryOffHeapMin', 'sizeLimit']);
const DEEPEST = 30;

/**
 * Quantities that are valid but hardly meant: in Kubernetes `2048m` of memory are 2.048 bytes, though Flink reads the
 * same text as mebibytes, and `2Gi` of cpu are two thousand million cores.
 */
export function unitNotes({stored}: Cluster): readonly string[] {
  return [...notesOf(stored, 'spec', 0)];
}

function* notesOf(value: unknown, path: string, depth: number): Generator<string> {
  if (depth > DEEPEST) return;
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) yield* notesOf(element, `${path}[${index}]`, depth + 1);
    return;
  }
  if (!isRecord(value)) return;
  for (const [name, child] of Object.entries(value)) {
    const place = `${path}.${name}`;
    if (typeof child !== 'string') yield* notesOf(child, place, depth + 1);
    else if (BYTES.has(name)) yield* bytesNote(child, place);
    else if (name === 'cpu' && /[KMGTPE]i$/.test(child)) {
      yield `${place}: ${child} is a quantity in the units of memory; cpu counts in cores`;
    }
  }
}

function* bytesNote(text: string, place: string): Generator<string> {
  const number = /^\+?(\d+(?:\.\d*)?|\.\d+)m$/.exec(text)?.[1];
  if (number === undefined || Number(number) === 0) return;
  const bytes = Number(number) / 1000;
  yield `${place}: ${text} is ${bytes} bytes as a Kubernetes quantity, where m is a thousandth; ${number}Mi is that many mebibytes`;
}
