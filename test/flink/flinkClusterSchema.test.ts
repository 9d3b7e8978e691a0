/** What the API server says of a FlinkCluster by the CRD of spotify's operator; the words were taken from a real one. */
import {describe, expect, test} from 'vitest';
import table from '../../flink/flinkCluster/spotifySchema.json' with {type: 'json'};
import {pruneAndDefault} from '../../flink/schema/pruneAndDefault.ts';
import {schemaErrors} from '../../flink/schema/schemaErrors.ts';
import {Schema, type SchemaTable} from '../../flink/schema/schemaTable.ts';

const SCHEMA = new Schema(table as SchemaTable);

type Fields = Record<string, unknown>;

function cluster(spec: Fields): Fields {
  const required = {flinkVersion: '1.15.4', image: {name: 'flink:1.15'}};
  return {apiVersion: 'flinkoperator.k8s.io/v1beta1', kind: 'FlinkCluster', metadata: {}, spec: {...required, ...spec}};
}

function errors(spec: Fields): readonly string[] {
  return schemaErrors(pruneAndDefault(cluster(spec), SCHEMA), SCHEMA).map(({message}) => message);
}

function stored(spec: Fields): Fields {
  return (pruneAndDefault(cluster(spec), SCHEMA) as {spec: Fields}).spec;
}

const REPLICAS = 'spec.taskManager.replicas';
const MEMORY = 'spec.taskManager.resources.limits.memory';
const withReplicas = (replicas: unknown): Fields => ({taskManager: {replicas}});
const withMemory = (memory: unknown): Fields => ({taskManager: {resources: {limits: {memory}}}});

describe('a value of the wrong type', () => {
  test.each<[string, Fields, readonly string[]]>([
    [
      'a text for a count',
      withReplicas('3'),
      [`${REPLICAS}: Invalid value: "string": ${REPLICAS} in body must be of type integer: "string"`],
    ],
    [
      'a boolean for a count: the format is named',
      withReplicas(true),
      [`${REPLICAS}: Invalid value: "": ${REPLICAS} in body must be of type int32: ""`],
    ],
    [
      'a fraction for a count',
      withReplicas(3.5),
      [
        `<nil>: Invalid value: "": Checked value must be of type integer with format int32 in ${REPLICAS}`,
        `${REPLICAS}: Invalid value: "float64": ${REPLICAS} in body must be of type int32: "float64"`,
      ],
    ],
    [
      'a fraction for a quantity',
      withMemory(3.5),
      [
        `<nil>: Invalid value: "": "${MEMORY}" must validate at least one schema (anyOf)`,
        `<nil>: Invalid value: "": Checked value must be of type integer (default format) in ${MEMORY}`,
        `${MEMORY}: Invalid value: "number": ${MEMORY} in body must be of type integer,string: "number"`,
        `${MEMORY}: Invalid value: "number": ${MEMORY} in body must be of type integer: "number"`,
      ],
    ],
    [
      'a number for one of a set of texts',
      {job: {mode: 0}},
      [
        'spec.job.mode: Invalid value: "integer": spec.job.mode in body must be of type string: "integer"',
        'spec.job.mode: Unsupported value: 0: supported values: "Detached", "Blocking", "Application"',
      ],
    ],
    [
      'null inside a list',
      {job: {args: [null]}},
      ['spec.job.args[0]: Invalid value: "null": spec.job.args[0] in body must be of type string: "null"'],
    ],
    [
      'a number in a map of texts',
      {flinkProperties: {a: 1}},
      [
        'spec.flinkProperties.a: Invalid value: "integer": spec.flinkProperties.a in body must be of type string: "integer"',
      ],
    ],
  ])('%s', (_name, spec, expected) => expect(errors(spec)).toEqual(expected));
});

