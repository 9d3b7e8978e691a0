/** What would make a refused configuration start: every remedy has been asked of the model. */
import {readJavaFloat} from '../javaNumber.ts';
import {parseMemorySize} from '../memorySize.ts';
import {type Component, componentMemory, optionsOf} from './component.ts';
import type {Misfit} from './flinkException.ts';
import type {MemoryQuestion} from './memoryAnswer.ts';
import {legacyHeapOptions, optionKinds} from './memoryOptions.ts';

type Values = ReadonlyMap<string, string>;

export interface Remedy {
  /** Options to write, with their values. */
  readonly set: Readonly<Record<string, string>>;
  readonly why: string;
}

/** Remedies of a configuration that Flink refuses; none where no small change is known to help. */
export function memoryRemedies(component: Component, values: Values, question: MemoryQuestion): readonly Remedy[] {
  const spelling = respelled(component, values);
  const corrected = new Map([...values, ...Object.entries(spelling?.set ?? {})]);
  const starts = startsWith(component, question);
  if (starts(corrected)) return spelling === undefined ? [] : [spelling];
  return resized(component, corrected, question).map(({set, why}) => ({
    set: {...spelling?.set, ...set},
    why: spelling === undefined ? why : `${spelling.why}; ${why}`,
  }));
}

function startsWith(component: Component, question: MemoryQuestion): (values: Values) => boolean {
  return (values) => 'memory' in componentMemory(component, values, question);
}

/** Values that Flink cannot read, written as it would read them. */
function respelled(component: Component, values: Values): Remedy | undefined {
  const set: Record<string, string> = {};
  const reasons: string[] = [];
  for (const [key, kind] of optionKinds(component)) {
    const text = values.get(key);
    if (text === undefined) continue;
    const better = kind === 'size' ? respelledSize(text) : kind === 'fraction' ? respelledFraction(text) : undefined;
    if (better === undefined) continue;
    set[key] = better.text;
    reasons.push(better.why);
  }
  return reasons.length === 0 ? undefined : {set, why: reasons.join('; ')};
}

interface Spelling {
  readonly text: string;
  readonly why: string;
}

const KUBERNETES_SIZE = /^\+?(\d+)\s*([kmgt])i(?:b)?$/i;
const DECIMAL_SIZE = /^\+?(\d*)[.,](\d+)\s*([kmgt])(?:i?b?)$/i;
const EXPONENT_SIZE = /^\+?(\d{1,6})e\+?(\d{1,2})$/i;
const UNIT_BITS: Readonly<Record<string, bigint>> = {k: 10n, m: 20n, g: 30n, t: 40n};

function respelledSize(text: string): Spelling | undefined {
  if ('bytes' in parseMemorySize(text)) return undefined;
  const trimmed = text.trim();
  const kubernetes = KUBERNETES_SIZE.exec(trimmed);
  if (kubernetes !== null) {
    const better = `${kubernetes[1]}${kubernetes[2]!.toLowerCase()}`;
    return {
      text: better,
      why: `"${trimmed}" is a Kubernetes quantity; Flink's units are binary already and write ${better}`,
    };
  }
  const decimal = DECIMAL_SIZE.exec(trimmed);
  if (decimal !== null) {
    const [, whole = '', fraction = '', unit = ''] = decimal;
    const bytes = (BigInt(`${whole}${fraction}`) << UNIT_BITS[unit.toLowerCase()]!) / 10n ** BigInt(fraction.length);
    return {text: sizeText(bytes), why: `Flink takes whole numbers only: "${trimmed}" is ${sizeText(bytes)}`};
  }
  const exponent = EXPONENT_SIZE.exec(trimmed);
  if (exponent !== null) {
    const bytes = BigInt(exponent[1]!) * 10n ** BigInt(exponent[2]!);
    return {text: String(bytes), why: `Flink takes no exponents: "${trimmed}" is ${bytes}`};
  }
  const unsigned = trimmed.replace(/^\+/, '');
  return 'bytes' in parseMemorySize(unsigned) ? {text: unsigned, why: 'Flink takes no sign'} : undefined;
}

