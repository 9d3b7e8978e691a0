import {type Diagnostics, placeOf} from '../model/diagnostic.ts';
import {isTooDeep, parseDocuments, reportDepth, type SourceDocument, type SourceFile} from './documents.ts';
import {isOpenbTable, openbDocuments} from './openbTrace.ts';
import {isSimkubeTrace, traceDocuments} from './simkubeTrace.ts';
import {isSimulatorSnapshot, snapshotDocuments} from './simulatorSnapshot.ts';

/** A file that is no text, or too long for one: its documents are read as they are asked for. */
export interface ReadFile {
  readonly name: string;
  readonly documents: (diagnostics: Diagnostics) => Iterable<SourceDocument>;
}

export type InputFile = SourceFile | ReadFile;

/** The documents of a file in any format known, as Kubernetes objects, scenarios and scheduler configurations. */
export function* readDocuments(file: InputFile, diagnostics: Diagnostics): Iterable<SourceDocument> {
  for (const document of ownDocuments(file, diagnostics)) {
    if (isTooDeep(document.value)) reportDepth(placeOf(document.origin, ''), diagnostics);
    else if (isSimulatorSnapshot(document.value)) yield* snapshotDocuments(document, diagnostics);
    else if (isSimkubeTrace(document.value)) yield* traceDocuments(document, diagnostics);
    else yield document;
  }
}

function ownDocuments(file: InputFile, diagnostics: Diagnostics): Iterable<SourceDocument> {
  if ('documents' in file) return file.documents(diagnostics);
  return isOpenbTable(file) ? openbDocuments(file, diagnostics) : parseDocuments(file, diagnostics);
}
