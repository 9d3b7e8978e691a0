import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Diagnostics} from '../../model/diagnostic.ts';
import type {InputOptions, LoadedInput} from '../../sources/node/loadInput.ts';
import {type Files, load as loadPaths, writeFiles} from './loading.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stowage-input-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

/** Loads paths below the folder after writing files there; problems are `CODE message at FILE:LINE:COLUMN`. */
function load(
  files: Files,
  paths: readonly string[],
  options: Partial<InputOptions> = {},
): LoadedInput & {diagnostics: Diagnostics; problems: readonly string[]} {
  writeFiles(folder, files);
  const {input, diagnostics} = loadPaths(
    paths.map((path) => (path === '-' ? path : join(folder, path))),
    options,
  );
  const problems = diagnostics.all.map(({code, message, place}) => {
    const where =
      place === undefined
        ? ''
        : ` at ${place.file.replace(/^.*stowage-input-\w+\//, '')}:${place.line}:${place.column}`;
    return `${code} ${message.replaceAll(/\S*stowage-input-\w+\//g, '')}${where}`;
  });
  return {...input, diagnostics, problems};
}

function names({objects}: LoadedInput): readonly string[] {
  return objects.map(({object: {kind, metadata}}) => `${kind}/${metadata.namespace ?? '-'}/${metadata.name}`);
}

const configMap = (name: string, namespace?: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`}}\n`;

const scenario = (spec: string) =>
  `apiVersion: stowage.dev/v1alpha1\nkind: Scenario\nmetadata: {name: test}\nspec:\n${spec.replaceAll(/^/gm, '  ')}\n`;

describe('files', () => {
  test('a directory is read in code point order, without subdirectories', () => {
    const files = {
      'b.yaml': configMap('b'),
      'a.yml': configMap('a'),
      'B.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"B"}}',
      'x.txt': 'no',
      'sub/c.yaml': configMap('c'),
    };
    expect(names(load(files, ['.']))).toEqual(['ConfigMap/default/B', 'ConfigMap/default/a', 'ConfigMap/default/b']);
    expect(names(load(files, ['.'], {recursive: true}))).toHaveLength(4);
  });

  test.each<[rule: string, files: Files, path: string, problem: string]>([
    ['a missing file', {}, 'none.yaml', 'STW-1007 there is no such file or directory at none.yaml:1:1'],
    ['a directory without manifests', {'d/readme.txt': ''}, 'd', 'STW-1007 the directory holds no manifests at d:1:1'],
    [
      'a binary file',
      {'b.yaml': new Uint8Array([1, 0, 2])},
      'b.yaml',
      'STW-1007 the file is binary, not text at b.yaml:1:1',
    ],
    [
      'text that is not UTF-8',
      {'l.yaml': new Uint8Array([0x61, 0x3a, 0xe9])},
      'l.yaml',
      'STW-1007 the file is not valid UTF-8 at l.yaml:1:1',
    ],
  ])('%s is an error', (_rule, files, path, problem) => {
    expect(load(files, [path]).problems).toEqual([problem]);
  });

  test('a directory whose subdirectories have manifests hints at -R', () => {
    const {diagnostics} = load({'d/sub/a.yaml': configMap('a')}, ['d']);
    expect(diagnostics.errors[0]?.hint).toContain('-R');
  });

  test('standard input may be JSON or YAML', () => {
    const readStdin = () => [new TextEncoder().encode(configMap('piped'))];
    expect(names(load({}, ['-'], {readStdin}))).toEqual(['ConfigMap/default/piped']);
  });
});

describe('objects', () => {
  test('lists are opened, and items of a typed list need no kind', () => {
    const list = {apiVersion: 'v1', kind: 'ConfigMapList', items: [{metadata: {name: 'a'}}, {metadata: {name: 'b'}}]};
    const nested = {apiVersion: 'v1', kind: 'List', items: [list]};
    expect(names(load({'l.json': JSON.stringify(nested)}, ['l.json']))).toEqual([
      'ConfigMap/default/a',
      'ConfigMap/default/b',
    ]);
  });

  test('the namespace is the object’s own, else from the file name, else default', () => {
    const files = {'shop--web.yaml': `${configMap('a')}---\n${configMap('b', 'own')}`, 'plain.yaml': configMap('c')};
    const input = load(files, ['.'], {namespaceFromFile: /^(.+?)--/});
    expect(names(input)).toEqual(['ConfigMap/default/c', 'ConfigMap/shop/a', 'ConfigMap/own/b']);
  });

  test('objects of the cluster have no namespace', () => {
    const text = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: x}\n';
    expect(names(load({'n.yaml': text}, ['n.yaml']))).toEqual(['Namespace/-/a']);
  });

  test('of two objects of one name the last one counts, with a warning', () => {
    const input = load({'a.yaml': `${configMap('a')}data: {x: '1'}\n---\n${configMap('a')}data: {x: '2'}\n`}, [
      'a.yaml',
    ]);
    expect(input.objects.map(({object}) => object.data)).toEqual([{x: '2'}]);
    expect(input.problems).toEqual([
      'STW-2010 ConfigMap/default/a is given twice; the last one counts (the first is at a.yaml:3:12) at a.yaml:8:12',
    ]);
  });

  test.each([
    [
      'a document that is no object',
      '- 1\n- 2\n',
      'STW-2007 the document is a list, not a Kubernetes object; left out at x.yaml:1:1',
    ],
    [
      'a values file',
      'replicas: 3\n',
      'STW-2007 the document has no apiVersion and no kind, so it is not a Kubernetes object; left out at x.yaml:1:1',
    ],
    [
      'a kustomization',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n',
      'STW-2007 the Kustomization has no metadata.name, so kubectl would not apply it; left out at x.yaml:1:1',
    ],
  ])('%s is named in a warning', (_rule, text, problem) => {
    const input = load({'x.yaml': text}, ['x.yaml']);
    expect(input.problems).toEqual([problem]);
    expect(input.objects).toEqual([]);
  });

  test('one bad document does not hide the others', () => {
    const input = load({'x.yaml': `a: [\n---\n${configMap('good')}---\nb: {\n`}, ['x.yaml']);
    expect(names(input)).toEqual(['ConfigMap/default/good']);
    expect(input.diagnostics.errors.map(({place}) => place?.line)).toEqual([2, 8]);
  });
});