function respelledFraction(text: string): Spelling | undefined {
  if ('value' in readJavaFloat(text)) return undefined;
  const trimmed = text.trim();
  const percent = /^(\d{1,2}(?:\.\d+)?)\s*%$/.exec(trimmed);
  if (percent !== null) {
    const better = String(Number(percent[1]) / 100);
    return {text: better, why: `a fraction, not a percentage: "${trimmed}" is ${better}`};
  }
  const point = trimmed.replace(',', '.');
  return 'value' in readJavaFloat(point) ? {text: point, why: 'decimals stand behind a point'} : undefined;
}

/** The largest unit in which it is a whole number. */
function sizeText(bytes: bigint): string {
  const unit = ['t', 'g', 'm', 'k'].find((name) => bytes > 0n && bytes % (1n << UNIT_BITS[name]!) === 0n);
  return unit === undefined ? String(bytes) : `${bytes >> UNIT_BITS[unit]!}${unit}`;
}

/** Another total, the nearest to what is written, with all other options as they are. */
function resized(component: Component, values: Values, question: MemoryQuestion): readonly Remedy[] {
  const {process, flink} = optionsOf(component);
  const written = [process.key, flink.key].filter((key) => values.has(key));
  const candidates = written.length > 0 ? written : [process.key];
  const forgotten = written.length > 0 ? undefined : forgottenHeap(component, values, question);
  const found = candidates.flatMap((key) => nearestSize(component, key, values, question));
  return forgotten === undefined ? found : [forgotten, ...found];
}

/** The heap keys that Flink 2.0 and later ignore, as what they used to mean. */
function forgottenHeap(component: Component, values: Values, question: MemoryQuestion): Remedy | undefined {
  if (question.version.major < 2) return undefined;
  const {size, mebibytes} = legacyHeapOptions(component);
  const key = values.has(size.key) ? size.key : mebibytes.key;
  const text = values.get(key);
  if (text === undefined) return undefined;
  const {process, flink, fineGrained} = optionsOf(component);
  const meaning = question.environment === 'active' ? process : component === 'taskmanager' ? flink : fineGrained[0]!;
  const set = {[meaning.key]: key === size.key ? text : `${text}m`};
  if (!startsWith(component, question)(new Map([...values, ...Object.entries(set)]))) return undefined;
  return {set, why: `Flink 2.0 and later ignore ${key}, which meant this`};
}

/** Beyond a pebibyte nobody asks. */
const LARGEST = 2n ** 50n;
const MIB = 2n ** 20n;

function nearestSize(component: Component, key: string, values: Values, question: MemoryQuestion): readonly Remedy[] {
  const verdict = (bytes: bigint): Misfit['leaves'] | 'starts' | undefined => {
    const answer = componentMemory(component, new Map([...values, [key, String(bytes)]]), question);
    if ('memory' in answer) return 'starts';
    const {misfit} = answer;
    const varied = key === optionsOf(component).flink.key ? 'flink' : 'process';
    // What a process leaves is more when the Flink memory in it is less.
    if (varied === 'process' || misfit?.total !== 'process') return misfit?.leaves;
    return misfit.leaves === 'too little' ? 'too much' : 'too little';
  };
  const smallest = firstWhere(0n, (bytes) => verdict(bytes) !== 'too little');
  if (smallest === undefined || verdict(smallest) !== 'starts') return [];
  const beyond = firstWhere(smallest, (bytes) => verdict(bytes) !== 'starts');
  const written = parseMemorySize(values.get(key) ?? '0');
  if (beyond !== undefined && 'bytes' in written && written.bytes >= beyond) {
    const largest = beyond - 1n;
    const down = largest - (largest % MIB);
    const text = sizeInMebibytes(down >= smallest ? down : largest);
    return [{set: {[key]: text}, why: `the largest ${key} that starts with the other options as they are`}];
  }
  const up = smallest + ((MIB - (smallest % MIB)) % MIB);
  const text = sizeInMebibytes(beyond === undefined || up < beyond ? up : smallest);
  return [{set: {[key]: text}, why: `the smallest ${key} that starts with the other options as they are`}];
}

/** Mebibytes where they are whole: sizes that people compare should be in one unit. */
function sizeInMebibytes(bytes: bigint): string {
  return bytes % MIB === 0n ? `${bytes / MIB}m` : String(bytes);
}

/** The first size from a lower end where something holds that holds for all larger sizes, too. */
function firstWhere(from: bigint, holds: (bytes: bigint) => boolean): bigint | undefined {
  let low = from;
  let high = LARGEST;
  if (!holds(high)) return undefined;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (holds(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}
