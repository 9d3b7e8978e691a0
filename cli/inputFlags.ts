import {type Command, InvalidArgumentError, Option} from 'commander';
import type {InputOptions} from '../sources/node/loadInput.ts';
import type {Io} from './io.ts';

/** The flags that say what the input is, shared by every command that reads one. */
export interface InputFlags {
  readonly filename: readonly string[];
  readonly recursive?: boolean;
  readonly kustomize?: string;
  readonly helm?: string;
  readonly values: readonly string[];
  readonly release?: string;
  readonly namespace?: string;
  readonly namespaceFromFile?: RegExp;
  readonly validate: 'strict' | 'warn' | 'ignore';
  readonly nodePool: InputOptions['nodePools'];
  readonly catalog?: string;
  readonly schedulerConfig?: string;
  readonly kubernetesVersion?: '1.33' | '1.34' | '1.35' | '1.36';
  readonly flinkOperator?: string;
  readonly percentageOfNodesToScore?: number;
  readonly seed?: number;
  readonly ties?: 'first' | 'random';
  readonly reschedule?: boolean;
}

/** Adds the flags to a command, in the order of its help. */
export function addInputFlags(command: Command): Command {
  return command
    .option(
      '-f, --filename <path>',
      'file, directory or - for stdin: a scenario, manifests, a kubectl dump or another format of docs/inputs.md',
      collect,
      [],
    )
    .option('-R, --recursive', 'read the subdirectories of -f DIRECTORY, too')
    .addOption(
      new Option('-k, --kustomize <dir>', 'a kustomization, built by kustomize or kubectl').conflicts([
        'filename',
        'recursive',
      ]),
    )
    .option('--helm <chart>', 'a chart, rendered by helm template')
    .option('--values <file>', 'values of the chart; repeatable', collect, [])
    .option('--release <name>', 'of the chart (default: release)')
    .option('-n, --namespace <namespace>', 'of the chart, and of objects of -k that name none (default: default)')
    .option(
      '--namespace-from-file <regex>',
      'namespace of objects that name none: the group matched in the file name',
      toPattern,
    )
    .addOption(
      new Option('--validate <mode>', 'unknown fields of Kubernetes objects are errors, warnings or nothing')
        .choices(['strict', 'warn', 'ignore'])
        .default('warn'),
    )
    .option('--node-pool <type=count>', 'machines of an instance type; repeatable', collectNodePool, [])
    .option(
      '--catalog <name>',
      'instance types and prices: PROVIDER/REGION, or a NodeCatalog file (default: aws/us-east-1)',
    )
    .option('--scheduler-config <file>', 'a KubeSchedulerConfiguration')
    .addOption(
      new Option('--kubernetes-version <version>', 'whose scheduler to follow (default: 1.36)').choices([
        '1.33',
        '1.34',
        '1.35',
        '1.36',
      ]),
    )
    .option('--flink-operator <name>', 'the operator that reads FlinkDeployment and FlinkCluster')
    .option(
      '--percentage-of-nodes-to-score <percent>',
      '0 samples as kube-scheduler does (default: 100)',
      integer(0, 100),
    )
    .option('--seed <number>', 'of everything drawn at random (default: 0)', integer(0, 2 ** 31 - 1))
    .addOption(
      new Option('--ties <rule>', 'which of equally good nodes to take (default: first)').choices(['first', 'random']),
    )
    .option('--reschedule', 'place pods anew that the dump has bound to nodes');
}

/** The flags as the loader takes them. */
export function toInputOptions(flags: InputFlags, io: Io): InputOptions {
  const {catalog, kubernetesVersion, flinkOperator, seed, percentageOfNodesToScore, ties} = flags;
  return {
    filenames: flags.filename,
    recursive: flags.recursive ?? false,
    kustomize: flags.kustomize,
    helm:
      flags.helm === undefined
        ? undefined
        : {
            chart: flags.helm,
            values: flags.values,
            release: flags.release ?? 'release',
            namespace: flags.namespace,
          },
    namespace: flags.namespace,
    namespaceFromFile: flags.namespaceFromFile,
    validate: flags.validate,
    nodePools: flags.nodePool,
    schedulerConfiguration: flags.schedulerConfig,
    overrides: {
      ...(catalog === undefined ? {} : {catalog}),
      ...(kubernetesVersion === undefined ? {} : {kubernetesVersion}),
      ...(flinkOperator === undefined ? {} : {flinkOperator}),
      ...(seed === undefined ? {} : {seed}),
      ...(percentageOfNodesToScore === undefined ? {} : {percentageOfNodesToScore}),
      ...(ties === undefined ? {} : {ties}),
    },
    readStdin: io.readStdin,
  };
}

/** Whether any flag names an input. */
export function hasInput({filename, kustomize, helm}: InputFlags): boolean {
  return filename.length > 0 || kustomize !== undefined || helm !== undefined;
}

/** The flags as text, to repeat the same input on a command line. */
export function inputFlagsText(flags: InputFlags): string {
  const words = [
    ...flags.filename.flatMap((path) => ['-f', path]),
    ...(flags.recursive === true ? ['-R'] : []),
    ...(flags.kustomize === undefined ? [] : ['-k', flags.kustomize]),
    ...(flags.helm === undefined ? [] : ['--helm', flags.helm]),
    ...flags.values.flatMap((path) => ['--values', path]),
    ...(flags.release === undefined ? [] : ['--release', flags.release]),
    ...(flags.namespaceFromFile === undefined ? [] : ['--namespace-from-file', flags.namespaceFromFile.source]),
    ...(flags.validate === 'warn' ? [] : ['--validate', flags.validate]),
    ...flags.nodePool.flatMap(({instanceType, count}) => ['--node-pool', `${instanceType}=${count}`]),
    ...(flags.catalog === undefined ? [] : ['--catalog', flags.catalog]),
    ...(flags.schedulerConfig === undefined ? [] : ['--scheduler-config', flags.schedulerConfig]),
    ...(flags.kubernetesVersion === undefined ? [] : ['--kubernetes-version', flags.kubernetesVersion]),
    ...(flags.flinkOperator === undefined ? [] : ['--flink-operator', flags.flinkOperator]),
    ...(flags.percentageOfNodesToScore === undefined
      ? []
      : ['--percentage-of-nodes-to-score', String(flags.percentageOfNodesToScore)]),
    ...(flags.seed === undefined ? [] : ['--seed', String(flags.seed)]),
    ...(flags.ties === undefined ? [] : ['--ties', flags.ties]),
    ...(flags.reschedule === true ? ['--reschedule'] : []),
  ];
  return words.map(quoted).join(' ');
}

/** A whole number in a range, for commander. */
export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** Gathers a repeatable flag. */
export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** Gathers `TYPE=COUNT`. */
export function collectNodePool(text: string, previous: InputOptions['nodePools']): InputOptions['nodePools'] {
  const match = /^([^=\s]+)=(\d+)$/.exec(text);
  if (match === null || Number(match[2]) > 1_000_000) {
    throw new InvalidArgumentError('expected INSTANCE-TYPE=COUNT, such as m6i.2xlarge=10.');
  }
  return [...previous, {instanceType: match[1]!, count: Number(match[2])}];
}

function toPattern(text: string): RegExp {
  let pattern: RegExp;
  try {
    pattern = new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
  if ((new RegExp(`${text}|`).exec('')?.length ?? 0) < 2) {
    throw new InvalidArgumentError("expected a group that matches the namespace, such as '^(.+?)--'.");
  }
  return pattern;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
