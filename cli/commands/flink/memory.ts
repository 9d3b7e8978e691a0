import {COMPONENTS, type Component} from '../../../flink/memory/component.ts';
import {NEWEST_FLINK, OLDEST_FLINK, readFlinkVersion} from '../../../flink/memory/flinkVersion.ts';
import {optionKinds} from '../../../flink/memory/memoryOptions.ts';
import type {Environment} from '../../../flink/memory/processMemory.ts';
import {API_VERSION} from '../../../results/simulationResult.ts';
import {suggestion} from '../../../sources/schemaErrors.ts';
import {ExitCode} from '../../exitCode.ts';
import {UsageError} from '../../failure.ts';
import type {Io} from '../../io.ts';
import {flinkMemoryText} from '../../output/flinkMemoryText.ts';
import {styleOf} from '../../output/style.ts';
import {wideJson} from '../../output/wideJson.ts';
import {answerLines} from './memoryBulk.ts';
import {type MemorySubject, memoryItem, memoryItemDocument} from './memoryItem.ts';

export interface FlinkMemoryFlags {
  readonly define: readonly string[];
  readonly component?: Component;
  readonly flinkVersion?: string;
  readonly environment?: Environment;
  readonly fromNdjson?: string;
  readonly output: string;
}

const FORMATS: readonly string[] = ['table', 'json', 'yaml'];

/** What Flink makes of a configuration; a configuration that it refuses is invalid input. */
export async function flinkMemoryCommand(flags: FlinkMemoryFlags, io: Io): Promise<ExitCode> {
  if (!FORMATS.includes(flags.output)) throw new UsageError(`-o ${flags.output}: expected ${FORMATS.join(', ')}`);
  const flinkVersion = (flags.flinkVersion ?? NEWEST_FLINK).replace(/^v/, '').replaceAll('_', '.');
  const version = readFlinkVersion(flinkVersion);
  if (version === undefined) {
    throw new UsageError(
      `--flink-version ${flinkVersion}: the memory model is known of Flink ${OLDEST_FLINK} to ${NEWEST_FLINK}`,
    );
  }
  if (flags.fromNdjson !== undefined) {
    if (flags.define.length > 0) throw new UsageError('--from-ndjson has its options in every line; leave -D out');
    return answerLines(flags.fromNdjson, {version, asJson: flags.output === 'json'}, io);
  }
  const items = subjectsOf(flags, flinkVersion).map(memoryItem);
  if (flags.output === 'table') {
    const style = styleOf(io.stdout);
    io.stdout.write(items.map((item) => flinkMemoryText(item, style)).join('\n'));
  } else {
    const document = {apiVersion: API_VERSION, kind: 'FlinkMemory', items: items.map(memoryItemDocument)};
    io.stdout.write(flags.output === 'json' ? `${wideJson(document, 2)}\n` : await yamlOf(document));
  }
  return items.every(({answer}) => 'memory' in answer) ? ExitCode.Ok : ExitCode.InvalidInput;
}

function subjectsOf(flags: FlinkMemoryFlags, flinkVersion: string): readonly MemorySubject[] {
  const {environment = 'standalone'} = flags;
  const values = definitions(flags.define);
  if (values.size === 0) {
    throw new UsageError('give options with -D, such as -D taskmanager.memory.process.size=4g, or --from-ndjson FILE');
  }
  const components = flags.component === undefined ? componentsOf(values) : [flags.component];
  return components.map((component) => ({
    object: null,
    component,
    flinkVersion,
    environment,
    values,
    notes: unreadNotes(values, component, components),
  }));
}

function definitions(define: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const text of define) {
    const equals = text.indexOf('=');
    const key = text.slice(0, Math.max(equals, 0)).trim();
    if (key === '') throw new UsageError(`-D ${text}: expected key=value, such as taskmanager.memory.process.size=4g`);
    if (values.has(key)) throw new UsageError(`-D ${key} is given twice`);
    values.set(key, text.slice(equals + 1));
  }
  return values;
}

/** The components that the options speak of; both where they speak of none. */
function componentsOf(values: ReadonlyMap<string, string>): readonly Component[] {
  const meant = COMPONENTS.filter((component) => [...values.keys()].some((key) => key.startsWith(`${component}.`)));
  return meant.length === 0 ? COMPONENTS : meant;
}

/** Options that no memory depends on, each said once: beside the component that it names, or the first. */
function unreadNotes(
  values: ReadonlyMap<string, string>,
  component: Component,
  shown: readonly Component[],
): readonly string[] {
  const known = COMPONENTS.flatMap((one) => [...optionKinds(one).keys()]);
  const owner = (key: string): Component | undefined => shown.find((one) => key.startsWith(`${one}.`)) ?? shown[0];
  return [...values.keys()]
    .filter((key) => !known.includes(key) && !ROCKSDB.has(key) && owner(key) === component)
    .map((key) => {
      const near = suggestion(key, known);
      return `${key} has no part in the memory${near === undefined ? '' : `; ${near}`}`;
    });
}

const ROCKSDB: ReadonlySet<string> = new Set([
  'taskmanager.memory.managed.consumer-weights',
  'state.backend.rocksdb.memory.write-buffer-ratio',
]);

async function yamlOf(document: object): Promise<string> {
  return (await import('../../output/wideYaml.ts')).wideYaml(document);
}
