import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Diagnostics, type Origin} from '../../model/diagnostic.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {decodeStrict, type FieldValidation} from '../../workloads/strict/strictDecoding.ts';

/** Pointers stand in for positions: the line is the number of segments. */
const origin: Origin = {file: 'in.yaml', at: (pointer) => ({line: pointer.split('/').length, column: 1})};

function decode(object: unknown, validate: FieldValidation = 'strict') {
  const diagnostics = new Diagnostics();
  const decoded = decodeStrict({object: object as KubernetesObject, origin}, diagnostics, validate);
  return {decoded, diagnostics: diagnostics.all};
}

const pod = (spec: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'a', namespace: 'n', ...metadata},
  spec: {containers: [{name: 'c'}], ...spec},
});

const withContainer = (container: object) => pod({containers: [{name: 'c', ...container}]});

const deployment = (spec: object, apiVersion = 'apps/v1') => ({
  apiVersion,
  kind: 'Deployment',
  metadata: {name: 'web', namespace: 'shop'},
  spec: {selector: {matchLabels: {a: 'b'}}, template: {spec: {containers: [{name: 'c'}]}}, ...spec},
});

test.each<[name: string, object: object, code: string, message: string, hint?: string]>([
  [
    'an unknown field with a near one',
    deployment({template: {spec: {contaners: []}}}),
    'STW-1002',
    'unknown field "spec.template.spec.contaners"',
    'did you mean "containers"?',
  ],
  [
    'a field in the wrong case',
    pod({nodeselector: {}}),
    'STW-1002',
    'unknown field "spec.nodeselector"',
    'did you mean "nodeSelector"?',
  ],
  ['an unknown field like no other', pod({wheels: 4}), 'STW-1002', 'unknown field "spec.wheels"'],
  ['an inherited name', pod({constructor: 1}), 'STW-1002', 'unknown field "spec.constructor"'],
  [
    'a text for an integer',
    deployment({replicas: 'three'}),
    'STW-1003',
    'spec.replicas is "three", expected an integer',
  ],
  [
    'a quoted integer',
    deployment({replicas: '3'}),
    'STW-1003',
    'spec.replicas is "3", expected an integer',
    'write 3 without quotes',
  ],
  ['a fraction for an integer', deployment({replicas: 1.5}), 'STW-1003', 'spec.replicas is 1.5, expected an integer'],
  ['a map for a list', pod({containers: {name: 'c'}}), 'STW-1003', 'spec.containers is a map, expected a list'],
  ['a list for a map', pod({nodeSelector: []}), 'STW-1003', 'spec.nodeSelector is a list, expected a map'],
  ['a null in a list', pod({tolerations: [null]}), 'STW-1003', 'spec.tolerations[0] is null, expected a map'],
  [
    'a text for a boolean',
    pod({hostNetwork: 'true'}),
    'STW-1003',
    'spec.hostNetwork is "true", expected true or false',
    'write true without quotes',
  ],
  [
    'a number as an environment variable',
    withContainer({env: [{name: 'PORT', value: 8080}]}),
    'STW-1003',
    'spec.containers[0].env[0].value is 8080, expected a string',
    'write it in quotes: "8080"',
  ],
  [
    'a boolean as a label',
    pod({}, {labels: {'example.com/ready': true}}),
    'STW-1003',
    'metadata.labels[example.com/ready] is true, expected a string',
    'write it in quotes: "true"',
  ],
  [
    'a time',
    pod({}, {creationTimestamp: 'yesterday'}),
    'STW-1003',
    'metadata.creationTimestamp is "yesterday", expected a time such as 2026-01-31T12:00:00Z',
  ],
  [
    'a port that is neither number nor name',
    withContainer({livenessProbe: {httpGet: {port: true}}}),
    'STW-1003',
    'spec.containers[0].livenessProbe.httpGet.port is true, expected an integer or a string',
  ],
  [
    'a quantity with a unit of speech',
    withContainer({resources: {requests: {cpu: '8 cores'}}}),
    'STW-1004',
    '"8 cores" is not a Kubernetes quantity',
    'write 8 or 8000m',
  ],
  [
    'a quantity in GB',
    withContainer({resources: {limits: {memory: '64GB'}}}),
    'STW-1004',
    '"64GB" is not a Kubernetes quantity',
    'write 64G',
  ],
  [
    'a quantity in Gib',
    withContainer({resources: {limits: {memory: '2Gib'}}}),
    'STW-1004',
    '"2Gib" is not a Kubernetes quantity',
    'write 2Gi',
  ],
  [
    'no quantity at all',
    pod({volumes: [{name: 'v', emptyDir: {sizeLimit: 'large'}}]}),
    'STW-1004',
    '"large" is not a Kubernetes quantity',
    'write a number with an optional suffix, such as 500m, 2, 64Gi or 500M',
  ],
  [
    'an int32 too large',
    deployment({replicas: 3e9}),
    'STW-1006',
    'spec.replicas is 3000000000, outside the range of a 32-bit integer',
  ],
  [
    'an int64 too large',
    pod({terminationGracePeriodSeconds: 10n ** 19n}),
    'STW-1006',
    'spec.terminationGracePeriodSeconds is 10000000000000000000, outside the range of a 64-bit integer',
  ],
  [
    'metadata that is no map',
    {apiVersion: 'v1', kind: 'Pod', metadata: 'a'},
    'STW-1003',
    'metadata is "a", expected a map',
  ],
  [
    'metadata of a custom resource',
    {apiVersion: 'example.com/v1', kind: 'Ship', metadata: {name: 7}, spec: {}},
    'STW-1003',
    'metadata.name is 7, expected a string',
    'write it in quotes: "7"',
  ],
])('%s is refused', (_name, object, code, message, hint) => {
  const {decoded, diagnostics} = decode(object);
  expect(decoded).toBeUndefined();
  expect(diagnostics).toEqual([
    expect.objectContaining({code, severity: 'error', message, ...(hint === undefined ? {} : {hint})}),
  ]);
  expect(diagnostics[0]?.hint).toBe(hint);
});

