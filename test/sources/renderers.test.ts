import {chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {runCommand} from '../helpers/runCommand.ts';
import {load} from './loading.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stowage-renderers-'));
  path = process.env.PATH ?? '';
  mkdirSync(join(folder, 'bin'));
  process.env.PATH = [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter);
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, {recursive: true});
});

/** A program of a name that notes its arguments and does what a shell script says. */
function install(program: string, script: string): void {
  const file = join(folder, 'bin', program);
  writeFileSync(file, `#!/bin/sh\necho "$@" > '${folder}/arguments'\n${script}\n`);
  chmodSync(file, 0o755);
}

const MANIFEST = `cat <<'EOT'
apiVersion: v1
kind: ConfigMap
metadata: {name: made}
EOT`;
const helm = {chart: 'my-chart', values: ['a.yaml', 'b.yaml'], release: 'web', namespace: 'shop'};
const noted = () => readFileSync(join(folder, 'arguments'), 'utf8').trim();

test('a chart is rendered by helm template, with its values and its namespace', () => {
  install('helm', MANIFEST);
  const {input} = load([], {helm, namespace: 'shop'});
  expect(noted()).toBe('template --no-hooks --namespace shop --values a.yaml --values b.yaml -- web my-chart');
  expect(input.objects.map(({object}) => object.metadata)).toEqual([{name: 'made', namespace: 'shop'}]);
});

test('a kustomization is built by kustomize', () => {
  install('kustomize', MANIFEST);
  const {input} = load([], {kustomize: 'overlay'});
  expect(noted()).toBe('build -- overlay');
  expect(input.objects.map(({object}) => object.metadata)).toEqual([{name: 'made', namespace: 'default'}]);
});

test('without kustomize it is built by kubectl', () => {
  install('kubectl', MANIFEST);
  process.env.PATH = [join(folder, 'bin'), '/bin'].join(delimiter);
  load([], {kustomize: 'overlay'});
  expect(noted()).toBe('kustomize -- overlay');
});

test('what the program says on its failure is in the diagnostic', () => {
  install('helm', 'echo "Error: chart not found" >&2; exit 3');
  const [error] = load([], {helm}).diagnostics.errors;
  expect(error?.message).toBe('helm template failed (exit code 3): Error: chart not found');
  expect(error?.place?.file).toBe('my-chart');
});

test('a program that is missing is named, with the way to do without', () => {
  process.env.PATH = join(folder, 'bin');
  const errors = [load([], {helm}), load([], {kustomize: 'x'})].map(({diagnostics}) => diagnostics.errors[0]);
  expect(errors.map((error) => error?.message)).toEqual([
    'helm is not on the PATH',
    'kustomize and kubectl are not on the PATH',
  ]);
  expect(errors[0]?.hint).toContain('helm template RELEASE CHART | stowage simulate -f -');
});

test('-k excludes -f, as in kubectl', async () => {
  const {exitCode, stderr} = await runCommand(['expand', '-f', 'x', '-k', 'y']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("'-k, --kustomize <dir>' cannot be used with option '-f, --filename <path>'");
});
