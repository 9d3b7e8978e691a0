/** What the JSON library of 1.7.0 refuses before any validator sees the resource. */
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {isRecord} from '../field.ts';
import type {Release} from './apacheOperator.ts';
import {JavaFailure} from './javaFailure.ts';

const API = 'org.apache.flink.kubernetes.operator.api';
const DATABIND = 'com.fasterxml.jackson.databind.exc';

/** Throws for a version of Flink that 1.7.0 does not know and for a configuration that is not a flat map of texts. */
export function readAsJackson(resource: KubernetesObject, {isModern, flinkVersions}: Release): void {
  if (isModern || !isRecord(resource.spec)) return;
  for (const [name, value] of Object.entries(resource.spec)) {
    if (name === 'flinkVersion' && resource.kind === 'FlinkDeployment') checkVersion(value, resource, flinkVersions);
    if (name === 'flinkConfiguration' && isRecord(value)) checkTexts(value, resource);
  }
}

function checkVersion(value: unknown, resource: KubernetesObject, known: readonly string[]): void {
  if (typeof value !== 'string' || known.includes(value)) return;
  const type = `${API}.spec.FlinkVersion`;
  const message = `Cannot deserialize value of type \`${type}\` from String ${JSON.stringify(value)}: not one of the values accepted for Enum class: [${known.join(', ')}]`;
  throw failure('InvalidFormatException', message, resource, ['spec', 'flinkVersion'], '');
}

function checkTexts(configuration: Readonly<Record<string, unknown>>, resource: KubernetesObject): void {
  for (const [key, value] of Object.entries(configuration)) {
    if (typeof value !== 'object' || value === null) continue;
    const [kind, token] = Array.isArray(value) ? ['Array', 'START_ARRAY'] : ['Object', 'START_OBJECT'];
    const message = `Cannot deserialize value of type \`java.lang.String\` from ${kind} value (token \`JsonToken.${token}\`)`;
    const chain = `->java.util.LinkedHashMap[${JSON.stringify(key)}]`;
    throw failure('MismatchedInputException', message, resource, ['spec', 'flinkConfiguration', key], chain);
  }
}

function failure(
  exception: string,
  message: string,
  resource: KubernetesObject,
  path: readonly string[],
  end: string,
): JavaFailure {
  const place = `line: 1, column: ${columnOf(resource, path)}`;
  const {kind} = resource;
  const chain = `${API}.${kind}["spec"]->${API}.spec.${kind}Spec[${JSON.stringify(path[1])}]${end}`;
  return new JavaFailure(
    [
      'io.fabric8.kubernetes.client.KubernetesClientException: An error has occurred.',
      `${DATABIND}.${exception}: ${message}\n at [Source: (BufferedInputStream); ${place}] (through reference chain: ${chain})`,
    ],
    path[2],
  );
}

/** Where a value begins in the resource written as JSON without blanks, counted in bytes from 1. */
function columnOf(value: unknown, path: readonly string[]): number {
  const [key, ...rest] = path;
  if (key === undefined || !isRecord(value)) return 1;
  const before = Object.entries(value).slice(0, Object.keys(value).indexOf(key));
  const written = before.map(([name, child]) => `${JSON.stringify(name)}:${JSON.stringify(child)},`).join('');
  return new TextEncoder().encode(`{${written}${JSON.stringify(key)}:`).length + columnOf(value[key], rest);
}
