import {FLINK_OPERATORS} from '../../../flink/flinkObjects.ts';
import type {FlinkOperator} from '../../../flink/operatorOf.ts';
import {RelatedResources} from '../../../flink/relatedResources.ts';
import {Diagnostics} from '../../../model/diagnostic.ts';
import type {KubernetesObject} from '../../../model/kubernetes.ts';
import {ExitCode} from '../../exitCode.ts';
import {UsageError} from '../../failure.ts';
import type {Io} from '../../io.ts';
import {diagnosticsJson, diagnosticsText} from '../../output/diagnosticsText.ts';
import {flinkObjectsText} from '../../output/flinkObjectsText.ts';
import {styleOf} from '../../output/style.ts';
import {wideJson} from '../../output/wideJson.ts';
import {checkBulkOutput} from './lineAnswers.ts';
import {answerObjectLines} from './objectsBulk.ts';
import {type ObjectsItem, objectsItem, objectsItemDocument} from './objectsItem.ts';
import {reportRefused} from './refused.ts';
import {flinkResources} from './resources.ts';

export interface FlinkObjectsFlags {
  readonly filename: readonly string[];
  readonly operator?: string;
  readonly fromNdjson?: string;
  readonly output: string;
}

const FORMATS: readonly string[] = ['table', 'json', 'yaml', 'name'];

/** What operators make of resources; one that is refused is invalid input, and the others are shown all the same. */
export async function flinkObjectsCommand(flags: FlinkObjectsFlags, io: Io): Promise<ExitCode> {
  const {filename, fromNdjson, output, operator = null} = flags;
  if (!FORMATS.includes(output)) throw new UsageError(`-o ${output}: expected ${FORMATS.join(', ')}`);
  if (operator !== null && !FLINK_OPERATORS.includes(operator)) {
    throw new UsageError(`--operator ${operator}: expected one of ${FLINK_OPERATORS.join(', ')}`);
  }
  if (fromNdjson !== undefined) {
    if (filename.length > 0) throw new UsageError('--from-ndjson has a resource in every line; leave -f out');
    checkBulkOutput(output);
    const asked = {operator: operator as FlinkOperator | null, asJson: output === 'json', now: Date.now()};
    return answerObjectLines(fromNdjson, asked, io);
  }
  if (filename.length === 0) throw new UsageError('give a resource with -f, or many with --from-ndjson FILE');
  const diagnostics = new Diagnostics();
  const resources = flinkResources(filename, io, diagnostics);
  const related = new RelatedResources(resources.map(({object}) => object));
  const items = resources.map((resource) => objectsItem(resource, operator, related));
  for (const item of items) reportRefused(item.refused, item, diagnostics);
  await print(items, output, io);
  const {all, errors} = diagnostics;
  io.stderr.write(output === 'json' ? diagnosticsJson(all) : diagnosticsText(all, styleOf(io.stderr)));
  return errors.length === 0 ? ExitCode.Ok : ExitCode.InvalidInput;
}

async function print(items: readonly ObjectsItem[], output: string, io: Io): Promise<void> {
  const objects = items.flatMap(({workloads, supporting}) => [...workloads, ...supporting]);
  switch (output) {
    case 'json': {
      const list = {apiVersion: 'v1', kind: 'List', items: objects, resources: items.map(objectsItemDocument)};
      io.stdout.write(`${wideJson(list, 2)}\n`);
      return;
    }
    case 'yaml': {
      const {wideYaml} = await import('../../output/wideYaml.ts');
      io.stdout.write(objects.map((object) => wideYaml(object)).join('---\n'));
      return;
    }
    case 'name':
      io.stdout.write(objects.map(nameOf).join(''));
      return;
    default: {
      const made = items.filter(({refused}) => refused.length === 0);
      io.stdout.write(made.map((item) => flinkObjectsText(item, styleOf(io.stdout))).join('\n'));
    }
  }
}

function nameOf({kind, metadata: {namespace = 'default', name = ''}}: KubernetesObject): string {
  return `${kind.toLowerCase()}/${namespace}/${name}\n`;
}
