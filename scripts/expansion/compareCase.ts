/** Compares what a real cluster made of a case with what Stowage makes, apart from what is random in a real one. */
import type {GoldenCase, Row} from './goldenCase.ts';
import {ownRows} from './ownRows.ts';
import {runCase} from './runCase.ts';

/** What differs, one text a line of the account: `-` only the cluster's, `+` only Stowage's. Empty when all is equal. */
export function compareCase(golden: GoldenCase): string[] {
  const real = golden.rows;
  const own = withChosenMessages(ownRows(runCase(golden), golden), real);
  const context = contextOf(real);
  const expected = counted(real, context);
  const found = counted(own, context);
  const messages = new Map(real.filter(({parts}) => parts !== undefined).map((row) => [identity(row), row]));
  const differences: string[] = [];
  for (const [text, {count, row}] of expected) {
    const missing = count - (found.get(text)?.count ?? 0);
    if (missing > 0 && !hasPermutation(row, own, messages)) differences.push(`- ${missing} ${text}`);
  }
  for (const [text, {count, row}] of found) {
    const more = count - (expected.get(text)?.count ?? 0);
    const parts = messages.get(identity(row))?.parts;
    if (more > 0 && !(parts !== undefined && isPermutation(row.message, parts))) differences.push(`+ ${more} ${text}`);
  }
  return differences;
}

/** Of several messages that a real server might have given, takes the one that it gave. */
function withChosenMessages(own: readonly Row[], real: readonly Row[]): Row[] {
  const given = new Map(real.map((row) => [identity(row), row]));
  return own.map((row) => {
    const theirs = given.get(identity(row));
    if (theirs === undefined) return row;
    if (row.others?.includes(theirs.message)) return {...row, message: theirs.message};
    if (!row.otherFailures?.length || theirs.failed === undefined) return row;
    const possible = new Set([...row.failed, ...row.otherFailures].map(certainMessage));
    const isPossible = (theirs.failed as string[]).every((message) => possible.has(certainMessage(message)));
    return isPossible ? {...row, failed: theirs.failed} : row;
  });
}

interface Context {
  /** Owners that a quota cut off: which indexes or nodes got a pod is not certain. */
  readonly cutOff: ReadonlySet<string>;
  /** Namespaces with several LimitRanges, whose order is random. */
  readonly severalRanges: ReadonlySet<string>;
}

function contextOf(rows: readonly Row[]): Context {
  const cutOff = new Set<string>();
  const ranges = new Map<string, number>();
  for (const {type, kind, namespace, name, failed, controlledBy, spec} of rows) {
    if (type === 'limitRange') ranges.set(namespace, (ranges.get(namespace) ?? 0) + 1);
    const isCertain = kind === 'StatefulSet' ? spec?.podManagementPolicy !== 'Parallel' : kind === 'ReplicaSet';
    if (type === 'owner' && !isCertain && failed?.some((text: string) => text.includes('exceeded quota'))) {
      cutOff.add(`${namespace} ${controlledBy ?? `${kind}/${name}`}`);
    }
  }
  return {cutOff, severalRanges: new Set([...ranges].filter(([, count]) => count > 1).map(([namespace]) => namespace))};
}

function counted(rows: readonly Row[], context: Context): Map<string, {count: number; row: Row}> {
  const counts = new Map<string, {count: number; row: Row}>();
  for (const row of rows) {
    const text = rowText(row, context);
    if (text === null) continue;
    const count = row.type === 'pod' ? (row.count as number) : 1;
    counts.set(text, {count: (counts.get(text)?.count ?? 0) + count, row});
  }
  return counts;
}

function identity({type, kind, namespace, name}: Row): string {
  // What names no namespace goes to the default one, and golden files show it as it was written.
  return [type, kind, namespace || 'default', name].join(' ');
}

