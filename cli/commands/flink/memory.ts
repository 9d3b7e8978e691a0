import {NEWEST_FLINK, OLDEST_FLINK, readFlinkVersion} from '../../../flink/memory/flinkVersion.ts';
import {Diagnostics} from '../../../model/diagnostic.ts';
import {API_VERSION} from '../../../results/simulationResult.ts';
import {ExitCode} from '../../exitCode.ts';
import {UsageError} from '../../failure.ts';
import type {Io} from '../../io.ts';
import {diagnosticsJson, diagnosticsText} from '../../output/diagnosticsText.ts';
import {flinkMemoryText} from '../../output/flinkMemoryText.ts';
import {styleOf} from '../../output/style.ts';
import {wideJson} from '../../output/wideJson.ts';
import {checkBulkOutput} from './lineAnswers.ts';
import {answerMemoryLines} from './memoryBulk.ts';
import {memoryItem, memoryItemDocument} from './memoryItem.ts';
import {memorySubjects, type SubjectFlags} from './memorySubjects.ts';

export interface FlinkMemoryFlags extends SubjectFlags {
  readonly fromNdjson?: string;
}

const FORMATS: readonly string[] = ['table', 'json', 'yaml'];

/** What Flink makes of configurations; one that is refused is invalid input, and the others are shown all the same. */
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
    const {define, filename, component, environment, flinkOperator} = flags;
    const isGiven = [component, environment, flinkOperator].some((flag) => flag !== undefined);
    if (isGiven || define.length > 0 || filename.length > 0) {
      throw new UsageError('--from-ndjson has component, environment and options in every line; leave the flags out');
    }
    checkBulkOutput(flags.output);
    return answerMemoryLines(fromNdjson, {version, asJson: flags.output === 'json'}, io);
  }
  const diagnostics = new Diagnostics();
  const asked = {...flags, ...(flinkVersion === undefined ? {} : {flinkVersion})};
  const items = memorySubjects(asked, io, diagnostics).map(memoryItem);
  if (flags.output === 'table') {
    const style = styleOf(io.stdout);
    io.stdout.write(items.map((item) => flinkMemoryText(item, style)).join('\n'));
  } else {
    const document = {apiVersion: API_VERSION, kind: 'FlinkMemory', items: items.map(memoryItemDocument)};
    io.stdout.write(flags.output === 'json' ? `${wideJson(document, 2)}\n` : await yamlOf(document));
  }
  const {all, errors} = diagnostics;
  io.stderr.write(flags.output === 'json' ? diagnosticsJson(all) : diagnosticsText(all, styleOf(io.stderr)));
  const isRefused = errors.length > 0 || items.some(({answer}) => 'error' in answer);
  return isRefused ? ExitCode.InvalidInput : ExitCode.Ok;
}

async function yamlOf(document: object): Promise<string> {
  return (await import('../../output/wideYaml.ts')).wideYaml(document);
}
