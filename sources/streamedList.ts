import type {Diagnostics, Origin, Place, Position} from '../model/diagnostic.ts';
import {
  duplicateKeyMessage,
  isTooDeep,
  pointerPath,
  positionIn,
  reportDepth,
  type SourceDocument,
} from './documents.ts';
import {duplicateJsonKeys, findJsonNode, parseJson} from './json.ts';
import {JsonListSplitter, type ListFrame, type ListItem} from './jsonList.ts';

/** A JSON text in pieces, for files longer than a string may be. */
export interface ByteSource {
  readonly name: string;
  readonly chunks: Iterable<Uint8Array>;
  /** The bytes again, to find a field in them; null where they are gone, as those of a long pipe. */
  readonly read: (offset: number, length: number) => Uint8Array | null;
}

/** More than this beside the items is no list; a string could not hold it either. */
const MAX_FRAME = 500 * 2 ** 20;

/**
 * The items of a JSON List, one document each, read piece by piece; of any other JSON object the object itself. Items
 * that do not say their kind come at the end, when the kind of the list is known for sure.
 */
export function* streamedDocuments(source: ByteSource, diagnostics: Diagnostics): Iterable<SourceDocument> {
  const splitter = new JsonListSplitter();
  const withoutKind: SourceDocument[] = [];
  let isFirst = true;
  for (const chunk of source.chunks) {
    const bytes = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? blanked(chunk) : chunk;
    isFirst = false;
    for (const item of splitter.push(bytes)) {
      const document = itemDocument(item, source, diagnostics);
      if (document === undefined) continue;
      if (hasKind(document.value)) yield {...document, listed: {apiVersion: '', kind: ''}};
      else withoutKind.push(document);
    }
  }
  const frame = splitter.end();
  const list = parseFrame(frame, source.name, diagnostics);
  if (list === undefined) return;
  const {apiVersion, kind, items} = list.value as {apiVersion?: unknown; kind?: unknown; items?: unknown};
  const listed = {
    apiVersion: typeof apiVersion === 'string' ? apiVersion : '',
    kind: typeof kind === 'string' && kind !== 'List' ? kind.replace(/List$/, '') : '',
  };
  for (const document of withoutKind) yield {...document, listed};
  if (!Array.isArray(items)) yield list;
}

function itemDocument(item: ListItem, source: ByteSource, diagnostics: Diagnostics): SourceDocument | undefined {
  const {offset, line, column} = item;
  const {length} = item.bytes;
  const place: Place = {file: source.name, line, column};
  let text: string;
  try {
    text = new TextDecoder('utf-8', {fatal: true}).decode(item.bytes);
  } catch {
    diagnostics.error('STW-1007', 'the file is not valid UTF-8', {hint: 'save it in UTF-8', place});
    return undefined;
  }
  const parsed = parseJson(text);
  if (parsed === undefined) {
    const message = length === 0 ? 'a comma without an item' : 'the list item is not valid JSON';
    diagnostics.error('STW-1001', message, {hint: 'write the dump again with kubectl get -o json', place});
    return undefined;
  }
  if (isTooDeep(parsed.value)) {
    reportDepth(place, diagnostics);
    return undefined;
  }
  const within = (position: Position): Position => ({
    line: line + position.line - 1,
    column: position.column + (position.line === 1 ? column - 1 : 0),
  });
  for (const {offset: at, key} of duplicateJsonKeys(text, parsed.value)) {
    const where = {file: source.name, ...within(positionIn(text, at))};
    diagnostics.warn('STW-2001', duplicateKeyMessage(key), {place: where});
  }
  const origin: Origin = {
    file: source.name,
    at: (pointer) => {
      const bytes = pointer === '' ? null : source.read(offset, length);
      if (bytes === null) return {line, column};
      const again = new TextDecoder().decode(bytes);
      return within(positionIn(again, findJsonNode(again, pointerPath(pointer))));
    },
  };
  return {value: parsed.value, origin};
}

function parseFrame(frame: ListFrame, file: string, diagnostics: Diagnostics): SourceDocument | undefined {
  const end: Place = {file, line: frame.line, column: frame.column};
  if (frame.isCut) {
    diagnostics.error('STW-1001', 'the file ends before its last bracket is closed', {
      hint: 'it was cut off: write the dump again',
      place: end,
    });
    return undefined;
  }
  const start = {line: 1, column: 1};
  if (frame.bytes.length > MAX_FRAME) {
    diagnostics.error(
      'STW-1001',
      `a JSON object of ${Math.round(frame.bytes.length / 2 ** 20)} MiB without a list "items"`,
      {
        hint: 'only the items of a List are read one by one; split the file',
        place: {file, ...start},
      },
    );
    return undefined;
  }
  const text = new TextDecoder().decode(frame.bytes);
  const parsed = parseJson(text);
  if (parsed === undefined) {
    diagnostics.error('STW-1001', 'the file is not valid JSON outside its items', {
      hint: 'a file of this size must be one JSON List, as kubectl get -o json writes it',
      place: {file, ...start},
    });
    return undefined;
  }
  const isList = Array.isArray((parsed.value as {items?: unknown}).items);
  const at = (pointer: string) => (isList ? start : positionIn(text, findJsonNode(text, pointerPath(pointer))));
  return {value: parsed.value, origin: {file, at}};
}

function hasKind(value: unknown): boolean {
  const {apiVersion, kind} = (value ?? {}) as {apiVersion?: unknown; kind?: unknown};
  return typeof apiVersion === 'string' && typeof kind === 'string';
}

/** A byte order mark as blanks, so that offsets stay. */
function blanked(chunk: Uint8Array): Uint8Array {
  const copy = chunk.slice();
  copy.fill(0x20, 0, 3);
  return copy;
}
