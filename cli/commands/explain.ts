import {readFileSync} from 'node:fs';
import {Diagnostics} from '../../model/diagnostic.ts';
import {DIAGNOSTIC_CODES, type DiagnosticCode} from '../../model/diagnosticCodes.ts';
import {podKey} from '../../model/pod.ts';
import {parseResultFile} from '../../results/resultFile.ts';
import type {Explanation} from '../../simulator/explain/explanation.ts';
import {explainPod} from '../../simulator/explain.ts';
import {suggestion} from '../../sources/schemaErrors.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import {hasInput, type InputFlags, toInputOptions} from '../inputFlags.ts';
import type {Io} from '../io.ts';
import {explanationDocument} from '../output/explanationSchema.ts';
import {explanationText} from '../output/explanationText.ts';
import {Progress} from '../output/progress.ts';
import {resultExplanationText} from '../output/resultExplanationText.ts';
import {fieldNames, findField, type JsonSchema, schemaText} from '../output/schemaText.ts';
import {styleOf} from '../output/style.ts';
import {type PreparedRun, prepareRun} from '../run.ts';
import {explainRejected} from './explainRejected.ts';
import {readSchema, schemaNames} from './schema.ts';

export interface ExplainFlags extends InputFlags {
  readonly result?: string;
  readonly output: string;
  readonly quiet?: boolean;
}

const FORMATS: readonly string[] = ['text', 'wide', 'json'];
/** Text is laid out for this many columns where the terminal does not say how many it has. */
const DEFAULT_WIDTH = 80;
/** Lines longer than this are hard to read, however wide the terminal. */
const MAX_WIDTH = 120;

export async function explainCommand(subject: string, flags: ExplainFlags, io: Io): Promise<ExitCode> {
  if (!FORMATS.includes(flags.output)) throw new UsageError(`-o ${flags.output}: expected ${FORMATS.join(', ')}`);
  if (/^STW-/i.test(subject)) return explainCode(subject.toUpperCase(), flags, io);
  const name = /^(?:pod|pods|po)\/(.+)$/.exec(subject)?.[1];
  if (name === undefined) return explainField(subject, flags, io);
  const key = `${flags.namespace ?? 'default'}/${name}`;
  if (flags.result !== undefined) return explainFromResult(flags.result, key, flags, io);
  if (!hasInput(flags)) throw new UsageError('give the input with -f, or a result file with --result');
  return explainFromInput(key, flags, io);
}

function explainCode(code: string, {output}: ExplainFlags, io: Io): ExitCode {
  if (!Object.hasOwn(DIAGNOSTIC_CODES, code)) {
    const near = suggestion(code, Object.keys(DIAGNOSTIC_CODES));
    throw new UsageError(`there is no code ${code}${near === undefined ? '' : `; ${near}`}`);
  }
  const entry = DIAGNOSTIC_CODES[code as DiagnosticCode];
  if (output === 'json') io.stdout.write(`${JSON.stringify({code, ...entry}, null, 2)}\n`);
  else {
    const {bold} = styleOf(io.stdout);
    io.stdout.write(
      `${bold(`${code}: ${entry.title}`)}\n\n${wrapped(entry.explanation)}\n\n${wrapped(entry.remedy)}\n`,
    );
  }
  return ExitCode.Ok;
}

/** A path such as `scenario.spec.nodePools`: the name of a schema, then its fields. */
function explainField(subject: string, {output}: ExplainFlags, io: Io): ExitCode {
  const [kind = '', ...path] = subject.split('.');
  const schema = schemaNames().find((name) => name.replaceAll('-', '') === kind.toLowerCase().replaceAll('-', ''));
  if (schema === undefined) {
    throw new UsageError(
      `"${subject}": expected pod/NAME, a code such as STW-1004, or a field such as scenario.spec.nodePools`,
    );
  }
  const root = JSON.parse(readSchema(schema)) as JsonSchema;
  for (const [index, name] of path.entries()) {
    if (findField(root, path.slice(0, index + 1)) !== undefined) continue;
    const parent = [schema, ...path.slice(0, index)].join('.');
    const near = suggestion(name, fieldNames(root, path.slice(0, index)));
    throw new UsageError(`${parent} has no field "${name}"${near === undefined ? '' : `; ${near}`}`);
  }
  const field = findField(root, path) ?? root;
  io.stdout.write(
    output === 'json' ? `${JSON.stringify(field, null, 2)}\n` : schemaText(root, path, field, styleOf(io.stdout)),
  );
  return ExitCode.Ok;
}

