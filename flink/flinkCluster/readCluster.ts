import {isRecord} from '../field.ts';
import {encodeAsGo} from '../schema/goEncoding.ts';
import {pruneAndDefault} from '../schema/pruneAndDefault.ts';
import {type SchemaError, schemaErrors} from '../schema/schemaErrors.ts';
import {Schema, type SchemaTable} from '../schema/schemaTable.ts';
import type {Cluster, ClusterDialect, ClusterSpec, ClusterStatus, Fields, JobSpec, Texts} from './clusterSpec.ts';
import {withGcpDefaults} from './gcpDefaults.ts';
import {gcpSchema} from './gcpSchema.ts';
import {withSpotifyDefaults} from './spotifyDefaults.ts';
import spotifyTable from './spotifySchema.json' with {type: 'json'};

export const SERVED_VERSION = 'flinkoperator.k8s.io/v1beta1';

const SCHEMAS: Readonly<Record<ClusterDialect, Schema>> = {
  spotify: new Schema(spotifyTable as SchemaTable),
  gcp: gcpSchema(),
};

/** A cluster as its operator gets it from the API server and its own defaulting webhook, or what the server refuses. */
export function readCluster(
  resource: unknown,
  dialect: ClusterDialect,
): {readonly cluster: Cluster} | {readonly errors: readonly SchemaError[]} {
  const schema = SCHEMAS[dialect];
  const stored = pruneAndDefault(resource, schema);
  const errors = schemaErrors(stored, schema);
  if (errors.length > 0) return {errors};
  const storedSpec = record(record(stored).spec);
  // The schema has just seen to it that every field is what its type says.
  const {spec, status = {}} = encodeAsGo(stored, schema) as {spec: ClusterSpec; status?: ClusterStatus};
  const {apiVersion = '', kind = ''} = record(resource) as {apiVersion?: string; kind?: string};
  const metadata = record(record(resource).metadata);
  return {
    cluster: {
      dialect,
      apiVersion,
      kind,
      name: text(metadata.name) ?? '',
      namespace: text(metadata.namespace) ?? '',
      uid: text(metadata.uid),
      annotations: record(metadata.annotations) as Texts,
      spec:
        dialect === 'spotify' ? withSpotifyDefaults(spec, storedSpec) : orderedJob(withGcpDefaults(spec, storedSpec)),
      stored: storedSpec,
      status,
    },
  };
}

/** With the fields of the job in the order in which the operator prints them. */
function orderedJob(spec: ClusterSpec): ClusterSpec {
  const {job} = spec;
  const schema = SCHEMAS.gcp.field('spec')?.field('job');
  return job === undefined ? spec : {...spec, job: encodeAsGo(job, schema) as JobSpec};
}

function record(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