/** One row as a text; null for rows that are not compared. */
function rowText(row: Row, context: Context): string | null {
  const {type, kind, name} = row;
  const namespace = row.namespace || 'default';
  switch (type) {
    case 'rejected':
      return canonical([type, kind, namespace, name, row.code, row.reason, row.message]);
    case 'warning':
      return canonical([type, kind, namespace, name, row.text]);
    case 'owner': {
      const failed = (row.failed as string[] | undefined)?.map((text) => {
        const message = certainMessage(text);
        const isCutOff = context.cutOff.has(`${namespace} ${row.controlledBy ?? `${kind}/${name}`}`);
        return isCutOff ? message.replace(/-\d+(?=-\{rand\}|" is | in StatefulSet)/g, '-{index}') : message;
      });
      return canonical([
        type,
        kind,
        namespace,
        name,
        row.controlledBy,
        row.wanted,
        row.created,
        [...new Set(failed)].sort(),
        row.spec,
      ]);
    }
    case 'pvc':
      return canonical([type, namespace, name, row.labels, row.spec, row.from, row.ownerReferences]);
    case 'quota':
      return canonical([type, namespace, name, row.hard, row.used]);
    case 'limitRange':
      return canonical([type, namespace, name, row.limits]);
    case 'priorityClass':
      return canonical([type, name, row.value, row.globalDefault, row.preemptionPolicy]);
    case 'pod':
      return podText(row, context);
    default:
      return null;
  }
}

/** A FailedCreate event without what depends on the moment of the retry, its bracketed lists in order. */
function certainMessage(message: string): string {
  return message
    .replace(/, used: .*, limited:/, ', limited:')
    .replace(/\[(.*)\]$/s, (_all, list: string) => `[${list.split(', ').sort().join(', ')}]`);
}

function podText({namespace, owner, name, qosClass, labels, annotations = {}, spec}: Row, context: Context): string {
  if (context.cutOff.has(`${namespace} ${owner}`)) {
    return canonical(['pod', namespace, owner, qosClass]);
  }
  const {'kubernetes.io/limit-ranger': limitRanger, ...others} = annotations;
  const kept = limitRanger === undefined || context.severalRanges.has(namespace) ? others : annotations;
  // The claims of a StatefulSet come in random order, before the other volumes.
  const volumes = owner.startsWith('StatefulSet/') ? withSortedClaims(spec.volumes) : spec.volumes;
  return canonical([
    'pod',
    namespace,
    owner,
    name,
    qosClass,
    labels,
    kept,
    {...spec, ...(volumes === undefined ? {} : {volumes})},
  ]);
}

function withSortedClaims(
  volumes: readonly {readonly name: string; readonly persistentVolumeClaim?: unknown}[] | undefined,
): unknown {
  if (volumes === undefined) return undefined;
  const first = volumes.findIndex(({persistentVolumeClaim}) => persistentVolumeClaim === undefined);
  const claims = first < 0 ? volumes.length : first;
  return [...volumes.slice(0, claims).toSorted((a, b) => (a.name < b.name ? -1 : 1)), ...volumes.slice(claims)];
}

function hasPermutation(row: Row, own: readonly Row[], messages: ReadonlyMap<string, Row>): boolean {
  if (row.type !== 'rejected' || !messages.has(identity(row))) return false;
  return own.some(
    (other) =>
      identity(other) === identity(row) && other.code === row.code && isPermutation(other.message, row.parts ?? []),
  );
}

/** Whether the message ends with the parts in brackets, in any order. */
function isPermutation(message: string, parts: readonly string[]): boolean {
  const start = message.indexOf(': [');
  if (start < 0 || !message.endsWith(']')) return false;
  let rest = `, ${message.slice(start + 3, -1)}`;
  const left = [...parts].sort((a, b) => b.length - a.length);
  while (left.length > 0) {
    const next = left.findIndex((part) => rest.startsWith(`, ${part}`));
    if (next < 0) return false;
    rest = rest.slice(left[next]!.length + 2);
    left.splice(next, 1);
  }
  return rest === '';
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, child: unknown) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1)))
      : (child ?? undefined),
  );
}