test('a problem names its object, place and field', () => {
  const {diagnostics} = decode(deployment({replicas: 'three'}));
  expect(diagnostics[0]).toMatchObject({
    object: 'Deployment/shop/web',
    place: {file: 'in.yaml', line: 3, column: 1, field: 'spec.replicas'},
  });
});

test('all problems of an object are found at once', () => {
  const {diagnostics} = decode(
    pod({wheels: 4, hostNetwork: 1, containers: [{name: 'c', image: null, porst: []}, null]}),
  );
  expect(diagnostics.map(({message}) => message)).toEqual([
    'unknown field "spec.containers[0].porst"',
    'spec.containers[1] is null, expected a map',
    'unknown field "spec.wheels"',
    'spec.hostNetwork is 1, expected true or false',
  ]);
});

test.each<[validate: FieldValidation, severities: readonly string[], usable: boolean]>([
  ['strict', ['error'], false],
  ['warn', ['warning'], true],
  ['ignore', [], true],
])('validation "%s" treats an unknown field so', (validate, severities, usable) => {
  const {decoded, diagnostics} = decode(pod({wheels: 4}), validate);
  expect(diagnostics.map(({severity}) => severity)).toEqual(severities);
  expect(decoded).toEqual(usable ? pod({}) : undefined);
});

test.each<[name: string, given: object, kept: object]>([
  ['a field', pod({nodeSelector: null}, {creationTimestamp: null}), pod({})],
  [
    'a field deep below',
    withContainer({resources: {requests: null, limits: {cpu: 1}}}),
    withContainer({resources: {limits: {cpu: 1}}}),
  ],
  ['the value of a label, which becomes empty', pod({}, {labels: {a: null}}), pod({}, {labels: {a: ''}})],
  ['the quantity of a resource, which becomes zero', pod({overhead: {cpu: null}}), pod({overhead: {cpu: '0'}})],
])('null is accepted for %s', (_name, given, kept) => {
  expect(decode(given)).toEqual({decoded: kept, diagnostics: []});
});

test.each<[name: string, object: object]>([
  ['quantities as numbers', withContainer({resources: {requests: {cpu: 0.5, memory: 1e9, 'nvidia.com/gpu': 1}}})],
  [
    'quantities in every notation',
    withContainer({resources: {requests: {cpu: '1e3', memory: '.5Gi', x: '+1k', y: '100n'}}}),
  ],
  ['a port by name', withContainer({readinessProbe: {tcpSocket: {port: 'http'}}})],
  ['integers beyond 2^53', pod({activeDeadlineSeconds: 2n ** 62n})],
  ['odd keys', pod({nodeSelector: {constructor: 'a', 'a/b': 'c'}})],
  ['an unknown kind', {apiVersion: 'example.com/v1', kind: 'Ship', metadata: {name: 'a'}, spec: {anything: [null]}}],
  [
    'free-form values',
    {apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: {name: 'a'}, data: {x: [null, 1]}, revision: 1},
  ],
])('%s pass unchanged', (_name, object) => {
  const {decoded, diagnostics} = decode(object);
  expect(diagnostics).toEqual([]);
  expect(decoded).toBe(object);
});

