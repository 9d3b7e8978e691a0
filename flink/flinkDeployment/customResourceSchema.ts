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

export function flinkDeploymentSchema(release: Release): Schema {
  return schemaOf(object({spec: deploymentSpec(release), status: anything}));
}

export function flinkSessionJobSchema(release: Release): Schema {
  const spec = object({deploymentName: text, flinkConfiguration: anything, job: job(release), restartNonce: integer});
  return schemaOf(object({spec, status: anything}));
}

/** Known since September 2025. */
export function flinkBlueGreenDeploymentSchema(release: Release): Schema {
  const transitionMode: Tree = {type: 'string', enum: ['ADVANCED', 'BASIC']};
  const template = object({
    configuration: texts,
    metadata: anything,
    spec: deploymentSpec(release),
    transitionMode,
  });
  return schemaOf(object({spec: object({configuration: texts, ingress, template, transitionMode}), status: anything}));
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
