import {decode} from '@msgpack/msgpack';
import {type Diagnostics, type Origin, placeOf} from '../model/diagnostic.ts';
import {below, type SourceDocument} from './documents.ts';

/** Whether bytes are a MessagePack map whose first key is `version`, as SimKube writes its traces. */
export function isPackedTrace(bytes: Uint8Array): boolean {
  const start = [0xa7, ...new TextEncoder().encode('version')];
  const isMap = bytes[0] !== undefined && bytes[0] >= 0x81 && bytes[0] <= 0x8f;
  return isMap && start.every((byte, index) => bytes[index + 1] === byte);
}

/** A trace file as a document, or an error. Places in it are the file's beginning: MessagePack has no lines. */
export function unpackTrace(name: string, bytes: Uint8Array, diagnostics: Diagnostics): SourceDocument[] {
  const origin: Origin = {file: name, at: () => ({line: 1, column: 1})};
  try {
    // Keys of pod_lifecycles are pairs and hashes of 64 bits.
    const value = decode(bytes, {mapKeyConverter: (key) => (typeof key === 'string' ? key : JSON.stringify(key))});
    return [{value, origin}];
  } catch (error) {
    diagnostics.error('STW-1001', `the trace is not valid MessagePack: ${(error as Error).message}`, {
      hint: 'record or export the trace again; "skctl xray FILE" shows what is in it',
      place: placeOf(origin, ''),
    });
    return [];
  }
}

/** Whether a document is a trace of SimKube, decoded by this or by another program. */
export function isSimkubeTrace(value: unknown): boolean {
  if (!isRecord(value) || value.kind !== undefined) return false;
  return value.version !== undefined && Array.isArray(value.events) && value.events.every(isEvent);
}

/**
 * The objects that exist at the last event of a trace: those applied, the last time counting, minus those deleted.
 * The lives of single pods (`pod_lifecycles`) are left out.
 */
export function traceDocuments({value, origin}: SourceDocument, diagnostics: Diagnostics): SourceDocument[] {
  const {version, events} = value as {version: unknown; events: readonly TraceEvent[]};
  if (version !== 2) {
    diagnostics.error('STW-1003', `version ${JSON.stringify(version)} of SimKube's trace format is not known here`, {
      hint: 'record the trace with SimKube 2',
      place: placeOf(origin, '/version'),
    });
    return [];
  }
  const present = new Map<string, SourceDocument>();
  let unnamed = 0;
  let deleted = 0;
  for (const [index, event] of events.entries()) {
    for (const [list, objects] of [
      ['applied_objs', event.applied_objs ?? []],
      ['deleted_objs', event.deleted_objs ?? []],
    ] as const) {
      for (const [position, object] of objects.entries()) {
        const place = below(origin, `/events/${index}/${list}/${position}`);
        const key = keyOf(object) ?? `\0${unnamed++}`;
        if (list === 'applied_objs') present.set(key, {value: object, origin: place});
        else if (present.delete(key)) deleted++;
      }
    }
  }
  if (deleted > 0) {
    diagnostics.warn(
      'STW-2012',
      `${deleted} ${deleted === 1 ? 'object was' : 'objects were'} deleted before the trace ends; left out`,
      {
        hint: 'the state at the last event of the trace counts',
        place: placeOf(origin, '/events'),
      },
    );
  }
  const items = [...present.values()];
  // As a list, so that an item that is no object is an error as it is there.
  return [
    {
      value: {apiVersion: 'v1', kind: 'List', items: items.map(({value: item}) => item)},
      origin: listOrigin(origin, items),
    },
  ];
}

interface TraceEvent {
  readonly ts: unknown;
  readonly applied_objs?: readonly unknown[] | null;
  readonly deleted_objs?: readonly unknown[] | null;
}

function listOrigin(origin: Origin, items: readonly SourceDocument[]): Origin {
  return {
    file: origin.file,
    at: (pointer) => {
      const [, index, rest = ''] = /^\/items\/(\d+)(.*)$/s.exec(pointer) ?? [];
      const item = index === undefined ? undefined : items[Number(index)];
      return item === undefined ? origin.at('/events') : item.origin.at(rest);
    },
  };
}

function isEvent(event: unknown): event is TraceEvent {
  if (!isRecord(event) || !('ts' in event)) return false;
  return [event.applied_objs, event.deleted_objs].every(
    (list) => list === undefined || list === null || Array.isArray(list),
  );
}

function keyOf(object: unknown): string | undefined {
  if (!isRecord(object) || !isRecord(object.metadata)) return undefined;
  const {namespace, name} = object.metadata;
  return name === undefined ? undefined : JSON.stringify([object.apiVersion, object.kind, namespace ?? null, name]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
