import {readdirSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {isFlinkResource} from '../../flink/flinkObjects.ts';
import {Diagnostics} from '../../model/diagnostic.ts';
import {type KubernetesObject, objectReference} from '../../model/kubernetes.ts';
import {parseDocuments} from '../../sources/documents.ts';
import {loadInput} from '../../sources/node/loadInput.ts';
import {isConfiguration, isKept, qualifiedKind, WORKLOAD_KINDS} from '../../workloads/apiKinds.ts';
import {expand} from '../../workloads/expand.ts';

/** What became of everything in a file. */
export interface InputAccount {
  readonly file: string;
  /** Documents and items of lists that hold anything, counted without the reading of manifests. */
  readonly given: number;
  readonly nodes: number;
  readonly workloads: number;
  /** Objects that admission or a plugin looks at. */
  readonly kept: number;
  /** Objects of Kubernetes' own kinds that never make pods. */
  readonly configuration: number;
  readonly pods: number;
  /** Pods that the API server would refuse. */
  readonly rejected: number;
  /** Counts of kinds without a rule, each named by a warning. */
  readonly unknown: ReadonlyMap<string, number>;
  /** Documents that are no objects, objects given twice, objects that do not decode: each with a diagnostic. */
  readonly leftOut: number;
  /** Objects that neither a number above nor a diagnostic accounts for. */
  readonly lost: readonly string[];
}

/** Reads and expands one file as `stowage expand -f` does. */
export function inputAccount(path: string): InputAccount {
  const diagnostics = new Diagnostics();
  const input = loadInput(
    {
      filenames: [path],
      recursive: false,
      namespaceFromFile: undefined,
      validate: 'warn',
      nodePools: [],
      schedulerConfiguration: undefined,
      overrides: {},
      readStdin: () => [],
    },
    diagnostics,
  );
  const reading = diagnostics.all;
  const options = {nodes: input.nodes, cronJobs: 'OneRun', flinkOperator: null, reschedule: false} as const;
  const model = expand(input.objects, options, diagnostics);
  const findings = diagnostics.all;
  const named = (code: string, kind: string): boolean =>
    findings.some((finding) => finding.code === code && finding.message.includes(` of kind ${kind} (`));
  const isNamed = ({kind, metadata: {namespace, name = ''}}: KubernetesObject): boolean =>
    findings.some(({object}) => object === objectReference(kind, namespace, name));

  const objects = input.objects.map(({object}) => object);
  const unused = new Map(model.unusedKinds.map(({apiVersion, kind, count}) => [`${apiVersion} ${kind}`, count]));
  const isUnused = ({apiVersion, kind}: KubernetesObject): boolean => unused.has(`${apiVersion} ${kind}`);
  const workloads = objects.filter((object) => !isKept(object) && !isUnused(object));
  const unknown = objects.filter((object) => isUnused(object) && !isConfiguration(object));
  const known = new Set(model.workloads.map(({kind, namespace, name}) => `${kind}/${namespace}/${name}`));
  const lost = [
    ...workloads
      .filter((object) => WORKLOAD_KINDS.has(qualifiedKind(object)) || isFlinkResource(object))
      .filter(({kind, metadata: {namespace, name, generateName, ownerReferences}}) => {
        const owner = ownerReferences?.find(({controller}) => controller === true);
        const keys = [`${kind}/${namespace}/${name ?? generateName}`, `${owner?.kind}/${namespace}/${owner?.name}`];
        return !keys.some((key) => known.has(key));
      })
      .filter((object) => !isNamed(object) && !isTerminal(object)),
    ...unknown.filter(({kind}) => !named('STW-2002', kind)),
  ].map(({kind, metadata}) => `${kind}/${metadata.namespace}/${metadata.name}`);
  return {
    file: basename(path),
    given: givenObjects(path),
    nodes: input.nodes.length,
    workloads: workloads.length,
    kept: objects.filter(isKept).length,
    configuration: objects.filter((object) => isUnused(object) && isConfiguration(object)).length,
    pods: model.pods.length,
    rejected: model.rejected.length,
    unknown: counted(unknown.map(qualifiedKind)),
    leftOut:
      reading.filter(({code}) => LEFT_OUT.has(code)).length +
      new Set(reading.flatMap(({severity, object}) => (severity === 'error' && object !== undefined ? [object] : [])))
        .size,
    lost,
  };
}

/** The files of a folder and its subfolders, by code point. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** One row of facts about some files. */
export function factsOf(name: string, accounts: readonly InputAccount[]): string {
  const sum = (field: Exclude<keyof InputAccount, 'file' | 'unknown' | 'lost'>): number =>
    accounts.reduce((total, account) => total + account[field], 0);
  const unknown = counted(
    accounts.flatMap((account) => [...account.unknown].flatMap(([kind, count]) => Array<string>(count).fill(kind))),
  );
  const kinds = [...unknown].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `${kind}=${count}`);
  return `${name}
  files ${accounts.length}, objects and other documents ${sum('given')}
  nodes ${sum('nodes')}, workloads ${sum('workloads')}, objects of admission ${sum('kept')}, configuration ${sum('configuration')}
  pods ${sum('pods')}, rejected ${sum('rejected')}
  kinds without a rule: ${kinds.join(', ') || 'none'}
  left out with a diagnostic ${sum('leftOut')}
`;
}

const LEFT_OUT: ReadonlySet<string> = new Set(['STW-2007', 'STW-2010']);

function givenObjects(path: string): number {
  const bytes = readFileSync(path);
  if (bytes.includes(0)) return 0;
  const count = (value: unknown): number => {
    if (value === null || value === undefined) return 0;
    const {kind, items} = value as {kind?: unknown; items?: unknown};
    if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
      return items.reduce((sum: number, item) => sum + count(item), 0);
    }
    return 1;
  };
  const documents = parseDocuments({name: path, text: bytes.toString('utf8')}, new Diagnostics());
  return documents.reduce((sum, {value}) => sum + count(value), 0);
}

function isTerminal({kind, status}: KubernetesObject): boolean {
  const {phase} = (status ?? {}) as {phase?: string};
  return kind === 'Pod' && (phase === 'Succeeded' || phase === 'Failed');
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
