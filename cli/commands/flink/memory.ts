import {NEWEST_FLINK, OLDEST_FLINK, readFlinkVersion} from '../../../flink/memory/flinkVersion.ts';
import {API_VERSION} from '../../../results/simulationResult.ts';
import {ExitCode} from '../../exitCode.ts';
import {UsageError} from '../../failure.ts';
import type {Io} from '../../io.ts';
import {flinkMemoryText} from '../../output/flinkMemoryText.ts';
import {styleOf} from '../../output/style.ts';
import {wideJson} from '../../output/wideJson.ts';
import {answerLines} from './memoryBulk.ts';
import {memoryItem, memoryItemDocument} from './memoryItem.ts';
import {memorySubjects, type SubjectFlags} from './memorySubjects.ts';

export interface FlinkMemoryFlags extends SubjectFlags {
  readonly fromNdjson?: string;
}

const FORMATS: readonly string[] = ['table', 'json', 'yaml'];

/** What Flink makes of a configuration; a configuration that it refuses is invalid input. */
export async function flinkMemoryCommand(flags: FlinkMemoryFlags, io: Io): Promise<ExitCode> {
  if (!FORMATS.includes(flags.output)) throw new UsageError(`-o ${flags.output}: expected ${FORMATS.join(', ')}`);
  const {fromNdjson} = flags;
  const flinkVersion = flags.flinkVersion?.replace(/^v/, '').replaceAll('_', '.');
  const version = readFlinkVersion(flinkVersion ?? NEWEST_FLINK);
  if (version === undefined) {
    throw new UsageError(
      `--flink-version ${flinkVersion}: the memory model is known of Flink ${OLDEST_FLINK} to ${NEWEST_FLINK}`,
    );
  }
  if (fromNdjson !== undefined) {
    const other = (['define', 'filename'] as const).find((name) => flags[name].length > 0);
    if (other !== undefined || flags.component !== undefined || flags.environment !== undefined) {
      throw new UsageError('--from-ndjson has component, environment and options in every line; leave the flags out');
    }
    return answerLines(fromNdjson, {version, asJson: flags.output === 'json'}, io);
  }
  const items = memorySubjects({...flags, ...(flinkVersion === undefined ? {} : {flinkVersion})}, io).map(memoryItem);
  if (flags.output === 'table') {
    const style = styleOf(io.stdout);
    io.stdout.write(items.map((item) => flinkMemoryText(item, style)).join('\n'));
  } else {
    const document = {apiVersion: API_VERSION, kind: 'FlinkMemory', items: items.map(memoryItemDocument)};
    io.stdout.write(flags.output === 'json' ? `${wideJson(document, 2)}\n` : await yamlOf(document));
  }
  return items.every(({answer}) => 'memory' in answer) ? ExitCode.Ok : ExitCode.InvalidInput;
}

async function yamlOf(document: object): Promise<string> {
  return (await import('../../output/wideYaml.ts')).wideYaml(document);
}
