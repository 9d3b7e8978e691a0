/** The answers that are recorded of Flink and its operators beside Stowage's own: the section Flink of docs/fidelity.md. */
import {isDeepStrictEqual} from 'node:util';
import {askClusterOperator} from '../flink/flinkCluster.ts';
import {type ApacheQuestion, askApacheOperator} from '../flink/flinkDeployment/askApacheOperator.ts';
import {componentMemory} from '../flink/memory/component.ts';
import {readFlinkVersion} from '../flink/memory/flinkVersion.ts';
import type {Environment} from '../flink/memory/processMemory.ts';
import {type FlinkOperator, isApacheOperator} from '../flink/operatorOf.ts';
import {goldenLines, parseWhole, withoutNoise} from '../test/helpers/flinkGolden.ts';
import {grouped, markdownTable} from './markdownTable.ts';

export type Answer = Readonly<Record<string, unknown>>;

/** How many there are, and how many of them Stowage has otherwise. */
export interface Tally {
  readonly count: number;
  readonly different: number;
}

export interface MemoryCase {
  readonly target: 'tm' | 'jm';
  readonly env: Environment;
  readonly conf: Readonly<Record<string, string>>;
  readonly results: readonly {readonly flink: readonly string[]; readonly out: Answer}[];
}

export interface MemoryRow {
  readonly flink: string;
  readonly answers: Tally;
  /** Answers that are a chain of exceptions. */
  readonly errors: Tally;
  readonly logLines: Tally;
}

/** Rows by version of Flink, in the order of their age. */
export function memoryRows(cases: readonly MemoryCase[]): readonly MemoryRow[] {
  const compared = cases.flatMap(({results, ...asked}) =>
    results.flatMap(({flink, out}) => flink.map((version) => ({version, out, own: memoryAnswer(asked, version)}))),
  );
  const byVersion = [...Map.groupBy(compared, ({version}) => version)];
  byVersion.sort(([a], [b]) => a.localeCompare(b, 'en', {numeric: true}));
  return byVersion.map(([flink, answers]) => ({
    flink,
    answers: tally(answers.map(({out, own}) => [out, own])),
    errors: tally(answers.flatMap(({out, own}) => (out.error === undefined ? [] : [[out.error, own.error]]))),
    logLines: tally(answers.flatMap(({out, own}) => logOf(out).map((line, index) => [line, logOf(own)[index]]))),
  }));
}

function memoryAnswer({target, env, conf}: Omit<MemoryCase, 'results'>, version: string): Answer {
  const component = target === 'tm' ? 'taskmanager' : 'jobmanager';
  const question = {version: readFlinkVersion(version)!, environment: env};
  const answer = componentMemory(component, new Map(Object.entries(conf)), question);
  const out = 'memory' in answer ? {...answer.memory} : {error: answer.error};
  return answer.log.length === 0 ? out : {...out, log: answer.log};
}

function logOf({log}: Answer): readonly unknown[] {
  return Array.isArray(log) ? log : [];
}

export interface OperatorCase {
  readonly release: FlinkOperator;
  readonly question: ApacheQuestion;
  readonly out: Answer;
}

export interface OperatorRow {
  readonly operator: string;
  readonly answers: Tally;
  readonly refusals: Tally;
  readonly objects: Tally;
}

/** Rows by operator, in the order in which they appear. Where only `fields` were recorded, only they are compared. */
export function operatorRows(cases: readonly OperatorCase[], fields: readonly string[] | null): readonly OperatorRow[] {
  const compared = cases.map(({release, question, out}) => {
    const only = fields !== null && question.resource.kind === 'FlinkSessionJob' ? OF_SESSION_JOBS : fields;
    return {release, out: shown(out, only), own: shown(operatorAnswer(release, question), only)};
  });
  return [...Map.groupBy(compared, ({release}) => release)].map(([operator, answers]) => {
    const refusals = answers.map(({out, own}) => [refusalOf(out), refusalOf(own)] as const);
    const objects = answers.flatMap(({out, own}) => {
      const made = objectsOf(own);
      return [...objectsOf(out)].map(([name, object]) => [object, made.get(name)] as const);
    });
    return {
      operator,
      answers: tally(answers.map(({out, own}) => [out, own])),
      refusals: tally(refusals.filter(([recorded]) => Object.keys(recorded).length > 0)),
      objects: tally(objects),
    };
  });
}

function operatorAnswer(release: FlinkOperator, question: ApacheQuestion): Answer {
  const {resource, old} = question;
  return {
    ...(isApacheOperator(release)
      ? askApacheOperator(question, release)
      : askClusterOperator({resource, old}, release)),
  };
}

/** An empty list of complaints is none. */
function shown(answer: Answer, fields: readonly string[] | null): Answer {
  const entries = Object.entries(answer).filter(([field]) => fields === null || fields.includes(field));
  return Object.fromEntries(entries.filter(([, value]) => !(Array.isArray(value) && value.length === 0)));
}