test.each([
  ['extensions/v1beta1', 'Deployment', 'apps/v1'],
  ['apps/v1beta1', 'StatefulSet', 'apps/v1'],
  ['apps/v1beta2', 'DaemonSet', 'apps/v1'],
  ['batch/v1beta1', 'CronJob', 'batch/v1'],
  ['policy/v1beta1', 'PodDisruptionBudget', 'policy/v1'],
  ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 'autoscaling/v2'],
  ['networking.k8s.io/v1beta1', 'Ingress', 'networking.k8s.io/v1'],
])('%s %s is read as %s', (apiVersion, kind, current) => {
  const {decoded, diagnostics} = decode({apiVersion, kind, metadata: {name: 'a'}});
  expect(decoded).toEqual({apiVersion: current, kind, metadata: {name: 'a'}});
  expect(diagnostics).toEqual([
    expect.objectContaining({
      code: 'STW-2011',
      severity: 'warning',
      message: `${apiVersion} is no longer served by Kubernetes 1.36; read as ${current}`,
    }),
  ]);
});

test('what does not fit the successor of a removed version is left out with warnings', () => {
  const {decoded, diagnostics} = decode(deployment({rollbackTo: {revision: 1}, replicas: 'two'}, 'extensions/v1beta1'));
  expect(decoded).toEqual(deployment({}));
  expect(diagnostics.map(({code, severity}) => `${code} ${severity}`)).toEqual([
    'STW-2011 warning',
    'STW-1002 warning',
    'STW-1003 warning',
  ]);
});

test('hostile nesting is refused, not followed', () => {
  let schema: object = {type: 'object'};
  for (let level = 0; level < 20_000; level++) schema = {not: schema};
  const {decoded, diagnostics} = decode({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: 'a'},
    spec: {versions: [{name: 'v1', schema: {openAPIV3Schema: schema}}]},
  });
  expect(decoded).toBeUndefined();
  expect(diagnostics).toHaveLength(1);
});

const text = fc.string({maxLength: 8});
const quantity = fc.oneof(
  fc
    .tuple(fc.nat(), fc.constantFrom('', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3'))
    .map(([n, suffix]) => `${n}${suffix}`),
  fc.double({noNaN: true, noDefaultInfinity: true}),
);
const resourceList = fc.dictionary(text, quantity, {maxKeys: 3});
const optional = <T>(fields: {[K in keyof T]: fc.Arbitrary<T[K]>}) => fc.record(fields, {requiredKeys: []});
const container = optional({
  name: text,
  image: text,
  command: fc.array(text),
  env: fc.array(optional({name: text, value: text}), {maxLength: 2}),
  ports: fc.array(optional({containerPort: fc.nat({max: 65535}), protocol: text}), {maxLength: 2}),
  resources: optional({requests: resourceList, limits: resourceList}),
  livenessProbe: optional({httpGet: optional({path: text, port: fc.oneof(text, fc.nat())}), periodSeconds: fc.nat()}),
  tty: fc.boolean(),
});
const labels = fc.dictionary(text, text, {maxKeys: 3});
const pods = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Pod'),
  metadata: optional({name: text, labels, creationTimestamp: fc.constant('2026-01-31T12:00:00Z')}),
  spec: optional({
    containers: fc.array(container, {maxLength: 3}),
    initContainers: fc.array(container, {maxLength: 2}),
    nodeSelector: labels,
    tolerations: fc.array(optional({key: text, operator: text, tolerationSeconds: fc.integer()}), {maxLength: 2}),
    priority: fc.integer(),
    overhead: resourceList,
  }),
});

test('valid pods pass unchanged', () => {
  fc.assert(
    fc.property(pods, (object) => {
      const {decoded, diagnostics} = decode(object);
      expect(diagnostics).toEqual([]);
      expect(decoded).toBe(object);
    }),
    {seed: 0x5eed},
  );
});

test('no value at all makes it throw', () => {
  fc.assert(
    fc.property(
      fc.dictionary(text, fc.anything()),
      fc.anything(),
      fc.constantFrom<FieldValidation>('strict', 'warn', 'ignore'),
      (spec, metadata, validate) => {
        decode({apiVersion: 'v1', kind: 'Pod', metadata, spec}, validate);
        decode({apiVersion: 'apps/v1beta1', kind: 'Deployment', metadata, spec}, validate);
      },
    ),
    {seed: 0x5eed},
  );
});