describe('nodes', () => {
  const node = (name: string, extra = '') =>
    `apiVersion: v1\nkind: Node\nmetadata: {name: ${name}, labels: {node.kubernetes.io/instance-type: r5.xlarge}}\nstatus: {allocatable: {cpu: 940m, memory: 30770604Ki, pods: 58}}\n${extra}`;

  test('a Node object keeps its own allocatable and gets the price of its instance type', () => {
    const [first] = load({'n.yaml': node('a')}, ['n.yaml']).nodes;
    expect(first).toMatchObject({name: 'a', instanceType: 'r5.xlarge', pricePerHour: 0.252});
    expect({...first?.allocatable}).toEqual({cpu: 940, memory: 30_770_604 * 1024, pods: 58});
  });

  test('a pool has nodes in its zones in turn, with the labels of their machines', () => {
    const spec = 'nodePools:\n  - {name: p, instanceType: r7g.xlarge, count: 3, zones: [a, b], labels: {x: y}}';
    const {nodes} = load({'scenario.yaml': scenario(spec)}, ['.']);
    expect(nodes.map(({name, zone, nodePool}) => [name, zone, nodePool])).toEqual([
      ['p-1', 'a', 'p'],
      ['p-2', 'b', 'p'],
      ['p-3', 'a', 'p'],
    ]);
    expect(nodes[1]?.labels).toEqual({
      'kubernetes.io/arch': 'arm64',
      'kubernetes.io/hostname': 'p-2',
      'kubernetes.io/os': 'linux',
      'node.kubernetes.io/instance-type': 'r7g.xlarge',
      'topology.kubernetes.io/region': 'us-east-1',
      'topology.kubernetes.io/zone': 'b',
      x: 'y',
    });
  });

  test('what the user states outranks the rule of the cloud', () => {
    const spec =
      'nodePools:\n  - {name: p, instanceType: r5.xlarge, count: 1, maxPods: 20, allocatable: {memory: 29Gi}, pricePerHour: 0.1}';
    const [first] = load({'scenario.yaml': scenario(spec)}, ['.']).nodes;
    expect({...first?.allocatable}).toEqual({cpu: 3920, memory: 29 * 2 ** 30, pods: 20});
    expect(first?.pricePerHour).toBe(0.1);
  });

  test('the gap between advertised and real memory is a parameter', () => {
    const spec = 'memoryOverheadPercent: 0\nnodePools:\n  - {name: p, instanceType: r5.xlarge, count: 1}';
    const [first] = load({'scenario.yaml': scenario(spec)}, ['.']).nodes;
    expect(first?.allocatable.memory).toBe((32 * 1024 - (11 * 58 + 255) - 100) * 2 ** 20);
  });

  test('flags add pools to those of the scenario', () => {
    const spec = 'nodePools:\n  - {name: p, instanceType: r5.xlarge, count: 1}';
    const nodePools = [{instanceType: 'm6i.large', count: 2}];
    const {nodes} = load({'scenario.yaml': scenario(spec)}, ['.'], {nodePools});
    expect(nodes.map(({name}) => name)).toEqual(['p-1', 'm6i-large-1', 'm6i-large-2']);
  });

  test('two nodes of one name are an error, wherever they come from', () => {
    const spec = 'include: [n.yaml]\nnodePools:\n  - {name: a, instanceType: r5.xlarge, count: 1}';
    const {problems} = load({'scenario.yaml': scenario(spec), 'n.yaml': node('a-1')}, ['.']);
    expect(problems).toEqual(['STW-1005 Node/a-1 is given twice at scenario.yaml:1:1']);
  });
});

