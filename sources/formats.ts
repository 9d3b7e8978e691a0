import {type Diagnostics, placeOf} from '../model/diagnostic.ts';
import {parseDocuments, type SourceDocument, type SourceFile} from './documents.ts';
import {isOpenbTable, openbDocuments} from './openbTrace.ts';
import {isSimkubeTrace, traceDocuments} from './simkubeTrace.ts';
import {isSimulatorSnapshot, snapshotDocuments} from './simulatorSnapshot.ts';

/** A file that is no text, or too long for one: its documents are read as they are asked for. */
export interface ReadFile {
  readonly name: string;
  readonly documents: (diagnostics: Diagnostics) => Iterable<SourceDocument>;
}

export type InputFile = SourceFile | ReadFile;

/** What walks over a document may call itself once a level. */
const MAX_DEPTH = 500;

/** The documents of a file in any format known, as Kubernetes objects, scenarios and scheduler configurations. */
export function* readDocuments(file: InputFile, diagnostics: Diagnostics): Iterable<SourceDocument> {
  for (const document of ownDocuments(file, diagnostics)) {
    if (isDeeper(document.value, MAX_DEPTH)) {
      diagnostics.error('STW-1001', `the document is nested deeper than ${MAX_DEPTH} levels`, {
        hint: 'no object of Kubernetes is; remove it',
        place: placeOf(document.origin, ''),
      });
    } else if (isSimulatorSnapshot(document.value)) yield* snapshotDocuments(document, diagnostics);
    else if (isSimkubeTrace(document.value)) yield* traceDocuments(document, diagnostics);
    else yield document;
  }
}

function ownDocuments(file: InputFile, diagnostics: Diagnostics): Iterable<SourceDocument> {
  if ('documents' in file) return file.documents(diagnostics);
  return isOpenbTable(file) ? openbDocuments(file, diagnostics) : parseDocuments(file, diagnostics);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    if (isDeeper(member, levels - 1)) return true;
  }
  return false;
}
