import {spawnSync} from 'node:child_process';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, expect, test} from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const planted: string[] = [];

function cruise(...paths: readonly string[]): {readonly status: number | null; readonly output: string} {
  const {status, stdout, stderr} = spawnSync('depcruise', ['--config', '.dependency-cruiser.cjs', ...paths], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return {status, output: stdout + stderr};
}

function plant(path: string, text: string): string {
  const file = join(ROOT, path);
  mkdirSync(dirname(file), {recursive: true});
  writeFileSync(file, text);
  planted.push(file);
  return path;
}

afterEach(() => {
  for (const file of planted.splice(0)) rmSync(file);
});

test.each([
  ['arrow-model', 'model/plantedArrow.ts', "import '../simulator/simulation.ts';"],
  [
    'arrow-model',
    'model/plantedType.ts',
    "import type {Decision} from '../simulator/simulation.ts';\nexport type X = Decision;",
  ],
  ['arrow-workloads', 'workloads/plantedArrow.ts', "export {digestOf} from '../sources/digest.ts';"],
  ['arrow-simulator', 'simulator/plantedArrow.ts', "import '../results/metrics.ts';"],
  [
    'pure-core',
    'simulator/plantedFile.ts',
    "import {readFileSync} from 'node:fs';\nexport const x = readFileSync('x');",
  ],
  ['node-parts-stay-outside', 'sources/plantedNode.ts', "export {readSource} from './node/readFiles.ts';"],
  [
    'fence-kubernetes-client',
    'cli/plantedClient.ts',
    "import {KubeConfig} from '@kubernetes/client-node';\nexport const x = KubeConfig;",
  ],
  ['fence-yaml', 'simulator/plantedYaml.ts', "import {load} from 'js-yaml';\nexport const x = load;"],
  ['no-development-dependencies', 'model/plantedPackage.ts', "import fc from 'fast-check';\nexport const x = fc;"],
])('%s bites when %s breaks it', (rule, path, text) => {
  const {status, output} = cruise(plant(path, text));
  expect(output).toContain(rule);
  expect(status).not.toBe(0);
});

test('the sources keep to the arrows', () => {
  const {status, output} = cruise('model', 'catalog', 'flink', 'workloads', 'sources', 'simulator', 'results', 'cli');
  expect(output).toContain('no dependency violations found');
  expect(status).toBe(0);
});
