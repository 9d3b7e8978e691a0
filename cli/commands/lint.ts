import {ruleOf} from '../../catalog/allocatable.ts';
import {memoryViews} from '../../catalog/memoryViews.ts';
import type {Diagnostic} from '../../model/diagnostic.ts';
import {Diagnostics, placeOf} from '../../model/diagnostic.ts';
import {objectReference} from '../../model/kubernetes.ts';
import type {MemoryView} from '../../model/memoryView.ts';
import type {Node} from '../../model/node.ts';
import {PODS} from '../../model/resources.ts';
import type {LoadedInput} from '../../sources/node/loadInput.ts';
import type {InputObject} from '../../workloads/inputObject.ts';
import {lintFlink} from '../../workloads/lint/flink/lintFlink.ts';
import {lint} from '../../workloads/lint/lint.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import {hasInput, type InputFlags, toInputOptions} from '../inputFlags.ts';
import type {Io} from '../io.ts';
import {diagnosticsJson, findingsText} from '../output/diagnosticsText.ts';
import {Progress} from '../output/progress.ts';
import {styleOf} from '../output/style.ts';
import {prepareModel} from '../run.ts';

export interface LintFlags extends InputFlags {
  readonly output: string;
  readonly failOn?: string;
  readonly quiet?: boolean;
}

/** Prints what is risky in the input. Errors of the input end it as they end every command. */
export async function lintCommand(flags: LintFlags, io: Io): Promise<ExitCode> {
  const format = flags.output;
  if (format !== 'text' && format !== 'json') throw new UsageError(`-o ${format}: expected text or json`);
  if (!hasInput(flags)) throw new UsageError('nothing to lint: give files or directories with -f, or -k or --helm');
  const codes = (flags.failOn ?? '').split(',').filter((code) => code !== '');
  const progress = new Progress(io.stderr, flags.quiet === true);
  const {input, model, diagnostics} = prepareModel(
    {...toInputOptions(flags, io), reschedule: flags.reschedule === true},
    progress,
  );
  progress.end();
  const flink = lintFlink(model, {
    objects: input.objects,
    operator: input.spec.flinkOperator ?? null,
    memoryViews: (node) => viewsOf(node, input),
  });
  const warnings = diagnostics.warnings.filter((warning) => !isRepeated(warning, flink));
  const findings = new Diagnostics();
  for (const one of [...warnings, ...withPlaces(lint(model), input.objects), ...flink]) findings.add(one);
  const all = findings.all;
  io.stdout.write(format === 'json' ? diagnosticsJson(all) : findingsText(all, styleOf(io.stdout)));
  const failed = all.filter(({code}) => codes.includes('any') || codes.includes(code));
  if (failed.length > 0) io.stderr.write(`check failed: ${failed.length} findings of --fail-on ${codes.join(',')}\n`);
  return failed.length > 0 ? ExitCode.CheckFailed : ExitCode.Ok;
}

/** Findings name their object; where it was read is known here. */
function withPlaces(findings: readonly Diagnostic[], objects: readonly InputObject[]): readonly Diagnostic[] {
  const origins = new Map(
    objects.map(({object: {kind, metadata}, origin}) => [
      objectReference(kind, metadata.namespace, metadata.name ?? ''),
      origin,
    ]),
  );
  return findings.map((one) => {
    const origin = one.object === undefined ? undefined : origins.get(one.object);
    return origin === undefined ? one : {...one, place: placeOf(origin, '')};
  });
}

/** Whether a finding about Flink says what was found on the way in, and more. */
function isRepeated({object, message}: Diagnostic, findings: readonly Diagnostic[]): boolean {
  return object !== undefined && findings.some((one) => one.object === object && one.message.endsWith(message));
}

function viewsOf({instanceType, allocatable}: Node, {catalog, spec}: LoadedInput): readonly MemoryView[] {
  const type = catalog?.instanceTypes.get(instanceType ?? '');
  if (catalog === null || type === undefined) return [];
  const {[PODS]: maxPods} = allocatable;
  return memoryViews(type, catalog.provider, {
    rule: ruleOf(catalog, spec.kubernetesVersion),
    ...(maxPods === undefined ? {} : {maxPods}),
  });
}
