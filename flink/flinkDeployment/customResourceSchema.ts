/** The schemas of FlinkDeployment and FlinkSessionJob, as far as the API server checks or drops something by them. */
import {Schema, type SchemaNode} from '../schema/schemaTable.ts';
import type {Release} from './apacheOperator.ts';

/** A schema written as a tree. */
interface Tree extends Omit<SchemaNode, 'properties' | 'additionalProperties' | 'items'> {
  readonly properties?: Readonly<Record<string, Tree>>;
  readonly additionalProperties?: Tree;
  readonly items?: Tree;
}

const text: Tree = {type: 'string'};
const integer: Tree = {type: 'integer'};
const anything: Tree = {type: 'object', preserveUnknownFields: true};
const texts: Tree = {type: 'object', additionalProperties: text};
const quantities: Tree = {type: 'object', additionalProperties: {intOrString: true}};

const ingress = object({
  annotations: texts,
  className: text,
  labels: texts,
  template: text,
  tls: {type: 'array', items: object({hosts: {type: 'array', items: text}, secretName: text})},
});

const resource = object({cpu: {type: 'number'}, ephemeralStorage: text, memory: text});

function job({isModern}: Release): Tree {
  return object({
    allowNonRestoredState: {type: 'boolean'},
    args: {type: 'array', items: text},
    ...(isModern ? {autoscalerResetNonce: integer} : {}),
    checkpointTriggerNonce: integer,
    entryClass: text,
    initialSavepointPath: text,
    jarURI: text,
    parallelism: integer,
    ...(isModern ? {savepointRedeployNonce: integer} : {}),
    savepointTriggerNonce: integer,
    state: {type: 'string', enum: ['running', 'suspended']},
    upgradeMode: {type: 'string', enum: ['last-state', 'savepoint', 'stateless']},
  });
}

function component({readsResources}: Release): Tree {
  return object({
    podTemplate: anything,
    replicas: integer,
    resource,
    ...(readsResources ? {resources: object({limits: quantities, requests: quantities})} : {}),
  });
}

function deploymentSpec(release: Release): Tree {
  return object({
    // 1.7.0 reads a flat map of texts; its JSON library has words of its own for anything else.
    flinkConfiguration: anything,
    flinkVersion: release.isModern ? {type: 'string', enum: release.flinkVersions} : text,
    image: text,
    imagePullPolicy: text,
    ingress,
    job: job(release),
    jobManager: component(release),
    logConfiguration: texts,
    mode: {type: 'string', enum: ['native', 'standalone']},
    podTemplate: anything,
    restartNonce: integer,
    serviceAccount: text,
    taskManager: component(release),
  });
}

function flinkDeploymentTree(release: Release): Tree {
  return object({spec: deploymentSpec(release), status: anything});
}

function flinkSessionJobTree(release: Release): Tree {
  const spec = object({deploymentName: text, flinkConfiguration: anything, job: job(release), restartNonce: integer});
  return object({spec, status: anything});
}

/** Known since September 2025. */
function flinkBlueGreenDeploymentTree(release: Release): Tree {
  const transitionMode: Tree = {type: 'string', enum: ['ADVANCED', 'BASIC']};
  const template = object({
    configuration: texts,
    metadata: anything,
    spec: deploymentSpec(release),
    transitionMode,
  });
  return object({spec: object({configuration: texts, ingress, template, transitionMode}), status: anything});
}

const TREES = {
  FlinkDeployment: flinkDeploymentTree,
  FlinkSessionJob: flinkSessionJobTree,
  FlinkBlueGreenDeployment: flinkBlueGreenDeploymentTree,
} as const;

/** The kinds of the group that make pods, or ask for them. */
export type ApacheKind = keyof typeof TREES;

const made = new WeakMap<Release, Map<ApacheKind, Schema>>();

/** Of each release and kind there is one schema, made when it is first asked for. */
export function customResourceSchema(kind: ApacheKind, release: Release): Schema {
  const schemas = made.get(release) ?? new Map<ApacheKind, Schema>();
  made.set(release, schemas);
  const schema = schemas.get(kind) ?? schemaOf(TREES[kind](release));
  schemas.set(kind, schema);
  return schema;
}

function object(properties: Readonly<Record<string, Tree>>): Tree {
  return {type: 'object', properties};
}

function schemaOf(tree: Tree): Schema {
  const nodes: SchemaNode[] = [];
  const place = ({properties, additionalProperties, items, ...node}: Tree): number => {
    const placed: SchemaNode = {
      ...node,
      ...(properties === undefined
        ? {}
        : {properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, place(child)]))}),
      ...(additionalProperties === undefined ? {} : {additionalProperties: place(additionalProperties)}),
      ...(items === undefined ? {} : {items: place(items)}),
    };
    return nodes.push(placed) - 1;
  };
  place(tree);
  return new Schema({nodes});
}
