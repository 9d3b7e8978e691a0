import {existsSync, mkdirSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import type {Io} from '../io.ts';
import {schemaPath} from './schema.ts';

export interface InitFlags {
  readonly filename: readonly string[];
  readonly nodePool: readonly {readonly instanceType: string; readonly count: number}[];
}

/** Writes a scenario to begin with, and never over a file that is there. */
export function initCommand(directory: string, {filename, nodePool}: InitFlags, io: Io): ExitCode {
  const file = join(directory, 'scenario.yaml');
  if (existsSync(file)) throw new UsageError(`${file} is there already; remove it or choose another directory`);
  mkdirSync(dirname(file), {recursive: true});
  writeFileSync(file, scenarioText(directory, filename, nodePool));
  io.stdout.write(`${file}\n`);
  io.stderr.write(`next: edit it, then run stowage simulate -f ${directory}\n`);
  return ExitCode.Ok;
}

function scenarioText(directory: string, paths: readonly string[], pools: InitFlags['nodePool']): string {
  const name = resolve(directory)
    .split('/')
    .at(-1)!
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const includes = paths.map((path) => {
    const below = relative(directory, path);
    if (below.startsWith('..')) {
      throw new UsageError(`${path} is not below ${directory}; a scenario includes manifests of its own directory`);
    }
    const recursive = statSync(path, {throwIfNoEntry: false})?.isDirectory() === true ? ', recursive: true' : '';
    return `    - {path: ${JSON.stringify(below)}${recursive}}`;
  });
  const nodePools = (pools.length === 0 ? [{instanceType: 'm6i.2xlarge', count: 3}] : pools).map(
    ({instanceType, count}, index) =>
      `    - {name: pool-${index + 1}, instanceType: ${instanceType}, count: ${count}, zones: [us-east-1a, us-east-1b, us-east-1c]}`,
  );
  return [
    `# yaml-language-server: $schema=${relative(directory, schemaPath('scenario'))}`,
    'apiVersion: stowage.dev/v1alpha1',
    'kind: Scenario',
    'metadata:',
    `  name: ${name === '' ? 'scenario' : name}`,
    'spec:',
    '  catalog: aws/us-east-1',
    '  # Manifests, relative to this file: Deployments, FlinkDeployments, LimitRanges, PriorityClasses …',
    ...(includes.length === 0 ? ['  include: []'] : ['  include:', ...includes]),
    '  nodePools:',
    ...nodePools,
    '  # What if …',
    '  # overlays:',
    '  #   - scale: {kind: Deployment, namespace: shop, name: storefront, factor: 2}',
    '  #   - removeZone: us-east-1a',
    '',
  ].join('\n');
}
