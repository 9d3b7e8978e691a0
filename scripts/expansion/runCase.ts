/** Runs a golden case through Stowage's own reading, admission and expansion. */
import type {ClusterModel} from '../../model/clusterModel.ts';
import {Diagnostics} from '../../model/diagnostic.ts';
import type {KubernetesObject, NodeObject} from '../../model/kubernetes.ts';
import {toNode} from '../../model/node.ts';
import {below, parseDocuments, type SourceDocument} from '../../sources/documents.ts';
import {readManifests} from '../../sources/manifests.ts';
import {expand} from '../../workloads/expand.ts';
import type {InputObject} from '../../workloads/inputObject.ts';
import {ServerLog} from '../../workloads/serverLog.ts';
import {kindType} from '../../workloads/strict/fieldTypes.ts';
import {decodingError} from '../../workloads/strict/serverDecoding.ts';
import type {GoldenCase, Row} from './goldenCase.ts';

/** What Stowage makes of a case. */
export interface OwnCase {
  readonly model: ClusterModel;
  readonly log: ServerLog;
  /** Objects that were not even decoded, as rows of type rejected. */
  readonly undecoded: readonly Row[];
  readonly inputs: readonly InputObject[];
}

/** The phases in which objects are created; those of one phase in the order of the input. */
const PHASES: readonly (readonly string[])[] = [
  ['Namespace'],
  ['CustomResourceDefinition'],
  ['PriorityClass', 'StorageClass', 'RuntimeClass', 'Node'],
  ['ServiceAccount', 'Secret', 'ConfigMap', 'LimitRange'],
  ['ResourceQuota'],
];
const WORKLOADS = 'Pod ReplicationController ReplicaSet Deployment StatefulSet DaemonSet Job CronJob'.split(' ');
const LAST = ['PodDisruptionBudget', 'HorizontalPodAutoscaler'];

export function runCase(golden: GoldenCase): OwnCase {
  const diagnostics = new Diagnostics();
  const undecoded: Row[] = [];
  const custom = new Set(golden.custom.map(({apiVersion, kind}) => `${apiVersion}/${kind}`));
  const inputs: InputObject[] = [];
  for (const file of golden.files) {
    const namespace = /([^/]*)--[^/]*\.ya?ml$/.exec(file.name)?.[1] ?? 'default';
    for (const document of parseDocuments(file, diagnostics).flatMap(opened)) {
      const object = document.value as KubernetesObject | null;
      if (object === null || typeof object !== 'object' || !object.apiVersion || !object.kind) continue;
      const {apiVersion, kind} = object;
      if (custom.has(`${apiVersion}/${kind}`)) continue;
      const known = kindType(apiVersion, kind);
      if (known === undefined || known.removed) {
        undecoded.push(
          rejected(
            object,
            namespace,
            undefined,
            'NoKindMatch',
            `no matches for kind "${kind}" in version "${apiVersion}"`,
          ),
        );
        continue;
      }
      const refusal = decodingError(object);
      if (refusal !== null) {
        undecoded.push(rejected(object, namespace, 400, 'BadRequest', refusal.message));
        // An object with nothing but unknown fields is applied again with --validate=warn, in real data.
        if (!refusal.isStrict || !isAppliedAgain(golden, object)) continue;
      }
      inputs.push(...readManifests([document], {namespace, validate: 'ignore'}, diagnostics));
    }
  }
  const accounts = golden.installed.flatMap((text) => {
    const [kind, namespace, name] = text.split('/');
    return kind === 'ServiceAccount' ? [{namespace: namespace!, name: name!}] : [];
  });
  const origin = {file: 'installed', at: () => ({line: 1, column: 1})};
  const installed = accounts.map((metadata) => ({
    object: {apiVersion: 'v1', kind: 'ServiceAccount', metadata},
    origin,
  }));
  const nodes = [
    ...golden.nodes,
    ...inputs.filter(({object}) => object.kind === 'Node').map(({object}) => object as NodeObject),
  ];
  const log = new ServerLog();
  const model = expand(
    [...installed, ...byPhase(inputs)],
    {
      nodes: nodes.map((node) => toNode(withOldLabels(node))),
      cronJobs: 'Triggered',
      serviceAccounts: 'AsGiven',
      flinkOperator: null,
      reschedule: false,
      log,
    },
    diagnostics,
  );
  return {model, log, undecoded, inputs};
}

function isAppliedAgain({rows}: GoldenCase, {kind, metadata}: KubernetesObject): boolean {
  return rows.some(
    (row) => row.type === 'rejected' && row.kind === kind && row.name === metadata?.name && row.note !== undefined,
  );
}

/** The labels that the node lifecycle controller keeps beside their successors. */
function withOldLabels(node: NodeObject): NodeObject {
  const {labels = {}} = node.metadata;
  const old = ['os', 'arch'].flatMap((name) => {
    const value = labels[`kubernetes.io/${name}`];
    return value === undefined ? [] : [[`beta.kubernetes.io/${name}`, value]];
  });
  return {...node, metadata: {...node.metadata, labels: {...labels, ...Object.fromEntries(old)}}};
}

/** The items of a list, lists within lists among them. */
function opened(document: SourceDocument): SourceDocument[] {
  const {value, origin} = document;
  const {kind, items} = (value ?? {}) as {kind?: unknown; items?: unknown};
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return [document];
  return items.flatMap((item, index) => opened({value: item, origin: below(origin, `/items/${index}`)}));
}

function byPhase(inputs: readonly InputObject[]): InputObject[] {
  const phaseOf = ({object: {kind}}: InputObject): number => {
    const phase = PHASES.findIndex((kinds) => kinds.includes(kind));
    if (phase >= 0) return phase;
    return PHASES.length + (WORKLOADS.includes(kind) ? 1 : LAST.includes(kind) ? 2 : 0);
  };
  return [...inputs].sort((a, b) => phaseOf(a) - phaseOf(b));
}

function rejected(
  object: KubernetesObject,
  namespace: string,
  code: number | undefined,
  reason: string,
  message: string,
): Row {
  const {kind, metadata} = object;
  return {
    type: 'rejected',
    kind,
    namespace: metadata?.namespace ?? namespace,
    name: metadata?.name,
    ...(code === undefined ? {} : {code}),
    reason,
    message,
  };
}
