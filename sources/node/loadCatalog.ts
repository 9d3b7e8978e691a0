import {readFileSync} from 'node:fs';
import {CATALOG_NAMES, findCatalog} from '../../catalog/catalogs.ts';
import type {Catalog} from '../../catalog/instanceType.ts';
import type {Diagnostics, Place} from '../../model/diagnostic.ts';
import {parseDocuments, type SourceFile} from '../documents.ts';
import {readNodeCatalog} from '../nodeCatalog.ts';
import {suggestion} from '../schemaErrors.ts';

/** Whether `--catalog` or a scenario means a file: it has an extension or begins with a dot or a slash. */
export function isCatalogFile(name: string): boolean {
  return /\.(?:ya?ml|json)$/.test(name) || /^\.{0,2}\//.test(name);
}

/** A bundled catalogue by its name, or that of a file; undefined with its problems. */
export function loadCatalog(name: string, place: Place | undefined, diagnostics: Diagnostics): Catalog | undefined {
  if (isCatalogFile(name)) return loadFile(name, place, diagnostics);
  const catalog = findCatalog(name);
  if (catalog === undefined) {
    diagnostics.error('STW-1009', `there is no catalogue "${name}"`, {
      hint: catalogHint(name),
      ...(place === undefined ? {} : {place}),
    });
  }
  return catalog;
}

/** The nearest name, or else all that there are. */
function catalogHint(name: string): string {
  const near = suggestion(name, CATALOG_NAMES);
  if (near?.startsWith('did you mean') === true) return near;
  return `known here: ${CATALOG_NAMES.join(', ')}; a file of your own ends in .yaml`;
}

function loadFile(path: string, place: Place | undefined, diagnostics: Diagnostics): Catalog | undefined {
  const file = readText(path, place, diagnostics);
  if (file === undefined) return undefined;
  const before = diagnostics.errors.length;
  const [document, ...rest] = parseDocuments(file, diagnostics);
  for (const {origin} of rest) {
    diagnostics.error('STW-1017', 'a second document in the catalogue', {
      hint: 'a catalogue is one document; choose one with extends',
      place: {file: path, ...origin.at('')},
    });
  }
  if (document === undefined) {
    if (diagnostics.errors.length === before) unreadable(path, 'the file is empty', place, diagnostics);
    return undefined;
  }
  return readNodeCatalog(document, diagnostics);
}

function readText(path: string, place: Place | undefined, diagnostics: Diagnostics): SourceFile | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    const message = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
    unreadable(path, message, place, diagnostics);
    return undefined;
  }
  try {
    return {name: path, text: new TextDecoder('utf-8', {fatal: true}).decode(bytes)};
  } catch {
    unreadable(path, 'the file is not valid UTF-8', place, diagnostics);
    return undefined;
  }
}

function unreadable(path: string, message: string, place: Place | undefined, diagnostics: Diagnostics): void {
  diagnostics.error('STW-1007', `${message}: catalogue ${path}`, {
    hint: 'give the path of a NodeCatalog file, or PROVIDER/REGION of a bundled catalogue',
    place: place ?? {file: path, line: 1, column: 1},
  });
}