describe('scenarios', () => {
  test('includes have a namespace of their own', () => {
    const spec = 'include:\n  - {path: m, namespaceFromFile: "^(.+)\\\\.yaml"}\n  - {path: fixed.yaml, namespace: two}';
    const input = load({'scenario.yaml': scenario(spec), 'm/one.yaml': configMap('a'), 'fixed.yaml': configMap('b')}, [
      '.',
    ]);
    expect(input.problems).toEqual([]);
    expect(names(input)).toEqual(['ConfigMap/one/a', 'ConfigMap/two/b']);
  });

  test.each([
    [
      'a path outside of its directory',
      'include: [../other]',
      'STW-1007 "../other" lies outside the scenario\'s directory at scenario.yaml:5:13',
    ],
    ['a path that does not exist', 'include: [none]', 'STW-1007 there is no such file or directory at none:1:1'],
    [
      'another scenario',
      'include: [other]',
      'STW-1017 a scenario cannot include another one at other/scenario.yaml:1:1',
    ],
    ['an unknown field', 'nodePool: []', 'STW-1002 unknown field "nodePool" at scenario.yaml:5:3'],
    [
      'an unknown field deep inside',
      'nodePools: [{name: a, instanceType: x, count: 1, zone: a}]',
      'STW-1002 unknown field "zone" at scenario.yaml:5:52',
    ],
    ['a value of the wrong type', 'seed: x', 'STW-1003 "x" is not a number at scenario.yaml:5:3'],
    [
      'a word that is not one of those allowed',
      'cronJobs: idle',
      'STW-1003 "idle" is not one of Idle, OneRun at scenario.yaml:5:3',
    ],
    [
      'a bad quantity',
      'nodePools: [{name: a, count: 1, allocatable: {cpu: 8c}}]',
      'STW-1004 "8c" is not a Kubernetes quantity at scenario.yaml:5:49',
    ],
    [
      'a negative quantity',
      'nodePools: [{name: a, count: 1, allocatable: {cpu: -1}}]',
      'STW-1006 -1 is not a quantity of 0 or more at scenario.yaml:5:49',
    ],
    [
      'a pool without machine',
      'nodePools: [{name: a, count: 1}]',
      'STW-1008 spec.nodePools[0] needs instanceType or allocatable at scenario.yaml:5:15',
    ],
    ['a missing field', 'nodePools: [{name: a, instanceType: x}]', 'STW-1008 count is missing at scenario.yaml:5:15'],
    [
      'an unknown instance type',
      'nodePools: [{name: a, instanceType: m6i.larg, count: 1}]',
      'STW-1009 catalogue aws/us-east-1 has no instance type "m6i.larg" at scenario.yaml:5:25',
    ],
    ['an unknown catalogue', 'catalog: aws/eu', 'STW-1009 there is no catalogue "aws/eu" at scenario.yaml:5:3'],
    ['an overlay of no kind', 'overlays: [{scal: {}}]', 'STW-1002 unknown field "scal" at scenario.yaml:5:15'],
    [
      'a pattern without a group',
      'include: [{path: m, namespaceFromFile: x}]',
      'STW-1003 "x" is not a regular expression with one group at scenario.yaml:5:23',
    ],
  ])('%s is an error with its place', (_rule, spec, problem) => {
    const files = {
      'scenario.yaml': scenario(spec),
      'other/scenario.yaml': scenario('seed: 1'),
      'm/a.yaml': configMap('a'),
    };
    expect(load(files, ['scenario.yaml']).problems).toContain(problem);
  });

  test('a second scenario is an error', () => {
    const {problems} = load({'a.yaml': `${scenario('seed: 1')}---\n${scenario('seed: 2')}`}, ['a.yaml']);
    expect(problems).toEqual(['STW-1017 a second Scenario at a.yaml:7:1']);
  });

  test('flags outrank the file', () => {
    const {spec} = load({'scenario.yaml': scenario('seed: 1\nscheduler: {ties: first}')}, ['.'], {
      overrides: {seed: 7, ties: 'random', kubernetesVersion: '1.34'},
    });
    expect(spec).toMatchObject({
      seed: 7,
      kubernetesVersion: '1.34',
      scheduler: {ties: 'random'},
    });
  });
});

