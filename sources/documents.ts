import type {Diagnostics, Origin, Place, Position} from '../model/diagnostic.ts';
import {duplicateJsonKeys, JsonPlaces, parseJson} from './json.ts';
import {locateInYaml, parseKubectlYaml} from './kubectlYaml.ts';

/** A text of the input and the name it has in diagnostics: a path as the user gave it, or `-` for standard input. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** One YAML or JSON document of a file. */
export interface SourceDocument {
  readonly value: unknown;
  readonly origin: Origin;
  /** Of an item of a list: what its list says of all items, where they leave it out. */
  readonly listed?: ListedKind;
  /** Set where the format says what a document is for. */
  readonly role?: 'schedulerConfiguration';
}

/** kind and apiVersion that the items of a typed list (PodList, NodeList) may leave out. */
export interface ListedKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Kubernetes' own limit on one YAML document would be smaller; this keeps a mistaken file from filling the memory. */
const MAX_YAML_DOCUMENT = 64 * 1024 * 1024;

/**
 * The documents of a file, as kubectl splits it: JSON when it starts with a brace, otherwise YAML documents between
 * lines of `---`. Every document is read on its own, so that all problems of a file are found at once.
 */
export function parseDocuments(file: SourceFile, diagnostics: Diagnostics): SourceDocument[] {
  const text = file.text.startsWith('\uFEFF') ? file.text.slice(1) : file.text;
  const source = {name: file.name, text};
  if (/^\s*[{[]/.test(text.slice(0, 1000))) {
    const documents = parseJsonFile(source, diagnostics);
    if (documents !== undefined) return documents;
  }
  return splitYaml(source, diagnostics).flatMap((part) => parseYamlPart(source, part, diagnostics));
}

/** The path of a JSON pointer. */
export function pointerPath(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The same origin, for the value at `pointer` below it. */
export function below(origin: Origin, pointer: string): Origin {
  return {file: origin.file, at: (rest) => origin.at(pointer + rest)};
}

/** What walks over a document calls itself once a level. */
const MAX_DEPTH = 500;

/** Whether a value has more levels of lists and maps than any object of Kubernetes. */
export function isTooDeep(value: unknown): boolean {
  return isDeeper(value, MAX_DEPTH);
}

export function reportDepth(place: Place, diagnostics: Diagnostics): void {
  diagnostics.error('STW-1001', `the document is nested deeper than ${MAX_DEPTH} levels`, {
    hint: 'no object of Kubernetes is; remove it',
    place,
  });
}

/** The finding about a key that is given more than once, in YAML as in JSON. */
export function duplicateKeyMessage(key: string): string {
  return `duplicate key "${key}"; the last one counts`;
}

/** Line and column of one offset of a text. */
export function positionIn(text: string, offset: number): Position {
  return new LineIndex(text.slice(0, offset)).position(offset);
}

interface YamlPart {
  readonly offset: number;
  readonly text: string;
}

function parseJsonFile(file: SourceFile, diagnostics: Diagnostics): SourceDocument[] | undefined {
  const value = parseJson(file.text);
  if (value === undefined) return undefined;
  if (isTooDeep(value.value)) {
    reportDepth({file: file.name, line: 1, column: 1}, diagnostics);
    return [];
  }
  const lines = new LineIndex(file.text);
  const places = new JsonPlaces(file.text);
  for (const {offset, key} of duplicateJsonKeys(file.text, value.value)) {
    diagnostics.warn('STW-2001', duplicateKeyMessage(key), {place: {file: file.name, ...lines.position(offset)}});
  }
  return [
    {
      value: value.value,
      origin: {file: file.name, at: (pointer) => lines.position(places.find(pointerPath(pointer)))},
    },
  ];
}

function splitYaml({name, text}: SourceFile, diagnostics: Diagnostics): YamlPart[] {
  const parts: YamlPart[] = [];
  let start = 0;
  for (const match of text.matchAll(/^---([^\n]*)(?:\n|$)/gm)) {
    const rest = match[1]!.trim();
    if (rest !== '' && !rest.startsWith('#')) {
      // `--- {a: 1}` opens a document on the line of the separator, which kubectl does not take; `---x` is a scalar.
      if (!/^[ \t]/.test(match[1]!)) continue;
      diagnostics.error('STW-1001', `text after the document separator "---"`, {
        hint: 'begin the document on the next line',
        place: {file: name, ...new LineIndex(text).position(match.index)},
      });
    }
    parts.push({offset: start, text: text.slice(start, match.index)});
    start = match.index + match[0].length;
  }
  parts.push({offset: start, text: text.slice(start)});
  return parts.filter((part) => !/^(?:\s*(?:#[^\n]*)?(?:\n|$)|%[^\n]*\n|\.\.\.\s)*$/.test(part.text.slice(0, 100_000)));
}

function parseYamlPart(file: SourceFile, part: YamlPart, diagnostics: Diagnostics): SourceDocument[] {
  let lines: LineIndex | undefined;
  const positionAt = (offset: number): Position => {
    lines ??= new LineIndex(file.text);
    return lines.position(part.offset + offset);
  };
  if (part.text.length > MAX_YAML_DOCUMENT) {
    diagnostics.error('STW-1001', `a YAML document of ${Math.round(part.text.length / 2 ** 20)} MiB`, {
      hint: 'documents may have up to 64 MiB: split the file, or give it as JSON, which has no limit',
      place: {file: file.name, ...positionAt(0)},
    });
    return [];
  }
  const outcome = parseKubectlYaml(part.text);
  if (outcome.kind === 'errors') {
    for (const {offset, message} of outcome.errors) {
      diagnostics.error('STW-1001', message, {
        ...yamlHint(message, part.text, offset),
        place: {file: file.name, ...positionAt(offset)},
      });
    }
    return [];
  }
  for (const {offset, message} of outcome.irregularities) {
    diagnostics.warn('STW-2001', message, {place: {file: file.name, ...positionAt(offset)}});
  }
  const origin: Origin = {
    file: file.name,
    at: (pointer) => positionAt(locateInYaml(part.text, pointerPath(pointer))),
  };
  return [{value: outcome.value, origin}];
}

function yamlHint(message: string, text: string, offset: number): {hint?: string} {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  if (/\t/.test(/^\s*/.exec(text.slice(lineStart, offset + 200))?.[0] ?? '') || /tab/i.test(message)) {
    return {hint: 'YAML does not allow tabs in indentation; use spaces'};
  }
  return {};
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    if (isDeeper(member, levels - 1)) return true;
  }
  return false;
}

/** Line and column of offsets of a text. */
class LineIndex {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return {line: low + 1, column: offset - this.#starts[low]! + 1};
  }
}
