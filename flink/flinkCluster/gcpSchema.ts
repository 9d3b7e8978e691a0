import {Schema, type SchemaNode, type SchemaTable} from '../schema/schemaTable.ts';
import spotifyTable from './spotifySchema.json' with {type: 'json'};

/** Of the fields of spotify's fork, those that GoogleCloudPlatform's has, in the order of its types. */
const SPEC_FIELDS = [
  ...['image', 'serviceAccountName', 'batchSchedulerName', 'jobManager', 'taskManager', 'job', 'envVars', 'envFrom'],
  ...['flinkProperties', 'hadoopConfig', 'gcpConfig', 'logConfig', 'revisionHistoryLimit', 'recreateOnUpdate'],
];
const COMPONENT_FIELDS = [
  ...['replicas', 'accessScope', 'ingress', 'ports', 'extraPorts', 'resources', 'memoryOffHeapRatio'],
  ...['memoryOffHeapMin', 'volumes', 'volumeMounts', 'volumeClaimTemplates', 'initContainers', 'nodeSelector'],
  ...['tolerations', 'sidecars', 'podAnnotations', 'securityContext', 'podLabels'],
];
const JOB_FIELDS = [
  ...['jarFile', 'className', 'args', 'fromSavepoint', 'allowNonRestoredState', 'takeSavepointOnUpgrade'],
  ...['savepointsDir', 'autoSavepointSeconds', 'savepointGeneration', 'parallelism', 'noLoggingToStdout', 'volumes'],
  ...['volumeMounts', 'initContainers', 'restartPolicy', 'cleanupPolicy', 'cancelRequested', 'podAnnotations'],
  ...['podLabels', 'resources', 'securityContext'],
];

/**
 * The fields of a FlinkCluster of GoogleCloudPlatform and their types. Its operator fills in defaults and checks
 * ranges itself, so that nothing of that is here.
 */
export function gcpSchema(): Schema {
  const nodes: SchemaNode[] = (spotifyTable as SchemaTable).nodes.map(typesOnly);
  const root = nodes.length - 1;
  const boolean = nodes.push({type: 'boolean'}) - 1;
  const narrow = (
    index: number | undefined,
    fields: readonly string[],
    more: Readonly<Record<string, number>> = {},
  ) => {
    const node = nodes[index ?? -1] ?? {};
    const known: Readonly<Record<string, number>> = {...node.properties, ...more};
    const kept = fields.flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]] as const]));
    if (index !== undefined) nodes[index] = {...node, properties: Object.fromEntries(kept)};
    return nodes[index ?? -1]?.properties ?? {};
  };
  const spec = nodes[root]?.properties?.spec;
  const parts = narrow(spec, SPEC_FIELDS);
  narrow(parts.jobManager, COMPONENT_FIELDS);
  narrow(parts.taskManager, COMPONENT_FIELDS);
  narrow(parts.job, JOB_FIELDS, {takeSavepointOnUpgrade: boolean});
  encode(nodes, spec, {jobManager: 'value', taskManager: 'value'});
  encode(nodes, parts.taskManager, {replicas: 'value'});
  encode(nodes, parts.job, {jarFile: 'value'});
  return new Schema({nodes}, root);
}

function typesOnly({
  default: _default,
  required: _required,
  enum: _enum,
  minimum: _minimum,
  maximum: _maximum,
  minLength: _minLength,
  maxLength: _maxLength,
  listType: _listType,
  listMapKeys: _listMapKeys,
  ...node
}: SchemaNode): SchemaNode {
  return node;
}

function encode(nodes: SchemaNode[], index: number | undefined, encoding: NonNullable<SchemaNode['encoding']>): void {
  const node = nodes[index ?? -1];
  if (index !== undefined && node !== undefined) nodes[index] = {...node, encoding: {...node.encoding, ...encoding}};
}
