import type {DiagnosticCode} from './diagnosticCodes.ts';

/** A place in an input file; line and column start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where an object was read: knows its file and finds the place of any field in it. */
export interface Origin {
  readonly file: string;
  /** The place of the value at a JSON pointer (RFC 6901) below the object, or of its nearest existing parent. */
  at(pointer: string): Position;
}

/** A place as diagnostics carry it. */
export interface Place extends Position {
  readonly file: string;
  /** The field in words of the API, such as `spec.template.spec.containers[0].resources`. */
  readonly field?: string;
}

/**
 * One finding about the input: an error when the input cannot be used as it stands, a warning when it was used and
 * the user should know something. Diagnostics travel as data beside the result; only the command line prints them.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  /** What was found, lower-case and without a full stop: `"8 cores" is not a Kubernetes quantity`. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly place?: Place;
  /** The object concerned, as `KIND/NAME` or `KIND/NAMESPACE/NAME`; it goes into the result file, the place does not. */
  readonly object?: string;
}

/** Thrown at the edge of the program when the input has errors; carries all of them and the warnings beside them. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({code, message}) => `${code}: ${message}`).join('\n'));
    this.diagnostics = diagnostics;
  }
}

/** Collects findings in the order they were made; equal ones are kept once. */
export class Diagnostics {
  readonly #items = new Map<string, Diagnostic>();

  add(diagnostic: Diagnostic): void {
    const {place} = diagnostic;
    const key = [
      diagnostic.code,
      place?.file,
      place?.line,
      place?.column,
      place?.field,
      diagnostic.object,
      diagnostic.message,
    ].join('\0');
    if (!this.#items.has(key)) this.#items.set(key, diagnostic);
  }

  error(code: DiagnosticCode, message: string, rest: Omit<Diagnostic, 'code' | 'severity' | 'message'> = {}): void {
    this.add({code, severity: 'error', message, ...rest});
  }

  warn(code: DiagnosticCode, message: string, rest: Omit<Diagnostic, 'code' | 'severity' | 'message'> = {}): void {
    this.add({code, severity: 'warning', message, ...rest});
  }

  get all(): readonly Diagnostic[] {
    return [...this.#items.values()];
  }

  get errors(): readonly Diagnostic[] {
    return this.all.filter(({severity}) => severity === 'error');
  }

  get warnings(): readonly Diagnostic[] {
    return this.all.filter(({severity}) => severity === 'warning');
  }

  /** Throws an InputError with everything found so far, if there is an error among it. */
  throwIfErrors(): void {
    if (this.errors.length > 0) throw new InputError(this.all);
  }
}

/** The place of a field of an object: `placeOf(origin, '/spec/replicas')`. */
export function placeOf(origin: Origin, pointer: string): Place {
  const field = fieldOf(pointer);
  return {file: origin.file, ...origin.at(pointer), ...(field === '' ? {} : {field})};
}

/** `/spec/containers/0/resources` → `spec.containers[0].resources`, as Kubernetes writes field paths. */
export function fieldOf(pointer: string): string {
  let field = '';
  for (const segment of pointer.split('/').slice(1).map(unescapePointer)) {
    if (/^\d+$/.test(segment)) field += `[${segment}]`;
    else if (/^[\w-]+$/.test(segment)) field += field === '' ? segment : `.${segment}`;
    else field += `[${segment}]`;
  }
  return field;
}

/** A key as one segment of a JSON pointer. */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
