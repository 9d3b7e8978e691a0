import {escapePointer} from '../../model/diagnostic.ts';

/** Takes a finding about the value at a JSON pointer. */
export type ReportError = (pointer: string, message: string) => void;

/** A field as Kubernetes' validation names it, and the errors that validation can find in it, in its words. */
export class FieldPath {
  readonly #report: ReportError;
  readonly #pointer: string;
  readonly #field: string;

  /** `field` is how messages name what the pointer points at; empty for the root of a document. */
  constructor(report: ReportError, pointer = '', field = '') {
    this.#report = report;
    this.#pointer = pointer;
    this.#field = field;
  }

  child(...names: readonly string[]): FieldPath {
    const field = [...(this.#field === '' ? [] : [this.#field]), ...names].join('.');
    return new FieldPath(this.#report, this.#pointerTo(...names), field);
  }

  index(i: number): FieldPath {
    return new FieldPath(this.#report, `${this.#pointer}/${i}`, `${this.#field}[${i}]`);
  }

  /** A key in the words of a message that the file does not have: label values are named after their label. */
  key(key: string): FieldPath {
    return new FieldPath(this.#report, this.#pointer, `${this.#field}[${key}]`);
  }

  /** A field that the messages leave out. */
  within(name: string): FieldPath {
    return new FieldPath(this.#report, this.#pointerTo(name), this.#field);
  }

  required(detail = ''): void {
    this.#error('Required value', detail);
  }

  invalid(value: unknown, detail: string): void {
    this.#error(`Invalid value: ${typeof value === 'string' ? JSON.stringify(value) : goJson(value)}`, detail);
  }

  unsupported(value: string, supported: readonly string[]): void {
    this.#error(`Unsupported value: ${goJson(value)}`, `supported values: ${supported.map(goJson).join(', ')}`);
  }

  duplicate(value: unknown): void {
    this.#error(`Duplicate value: ${goJson(value)}`, '');
  }

  forbidden(detail: string): void {
    this.#error('Forbidden', detail);
  }

  #error(what: string, detail: string): void {
    this.#report(this.#pointer, `${this.#field}: ${what}${detail === '' ? '' : `: ${detail}`}`);
  }

  #pointerTo(...names: readonly string[]): string {
    return [this.#pointer, ...names.map(escapePointer)].join('/');
  }
}

/** JSON as Go writes it: nothing in it that HTML could take for its own. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}