describe('a value out of range', () => {
  test.each<[string, Fields, readonly string[]]>([
    [
      'below the minimum',
      withReplicas(0),
      [`${REPLICAS}: Invalid value: 0: ${REPLICAS} in body should be greater than or equal to 1`],
    ],
    [
      'above the maximum',
      {jobManager: {ports: {ui: 70_000}}},
      [
        'spec.jobManager.ports.ui: Invalid value: 70000: spec.jobManager.ports.ui in body should be less than or equal to 65535',
      ],
    ],
    [
      'beyond 32 bits',
      withReplicas(2 ** 31),
      [`<nil>: Invalid value: "": Checked value must be of type integer with format int32 in ${REPLICAS}`],
    ],
    [
      'too short',
      {hadoopConfig: {configMapName: ''}},
      [
        'spec.hadoopConfig.configMapName: Invalid value: "": spec.hadoopConfig.configMapName in body should be at least 1 chars long',
      ],
    ],
    [
      'not a quantity',
      withMemory('1Gi '),
      [
        `${MEMORY}: Invalid value: "1Gi ": ${MEMORY} in body should match '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$'`,
      ],
    ],
  ])('%s', (_name, spec, expected) => expect(errors(spec)).toEqual(expected));
});

test('all errors are told at once', () => {
  const spec = {flinkVersion: null, image: {}, taskManager: {replicas: 0}, jobManager: {replicas: 2}};
  expect(errors(spec)).toEqual([
    'spec.flinkVersion: Required value',
    'spec.image.name: Required value',
    'spec.jobManager.replicas: Invalid value: 2: spec.jobManager.replicas in body should be less than or equal to 1',
    `${REPLICAS}: Invalid value: 0: ${REPLICAS} in body should be greater than or equal to 1`,
  ]);
});

test('each error knows its place', () => {
  const resource = pruneAndDefault(cluster({image: {}, taskManager: {extraPorts: [{protocol: 'x'}]}}), SCHEMA);
  expect(schemaErrors(resource, SCHEMA).map(({pointer}) => pointer)).toEqual([
    '/spec/image',
    '/spec/taskManager/extraPorts/0',
    '/spec/taskManager/extraPorts/0/protocol',
  ]);
});

test('a list that is a map refuses the first repetition of a key', () => {
  const ports = [{containerPort: 80}, {containerPort: 80, protocol: 'UDP'}, {containerPort: 80}, {containerPort: 80}];
  expect(errors({taskManager: {sidecars: [{name: 'a', ports}]}})).toEqual([
    'spec.taskManager.sidecars[0].ports[2]: Duplicate value: {"containerPort":80,"protocol":"TCP"}',
  ]);
});

test('a list that is a map holds objects only', () => {
  const path = 'spec.taskManager.sidecars[0].env[1]';
  expect(errors({taskManager: {sidecars: [{name: 'a', env: [{name: 'A'}, 'B', {name: 'A'}]}]}})).toEqual([
    `${path}: Invalid value: "B": must be an object for an array of list-type map`,
    `${path}: Invalid value: "string": ${path} in body must be of type object: "string"`,
  ]);
});

describe('what is stored', () => {
  test('unknown fields are gone, at any depth', () => {
    expect(stored({foo: 1, taskManager: {sidecars: [{name: 'a', nmae: 'b'}]}})).toMatchObject({
      taskManager: {sidecars: [{name: 'a'}]},
    });
    expect(JSON.stringify(stored({foo: 1, taskManager: {sidecars: [{name: 'a', nmae: 'b'}]}}))).not.toMatch(/foo|nmae/);
  });

  test('defaults of a missing block are filled in, and those of its fields', () => {
    expect(stored({})).toMatchObject({
      image: {pullPolicy: 'Always'},
      jobManager: {accessScope: 'Cluster', ports: {rpc: 6123, blob: 6124, query: 6125, ui: 8081}},
      taskManager: {
        replicas: 3,
        deploymentType: 'StatefulSet',
        resources: {requests: {cpu: '200m', memory: '512Mi'}, limits: {cpu: 2, memory: '2Gi'}},
      },
    });
  });

  test('a block that is there gets no default of its own', () => {
    expect(stored({taskManager: {resources: {}}})).toMatchObject({taskManager: {resources: {}}});
  });

  test('null counts as absent', () => {
    expect(errors({job: null, taskManager: null, flinkProperties: {a: null}})).toEqual([]);
    expect(stored({job: null, taskManager: null, flinkProperties: {a: null}})).toMatchObject({
      taskManager: {replicas: 3},
      flinkProperties: {},
    });
  });
});