describe('a base', () => {
  const base = scenario(
    'seed: 5\ninclude: [m.yaml]\nnodePools:\n  - {name: a, instanceType: r5.xlarge, count: 2}\n  - {name: b, instanceType: r5.xlarge, count: 1}',
  );
  const files = (spec: string) => ({
    'base/scenario.yaml': base,
    'base/m.yaml': configMap('x'),
    'own/scenario.yaml': scenario(spec),
  });

  test('gives what it includes, its machines and its settings; a pool of the same name is replaced', () => {
    const spec = 'base: ../base\nnodePools: [{name: a, instanceType: m6i.large, count: 1}]\ncronJobs: OneRun';
    const input = load(files(spec), ['own']);
    expect(input.problems).toEqual([]);
    expect(names(input)).toEqual(['ConfigMap/default/x']);
    expect(input.nodes.map(({name, instanceType}) => [name, instanceType])).toEqual([
      ['b-1', 'r5.xlarge'],
      ['a-1', 'm6i.large'],
    ]);
    expect(input.spec).toMatchObject({seed: 5, cronJobs: 'OneRun'});
  });

  test.each([
    [
      'itself',
      'base: ../own',
      'STW-1007 "../own" starts from this scenario again: the bases form a circle at own/scenario.yaml:5:3',
    ],
    [
      'something far away',
      'base: ../../../etc',
      'STW-1007 "../../../etc" lies outside the directories beside the scenario at own/scenario.yaml:5:3',
    ],
    ['nothing', 'base: ../none', 'STW-1007 there is no such file or directory at none:1:1'],
    ['manifests', 'base: ../base/m.yaml', 'STW-1007 "../base/m.yaml" holds no Scenario at own/scenario.yaml:5:3'],
  ])('that is %s is an error', (_what, spec, problem) => {
    expect(load(files(spec), ['own']).problems).toContain(problem);
  });

  test('that starts from its own variant is an error', () => {
    const circle = {...files('base: ../base'), 'base/scenario.yaml': scenario('base: ../own')};
    expect(load(circle, ['own']).problems).toEqual([
      'STW-1007 "../own" starts from this scenario again: the bases form a circle at base/scenario.yaml:5:3',
    ]);
  });
});

describe('overlays', () => {
  const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  template: {spec: {containers: [{name: main, resources: {requests: {cpu: 1}}}, {name: side}]}}
---
apiVersion: v1
kind: Pod
metadata: {name: bound}
spec: {nodeName: p-1, containers: []}
`;
  const pools = 'include: [m.yaml]\nnodePools: [{name: p, instanceType: r5.xlarge, count: 4, zones: [a, b]}]\n';
  const overlaid = (overlay: string) =>
    load({'scenario.yaml': scenario(`${pools}overlays: [${overlay}]`), 'm.yaml': manifests}, ['.']);

  test.each([
    ['{scale: {kind: Deployment, name: web, replicas: 10}}', 10],
    ['{scale: {kind: Deployment, namespace: default, name: "w*", factor: 1.5}}', 5],
    ['{scale: {kind: Deployment, name: web, replicas: 0}}', 0],
  ])('%s scales', (overlay, replicas) => {
    const {objects, problems} = overlaid(overlay);
    expect(problems).toEqual([]);
    expect(objects[0]?.object.spec).toMatchObject({replicas});
  });

  test('resources of one container change, and only what is named', () => {
    const {objects} = overlaid(
      '{setResources: {kind: Deployment, name: web, requests: {memory: 2Gi}, limits: {cpu: 2}}}',
    );
    expect(objects[0]?.object.spec).toMatchObject({
      template: {
        spec: {
          containers: [
            {name: 'main', resources: {requests: {cpu: 1, memory: '2Gi'}, limits: {cpu: 2}}},
            {name: 'side'},
          ],
        },
      },
    });
  });

  test('a zone that is gone takes its nodes along, and their pods wait again', () => {
    const {nodes, objects} = overlaid('{removeZone: a}');
    expect(nodes.map(({name}) => name)).toEqual(['p-2', 'p-4']);
    expect(objects[1]?.object.spec).toEqual({containers: []});
  });

  test.each([
    '{removeZone: c}',
    '{removeNode: q}',
    '{scale: {kind: Deployment, name: wep, replicas: 1}}',
    '{scale: {kind: Deployment, namespace: x, name: web, replicas: 1}}',
  ])('%s matches nothing, which is an error', (overlay) => {
    expect(overlaid(overlay).diagnostics.errors.map(({code}) => code)).toEqual(['STW-1010']);
  });
});
