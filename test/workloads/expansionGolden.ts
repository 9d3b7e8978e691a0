/** Runs a golden case of the real API server and its controllers through expand, and reduces both to what compares. */

import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {Diagnostics} from '../../model/diagnostic.ts';
import type {NodeObject, PodSpec} from '../../model/kubernetes.ts';
import {toNode} from '../../model/node.ts';
import {parseDocuments, type SourceFile} from '../../sources/documents.ts';
import {mergeObjects, readManifests} from '../../sources/manifests.ts';
import {expand} from '../../workloads/expand.ts';
import {podList, WORKLOAD_ANNOTATION, workloadReference} from '../../workloads/podList.ts';

interface Row {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: rows of many shapes, compared as text
  readonly [field: string]: any;
}

/** A comparable account of one case: texts that are equal when the cluster and Stowage agree. */
export interface Account {
  readonly pods: readonly string[];
  readonly refused: readonly string[];
  readonly errors: readonly string[];
}

export function goldenRows(path: string): Row[] {
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Kinds whose own validation is compared. */
const VALIDATED = new Set([
  'Pod',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicationController',
]);

export function goldenAccount(rows: readonly Row[]): Account {
  const pods = rows
    .filter(({type}) => type === 'pod')
    .map((row) => ({
      count: row.count as number,
      text: podText(row.namespace, row.owner, row.qosClass, row.labels, row.annotations ?? {}, row.spec),
    }));
  const rejected = rows.filter(({type, kind}) => type === 'rejected' && VALIDATED.has(kind));
  return {
    pods: counted(pods),
    refused: rejected
      .filter(({code, kind}) => code === 403 && kind === 'Pod')
      .map(({message}) => `${message.slice(0, message.indexOf(': ') + 2)}${messageParts(message)}`)
      .sort(),
    errors: rejected
      .filter(({code}) => code === 422)
      .map(({kind, name, message}) => `${kind}/${name}: ${messageParts(message)}`)
      .sort(),
  };
}

export function ownAccount(
  files: readonly SourceFile[],
  rows: readonly Row[],
  namespaceOf: (file: string) => string = () => 'default',
): Account {
  const diagnostics = new Diagnostics();
  const read = files.flatMap((file) =>
    readManifests(
      parseDocuments(file, diagnostics),
      {namespace: namespaceOf(file.name), validate: 'strict'},
      diagnostics,
    ),
  );
  const inputs = mergeObjects(read, diagnostics);
  const nodes = [
    ...(rows[0]!.nodes as NodeObject[]),
    ...inputs.filter(({object}) => object.kind === 'Node').map(({object}) => object as NodeObject),
  ].map((node) => toNode(node));
  const model = expand(inputs, {nodes, cronJobs: 'OneRun', flinkOperator: null, reschedule: false}, diagnostics);
  const pods = podList(model).items.map(({metadata, spec, status}, index) => {
    const {[WORKLOAD_ANNOTATION]: _workload, ...annotations} = metadata.annotations;
    const owner = workloadReference(model.pods[index]!.class.workload);
    return {count: 1, text: podText(metadata.namespace, owner, status.qosClass, metadata.labels, annotations, spec)};
  });
  const bare = model.rejected.filter(({workload}) => workload.kind === 'Pod');
  const errors = new Map<string, string[]>();
  for (const {code, message, object = ''} of diagnostics.errors) {
    if (code !== 'STW-1006' && code !== 'STW-1008') continue;
    const name = object.replace(/\/.*\//, '/');
    if (VALIDATED.has(name.slice(0, name.indexOf('/')))) errors.set(name, [...(errors.get(name) ?? []), message]);
  }
  return {
    pods: counted(pods),
    refused: bare
      .filter(({message}) => message.startsWith('pods '))
      .map(({message}) => `${message.slice(0, message.indexOf(': ') + 2)}${messageParts(message)}`)
      .sort(),
    errors: [
      ...[...errors].map(([name, messages]) => `${name}: ${messageParts(`: [${[...new Set(messages)].join(', ')}]`)}`),
      ...bare
        .filter(({message}) => message.startsWith('Pod '))
        .map(({name, message}) => `Pod/${name}: ${messageParts(message)}`),
    ].sort(),
  };
}

/** Kubernetes lists the problems of one object in random order. */
function messageParts(message: string): string {
  const text = message.slice(message.indexOf(': ') + 2);
  const list =
    text.startsWith('[') && text.endsWith(']')
      ? text.slice(1, -1).split(/, (?=minimum|maximum|[\w./-]+ max limit|spec\.|metadata\.)/)
      : [text];
  return list
    .toSorted()
    .join(' | ')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{uid}');
}

function counted(pods: readonly {count: number; text: string}[]): string[] {
  const counts = new Map<string, number>();
  for (const {count, text} of pods) counts.set(text, (counts.get(text) ?? 0) + count);
  return [...counts].map(([text, count]) => `${count} ${text}`).sort();
}

/** One pod as a text, without what a cluster draws at random. */
function podText(
  namespace: string,
  owner: string,
  qosClass: string,
  labels: Readonly<Record<string, string>>,
  annotations: unknown,
  spec: PodSpec,
): string {
  const named = Object.entries(labels).map(([key, value]) => [
    key,
    key.endsWith('controller-uid') ? '{uid}' : HASH_LABELS.has(key) ? value.replace(HASH, '{hash}') : value,
  ]);
  return canonical([namespace, owner, qosClass, Object.fromEntries(named), annotations, spec])
    .replace(/"values":\["(\{hash\}|[bcdf-hj-np-tvwxz24-9]{8,10})"\]/g, '"values":["{hash}"]')
    .replace(/-(manual|2\d{7})(-\d+)?"/g, '-run$2"');
}

const HASH_LABELS = new Set(['pod-template-hash', 'controller-revision-hash']);
const HASH = /(\{hash\}|[^-]+)$/;

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, child: unknown) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1)))
      : child,
  );
}
