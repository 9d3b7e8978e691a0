import {describe, expect, test} from 'vitest';
import {Diagnostics} from '../../model/diagnostic.ts';
import {takeCustomResourceRules} from '../../sources/customResourceRules.ts';
import {parseDocuments} from '../../sources/documents.ts';
import {readManifests} from '../../sources/manifests.ts';

const HEAD = 'apiVersion: stowage.dev/v1alpha1\nkind: CustomResourceRules\nmetadata: {name: rules}\n';

function read(...texts: readonly string[]) {
  const diagnostics = new Diagnostics();
  const objects = texts.flatMap((text, index) => {
    const documents = parseDocuments({name: `${index}.yaml`, text}, diagnostics);
    return readManifests(documents, {namespace: 'default', validate: 'warn'}, diagnostics);
  });
  const taken = takeCustomResourceRules(objects, diagnostics);
  const problems = diagnostics.all.map(({code, message, hint = '', place}) =>
    `${place?.line}:${place?.column} ${code} ${message}; ${hint}`.trim(),
  );
  return {...taken, problems, files: {objects, diagnostics}};
}

const rule = (pods: string): string => `${HEAD}spec:\n  rules:\n    - {group: g.io, kind: K, pods: [${pods}]}\n`;

describe('a file of rules', () => {
  test('is taken out of the manifests around it', () => {
    const {rules, objects, problems} = read(
      `${rule('{template: .spec}')}---\napiVersion: g.io/v1\nkind: K\nmetadata: {name: k}\n`,
    );
    expect(rules).toEqual([{group: 'g.io', kind: 'K', gang: false, pods: [{as: 'Pod', template: '.spec'}]}]);
    expect(objects.map(({object}) => object.kind)).toEqual(['K']);
    expect(problems).toEqual([]);
  });

  test('counts once where a scenario names it and includes its directory', () => {
    const {files} = read(rule('{template: .spec}'));
    const twice = takeCustomResourceRules([...files.objects, ...files.objects], files.diagnostics);
    expect(twice.rules).toHaveLength(1);
  });

  test.each<[problem: string, text: string, expected: readonly string[]]>([
    [
      'an unknown field',
      rule('{tempalte: .spec}'),
      ['6:38 STW-1002 unknown field "tempalte"; did you mean "template"?'],
    ],
    [
      'a path that is none',
      rule('{template: spec}'),
      [
        "6:38 STW-1003 \"spec\" is not a path such as .spec.replicas or .metadata.labels['a/b']; write a path such as .spec.replicas or .metadata.labels['a/b']",
      ],
    ],
    [
      'a path over elements where one is meant',
      rule("{template: '.spec[*]'}"),
      [expect.stringContaining('STW-1003 ".spec[*]" is not a path such as')],
    ],
    [
      'each without elements',
      rule('{each: .spec.list}'),
      [expect.stringContaining('STW-1003 ".spec.list" is not a path with [*]')],
    ],
    [
      'a formula without an operation',
      rule('{replicas: {default: 1}}'),
      [expect.stringContaining('STW-1008 replicas needs exactly one of path, sum, max, product, quotient')],
    ],
    [
      'an unknown field of a formula',
      rule('{replicas: {sum: [1], stp: 2}}'),
      [expect.stringContaining('STW-1002 unknown field "stp"')],
    ],
    [
      'a kind of controller that is not known',
      rule('{as: Deploymnt}'),
      [
        expect.stringContaining(
          'STW-1003 "Deploymnt" is not one of Pod, ReplicaSet, Deployment, StatefulSet, Job; did you mean "Deployment"?',
        ),
      ],
    ],
    [
      'a kind of Kubernetes itself',
      `${HEAD}spec: {rules: [{group: apps, kind: Deployment, pods: [{template: .spec.template}]}]}\n`,
      [expect.stringContaining('is not a kind of an operator: those of Kubernetes make pods by its own rules')],
    ],
    ['no rules', `${HEAD}spec: {rules: []}\n`, [expect.stringContaining('STW-1006 [] is not a list of at least 1')]],
    ['no spec', HEAD, [expect.stringContaining('STW-1008 spec is missing')]],
  ])('is refused for %s, with place and remedy', (_problem, text, expected) => {
    const {rules, problems} = read(text);
    expect(rules).toEqual([]);
    expect(problems).toEqual(expected);
  });
});