const REFUSALS: readonly string[] = ['schemaErrors', 'validation', 'error', 'deployError', 'taskManagerError'];

/** Everything said against a resource, at whatever gate. */
function refusalOf(answer: Answer): Answer {
  return Object.fromEntries(
    Object.entries(answer).filter(([field, said]) => REFUSALS.includes(field) && said !== null),
  );
}

/** The objects of an answer by their names: a list of Apache's operator, fields of the others'. */
function objectsOf({objects, podGroup}: Answer): ReadonlyMap<string, unknown> {
  const made = Object.entries((objects ?? {}) as Answer);
  return new Map(podGroup === undefined ? made : [...made, ['podGroup', podGroup]]);
}

function tally(pairs: readonly (readonly unknown[])[]): Tally {
  const differing = pairs.filter(([recorded, own]) => !isDeepStrictEqual(withoutNoise(recorded), withoutNoise(own)));
  return {count: pairs.length, different: differing.length};
}

const OF_SESSION_JOBS: readonly string[] = ['error', 'validation'];
const OF_VARIATIONS: readonly string[] = [
  ...['error', 'validation', 'slotsPerTaskManager', 'parallelism', 'taskManagersForJob', 'objects'],
  ...['clusterSpecification', 'deployError', 'taskManagerError', 'taskManagerProcess', 'taskManagerJvm'],
];

/** The recorded sets of test/golden/flink/. */
const SETS: readonly {
  readonly file: string;
  readonly what: string;
  /** Where the lines do not name who answers. */
  readonly release?: FlinkOperator;
  readonly fields: readonly string[] | null;
}[] = [
  {file: 'apache', what: 'resources', fields: null},
  {file: 'apache-schema', what: 'schema alone', fields: ['schemaErrors']},
  {file: 'apache-variations', what: 'variations', release: 'apache-1.7.0', fields: OF_VARIATIONS},
  {file: 'apache-client', what: "Flink's client alone", release: 'apache-1.15.0', fields: OF_VARIATIONS},
  {file: 'spotify', what: 'resources', fields: null},
  {file: 'spotify-variations', what: 'variations', fields: null},
  {file: 'gcp', what: 'resources', fields: null},
];

type RecordedLine = ApacheQuestion & {
  readonly out?: Answer;
  readonly results?: readonly {readonly operator: readonly string[]; readonly out: Answer}[];
};

function recordedCases(file: string, release: FlinkOperator | undefined): readonly OperatorCase[] {
  return goldenLines(file).flatMap((line) => {
    const {out, results, ...question} = parseWhole(line) as RecordedLine;
    if (release !== undefined && out !== undefined) return [{release, question, out}];
    return (results ?? []).flatMap(({operator, out: answer}) =>
      operator.map((name) => ({release: releaseNamed(name), question, out: answer})),
    );
  });
}

/** The recorded cases name Apache's operator by its version only. */
function releaseNamed(name: string): FlinkOperator {
  return (/^\d/.test(name) ? `apache-${name}` : name) as FlinkOperator;
}

export function recordedMemory(): readonly MemoryCase[] {
  return goldenLines('memory').map((line) => parseWhole(line) as MemoryCase);
}

/** Both tables, from the recorded answers. */
export function flinkTables(): string {
  const operators = SETS.flatMap(({file, what, release, fields}) =>
    operatorRows(recordedCases(file, release), fields).map((row) => ({...row, what})),
  );
  operators.sort((a, b) => (a.operator < b.operator ? -1 : a.operator > b.operator ? 1 : 0));
  return [
    markdownTable(
      ['Flink', 'memory answers', 'different', 'of them errors', 'different', 'log lines', 'different'],
      memoryRows(recordedMemory()).map(({flink, answers, errors, logLines}) => [
        flink,
        ...[answers, errors, logLines].flatMap(counts),
      ]),
    ),
    markdownTable(
      ['operator', 'asked of', 'answers', 'different', 'refusals', 'different', 'objects', 'different'],
      operators.map(({operator, what, answers, refusals, objects}) => [
        operator,
        what,
        ...[answers, refusals, objects].flatMap(counts),
      ]),
      2,
    ),
  ].join('\n\n');
}

function counts({count, different}: Tally): readonly string[] {
  return [grouped(count), grouped(different)];
}

const BEGIN = '<!-- Flink: the tables below come from test/golden/flink/ by npm run fidelity -->';
const END = '<!-- end of Flink -->';

/** The page with its tables about Flink written anew. */
export function withFlinkTables(page: string, tables: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('docs/fidelity.md has no place for the tables about Flink');
  return `${page.slice(0, begin + BEGIN.length)}\n\n${tables}\n\n${page.slice(end)}`;
}
