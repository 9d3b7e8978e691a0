import {parseQuantity} from '../../model/quantity.ts';
import {type Found, findAll, parsePath} from './path.ts';
import type {Formula, FormulaFields} from './rule.ts';

/** The object and the part of it that paths start at. */
export interface Scope {
  readonly root: Found;
  readonly here: Found;
}

/** A value that does not fit what a formula wants of it. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super(message);
    this.pointer = pointer;
  }
}

/** The first value at one of the paths. */
export function firstAt(paths: string | readonly string[], {root, here}: Scope): Found | undefined {
  for (const text of typeof paths === 'string' ? [paths] : paths) {
    const path = parsePath(text);
    const found = path === undefined ? undefined : findAll(path, path.fromRoot ? root : here)[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a formula comes to, with the place it was read from; undefined where there is nothing. */
export function evaluate(formula: Formula, scope: Scope): Found | undefined {
  if (typeof formula === 'string' && isPath(formula)) return firstAt(formula, scope);
  if (typeof formula !== 'object') return {value: formula, pointer: scope.here.pointer, key: null};
  if (formula.path !== undefined) return readPath(formula, formula.path, scope);
  const terms = formula.sum ?? formula.max ?? formula.product ?? formula.quotient ?? [];
  const numbers: number[] = [];
  let pointer = scope.here.pointer;
  for (const term of terms) {
    const found = evaluate(term, scope);
    // A term that is not there adds nothing to a sum, and makes a product meaningless.
    if (found === undefined && (formula.sum ?? formula.max) !== undefined) continue;
    if (found === undefined) return undefined;
    if (typeof term !== 'number' && found.pointer !== scope.here.pointer) pointer = found.pointer;
    numbers.push(numberOf(found));
  }
  if (numbers.length === 0) return undefined;
  return {value: rounded(combine(formula, numbers), formula.step), pointer, key: null};
}

/** A text, or undefined. */
export function evaluateText(formula: Formula, scope: Scope): string | undefined {
  const found = evaluate(formula, scope);
  if (found === undefined) return undefined;
  if (typeof found.value === 'object') throw new FormulaError(found.pointer, `${shown(found.value)} is not a text`);
  return String(found.value);
}

/** A count of pods, an integer of at least 0. */
export function evaluateCount(
  formula: Formula,
  scope: Scope,
): {readonly count: number; readonly pointer: string} | undefined {
  const found = evaluate(formula, scope);
  if (found === undefined) return undefined;
  const count = numberOf(found);
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new FormulaError(found.pointer, `${shown(found.value)} is not a number of replicas`);
  }
  return {count, pointer: found.pointer};
}

/** A quantity as Kubernetes writes it, or undefined. */
export function evaluateQuantity(formula: Formula, scope: Scope): string | number | undefined {
  const found = evaluate(formula, scope);
  if (found === undefined) return undefined;
  if (typeof found.value === 'string') {
    if (parseQuantity(found.value) === undefined) throw notAQuantity(found);
    return found.value;
  }
  const number = numberOf(found);
  return Number.isInteger(number) ? number : `${Math.ceil(number * 1000)}m`;
}

function readPath(formula: FormulaFields, paths: string | readonly string[], scope: Scope): Found | undefined {
  const found = firstAt(paths, scope);
  const value = found === undefined ? undefined : convert(found, formula);
  if (found !== undefined && value !== undefined) return {...found, value};
  return formula.default === undefined ? undefined : evaluate(formula.default, scope);
}

function convert(found: Found, {values, unit}: FormulaFields): unknown {
  const {value} = found;
  if (values === undefined && unit === undefined) return value;
  if (typeof value === 'object') throw new FormulaError(found.pointer, `${shown(value)} is not a text`);
  if (values !== undefined) return Object.hasOwn(values, String(value)) ? values[String(value)] : undefined;
  const match = /^\s*(\d+)\s*([kmgtp]?)i?b?\s*$/i.exec(String(value));
  if (match === null) throw new FormulaError(found.pointer, `${shown(value)} is not a memory size such as 512m or 2g`);
  const power = match[2] === '' ? 2 : 'kmgtp'.indexOf(match[2]!.toLowerCase()) + 1;
  return Number(match[1]) * 1024 ** power;
}

function combine(formula: FormulaFields, numbers: readonly number[]): number {
  if (formula.sum !== undefined) return numbers.reduce((sum, number) => sum + number, 0);
  if (formula.max !== undefined) return Math.max(...numbers);
  if (formula.product !== undefined) return numbers.reduce((product, number) => product * number, 1);
  const [dividend = 0, divisor = 1] = numbers;
  return divisor === 0 ? 0 : Math.ceil(dividend / divisor);
}

function rounded(number: number, step: string | undefined): number {
  const size = step === undefined ? 0 : numberOf({value: step, pointer: '', key: null});
  return size === 0 ? number : Math.floor(number / size) * size;
}

/** Cores, bytes or a bare number. */
function numberOf(found: Found): number {
  const {value} = found;
  const isNumeric = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  const quantity = isNumeric ? parseQuantity(String(value)) : undefined;
  if (quantity === undefined) throw notAQuantity(found);
  const {unscaled, scale} = quantity;
  return scale < 0 ? Number(unscaled) / 10 ** -scale : Number(unscaled) * 10 ** scale;
}

function notAQuantity({pointer, value}: Found): FormulaError {
  return new FormulaError(pointer, `${shown(value)} is not a quantity`);
}

/** A value as messages name it. */
function shown(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a map';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function isPath(text: string): boolean {
  return /^(?:\.[A-Za-z_[]|\$[.[])/.test(text) && parsePath(text) !== undefined;
}