function explainFromResult(path: string, key: string, {output}: ExplainFlags, io: Io): ExitCode {
  const parsed = parseResultFile(readFileSync(path, 'utf8'));
  const diagnostics = new Diagnostics();
  if ('problem' in parsed) {
    const place = {file: path, line: 1, column: 1};
    diagnostics.error('STW-1015', parsed.problem, {place, hint: 'write it anew with stowage simulate --out FILE'});
    diagnostics.throwIfErrors();
    return ExitCode.InvalidInput;
  }
  const {result} = parsed;
  const placement = result.placements.find(({pod}) => pod === key);
  const pending = result.pending.find(({pod}) => pod === key);
  const other = (['gated', 'ignored', 'rejected'] as const)
    .map((state) => ({state, entry: result[state].find(({pod}) => pod === key)}))
    .find(({entry}) => entry !== undefined);
  const found = placement ?? pending ?? other?.entry;
  if (found === undefined) {
    const all = [result.placements, result.pending, result.gated, result.ignored, result.rejected];
    throw unknownPod(
      key,
      all.flatMap((rows) => rows.map(({pod}) => pod)),
    );
  }
  const explanation = {
    pod: key,
    state: placement !== undefined ? 'placed' : pending !== undefined ? 'pending' : (other?.state ?? 'pending'),
    node: placement?.node ?? null,
    message: pending?.message ?? other?.entry?.message ?? null,
    reasons: pending?.reasons ?? [],
    workload: result.workloads[found.workload]!,
  };
  io.stdout.write(
    output === 'json'
      ? `${JSON.stringify(explanation, null, 2)}\n`
      : resultExplanationText(explanation, styleOf(io.stdout)),
  );
  return ExitCode.Ok;
}

function explainFromInput(key: string, flags: ExplainFlags, io: Io): ExitCode {
  const progress = new Progress(io.stderr, flags.quiet === true);
  const run = prepareRun({...toInputOptions(flags, io), reschedule: flags.reschedule === true}, progress);
  const pod = run.model.pods.find((one) => podKey(one) === key);
  progress.end();
  if (pod === undefined) {
    const rejected = run.model.rejected.find(({namespace, name}) => `${namespace}/${name}` === key);
    if (rejected === undefined) throw unknownPod(key, run.model.pods.map(podKey));
    progress.step(`looking at pod/${rejected.name}`);
    printExplanation(explainRejected(run, flags.reschedule === true, rejected), run, flags, io);
    return ExitCode.Ok;
  }
  progress.step(`looking at pod/${pod.name}`);
  const explanation = explainPod(run.model, run.options, run.configuration, pod);
  progress.end();
  printExplanation(explanation, run, flags, io);
  return ExitCode.Ok;
}

function printExplanation(explanation: Explanation, run: PreparedRun, {output}: ExplainFlags, io: Io): void {
  if (output === 'json') io.stdout.write(`${JSON.stringify(explanationDocument(explanation), null, 2)}\n`);
  else {
    const width = Math.min(io.stdout.columns ?? DEFAULT_WIDTH, MAX_WIDTH);
    const options = {wide: output === 'wide', width, currency: run.input.currency};
    io.stdout.write(explanationText(explanation, styleOf(io.stdout), options));
  }
}

function unknownPod(key: string, known: readonly string[]): UsageError {
  const [, name = ''] = key.split('/');
  const elsewhere = known.filter((one) => one.endsWith(`/${name}`));
  if (elsewhere.length > 0)
    return new UsageError(`no pod ${key}; there is ${elsewhere.slice(0, 3).join(', ')} (-n NAMESPACE)`);
  const prefix = known.filter((one) => one.includes(name.replace(/-[^-]*$/, ''))).slice(0, 3);
  return new UsageError(`no pod ${key}${prefix.length === 0 ? '' : `; there is ${prefix.join(', ')} …`}`);
}

/** Lines of at most 80 columns. */
function wrapped(text: string): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]!;
    if (last !== '' && last.length + 1 + word.length > 80) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}
