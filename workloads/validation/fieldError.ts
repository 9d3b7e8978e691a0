import {escapePointer} from '../../model/diagnostic.ts';

/** The place of a field, both as the API server writes it and as a JSON pointer into the object. */
export class FieldPath {
  static readonly root = new FieldPath('', '');
  readonly field: string;
  readonly pointer: string;

  private constructor(field: string, pointer: string) {
    this.field = field;
    this.pointer = pointer;
  }

  /** A field of a struct; several names go down several levels. */
  child(...names: readonly string[]): FieldPath {
    let {field, pointer} = this;
    for (const name of names) {
      field = field === '' ? name : `${field}.${name}`;
      pointer += `/${escapePointer(name)}`;
    }
    return new FieldPath(field, pointer);
  }

  index(index: number): FieldPath {
    return new FieldPath(`${this.field}[${index}]`, `${this.pointer}/${index}`);
  }

  /** An entry of a map. */
  key(key: string): FieldPath {
    return new FieldPath(`${this.field}[${key}]`, `${this.pointer}/${escapePointer(key)}`);
  }
}

/** One reason why the API server refuses an object (apimachinery/pkg/util/validation/field). */
export interface FieldError {
  readonly path: FieldPath;
  /** Kind of problem, value and explanation, as in `Invalid value: -1: must be greater than or equal to 0`. */
  readonly detail: string;
}

export function invalidValue(path: FieldPath, value: unknown, why: string): FieldError {
  return {path, detail: `Invalid value: ${JSON.stringify(value)}: ${why}`};
}

export function requiredValue(path: FieldPath, why = ''): FieldError {
  return {path, detail: why === '' ? 'Required value' : `Required value: ${why}`};
}

export function duplicateValue(path: FieldPath, value: unknown): FieldError {
  return {path, detail: `Duplicate value: ${JSON.stringify(value)}`};
}

export function unsupportedValue(path: FieldPath, value: unknown, supported: readonly string[]): FieldError {
  const list = supported.map((text) => JSON.stringify(text)).join(', ');
  return {path, detail: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`};
}

export function notFound(path: FieldPath, value: unknown, why = ''): FieldError {
  return {path, detail: `Not found: ${JSON.stringify(value)}${why === '' ? '' : `: ${why}`}`};
}

export function forbidden(path: FieldPath, why: string): FieldError {
  return {path, detail: `Forbidden: ${why}`};
}

export function fieldErrorMessage({path, detail}: FieldError): string {
  return `${path.field}: ${detail}`;
}

/** Several messages as Kubernetes joins them: equal ones once, one alone as it is, more in brackets. */
export function aggregateMessage(messages: readonly string[]): string {
  const distinct = [...new Set(messages)];
  return distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]`;
}

/** The message of a 422: `Pod "web" is invalid: …`; `kind` is `Pod` or, with its group, `Deployment.apps`. */
export function invalidMessage(kind: string, name: string, errors: readonly FieldError[]): string {
  return `${kind} "${name}" is invalid: ${aggregateMessage(errors.map(fieldErrorMessage))}`;
}
