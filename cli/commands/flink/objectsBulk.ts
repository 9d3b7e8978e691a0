/** What operators make of resources, line by line: the recorded cases without their results, and answers like theirs. */
import {isRecord, Refusal} from '../../../flink/field.ts';
import {askClusterOperator} from '../../../flink/flinkCluster.ts';
import {askApacheOperator} from '../../../flink/flinkDeployment/askApacheOperator.ts';
import {type FlinkOperator, isApacheOperator, operatorOf} from '../../../flink/operatorOf.ts';
import type {KubernetesObject} from '../../../model/kubernetes.ts';
import type {ExitCode} from '../../exitCode.ts';
import type {Io} from '../../io.ts';
import {answerEachLine, type LineAnswer, type LineFields, type LineProblem, wrongField} from './lineAnswers.ts';

const APACHE_KINDS: readonly string[] = ['FlinkDeployment', 'FlinkSessionJob'];
const KINDS: readonly string[] = [...APACHE_KINDS, 'FlinkCluster'];

/** Answers each line for the operator, or without one for the operator that the resource is meant for. */
export function answerObjectLines(
  path: string,
  {operator, asJson, now}: {readonly operator: FlinkOperator | null; readonly asJson: boolean; readonly now: number},
  io: Io,
): Promise<ExitCode> {
  const expected = 'id and resource';
  return answerEachLine(path, (fields) => answerOf(fields, operator, now), {expected, asJson}, io);
}

function answerOf(fields: LineFields, chosen: FlinkOperator | null, now: number): LineAnswer {
  const {resource, operator: configuration, session, old} = fields;
  for (const [name, value] of Object.entries({resource, session, old})) {
    const wrong = name !== 'resource' && isLeftOut(value) ? null : resourceProblem(name, value);
    if (wrong !== null) return {problem: wrong};
  }
  const object = resource as KubernetesObject;
  if (!KINDS.includes(object.kind)) {
    return {problem: wrongField('resource.kind', object.kind, KINDS.join(', '))};
  }
  if (!isLeftOut(configuration) && !isRecord(configuration)) {
    return {problem: wrongField('operator', configuration, "the operator's own configuration, a map")};
  }
  const release = operatorOf(object, chosen);
  if (chosen !== null && release !== chosen) {
    const message = `${chosen} knows no ${object.kind}`;
    const hint = 'leave --operator out, or ask of the kinds apart';
    return {problem: {code: 'STW-1003', message, hint}};
  }
  try {
    if (!isApacheOperator(release)) return {out: askClusterOperator({resource, old, now}, release)};
    const question = {
      resource: object,
      ...(isRecord(configuration) ? {operator: configuration} : {}),
      ...(isRecord(session) ? {session: session as KubernetesObject} : {}),
      ...(isRecord(old) ? {old: old as KubernetesObject} : {}),
    };
    return {out: askApacheOperator(question, release)};
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const hint = 'no operator gets to see it; correct the field';
    return {problem: {code: 'STW-1012', message: `${error.pointer || 'the resource'}: ${error.message}`, hint}};
  }
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Deeper than any resource is; the API server takes less. */
const DEEPEST = 500;

/** What an object needs for an operator to be asked about it. */
function resourceProblem(name: string, value: unknown): LineProblem | null {
  if (!isRecord(value)) return wrongField(name, value, 'a Kubernetes object');
  if (typeof value.kind !== 'string') return wrongField(`${name}.kind`, value.kind, 'the kind of the resource');
  if (!isRecord(value.metadata)) return wrongField(`${name}.metadata`, value.metadata, 'an object with a name');
  if (isDeeper(value, DEEPEST)) {
    const message = `${name} is nested more than ${DEEPEST} levels deep`;
    return {code: 'STW-1003', message, hint: 'write what an API server would take'};
  }
  return null;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1));
}
